/**
 * HTTP of the 2026-07-28 era on `PORT` at /mcp, with tools whose arguments are repeated as headers: `where {region,
 * floor}` answers with the `Mcp-Param-…` headers it got and refuses (-32020) a call that lacks one; `broken` is marked
 * against the rules. `--trace`: `where` tells
 * the headers of the trace, too. `--late`: the marks show up with the second list only.
 */
import { hasArgument } from './arguments.ts';
import { listenHttp, type Post } from './http-listen.ts';
import { createMcp, type Params } from './mcp.ts';

const marked = {
  type: 'object',
  properties: {
    region: { type: 'string', 'x-mcp-header': 'Region' },
    floor: { type: 'integer', 'x-mcp-header': 'Floor' },
  },
};
const unmarked = {
  type: 'object',
  properties: { region: { type: 'string' }, floor: { type: 'integer' } },
};
const broken = { type: 'object', properties: { list: { type: 'array', 'x-mcp-header': 'List' } } };
let listCount = 0;
let headers = '';
const tellsTrace = hasArgument('trace');
const traceNames = ['traceparent', 'tracestate', 'baggage'];

const mcp = createMcp({
  name: 'http-marked',
  eras: 'modern',
  tools: [{ name: 'where', run: () => headers }],
  methods: {
    'tools/list'() {
      listCount += 1;
      const inputSchema = hasArgument('late') && listCount === 1 ? unmarked : marked;
      return {
        tools: [
          { name: 'where', inputSchema },
          { name: 'broken', inputSchema: broken },
        ],
      };
    },
  },
});

listenHttp({
  onPost(post) {
    const { message } = post;
    if (message.method === 'tools/call') headers = paramHeaders(post);
    const args = (message.params?.['arguments'] ?? {}) as Params;
    const isMissing = 'region' in args && !headers.includes('mcp-param-region');
    if (message.method === 'tools/call' && isMissing) {
      const error = { code: -32020, message: 'Mcp-Param-Region is missing' };
      return post.answer(400, { jsonrpc: '2.0', id: message.id ?? 0, error });
    }
    if (message.id === undefined) return post.answer(202);
    mcp.receive(message, (reply) => {
      if (reply.id !== undefined) post.answer(200, reply);
    });
  },
});

function paramHeaders(post: Post): string {
  return Object.entries(post.request.headers)
    .filter(([name]) => name.startsWith('mcp-param-') || (tellsTrace && traceNames.includes(name)))
    .map(([name, value]) => `${name}=${String(value)}`)
    .toSorted()
    .join(' ');
}
