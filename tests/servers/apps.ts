/**
 * A server with a page for its tool (MCP Apps): `board` names `ui://board/main.html`, which says `--name NAME` and what
 * it may load. Both eras.
 */
import { textArgument } from './arguments.ts';
import { serveLines } from './line-server.ts';
import { RpcError } from './mcp.ts';

const name = textArgument('name') ?? 'apps';
const uri = 'ui://board/main.html';
const mimeType = 'text/html;profile=mcp-app';
const csp = { connectDomains: [`https://${name}.example`] };

serveLines({
  name,
  eras: 'both',
  capabilities: { tools: {}, resources: {}, extensions: { 'io.modelcontextprotocol/ui': {} } },
  tools: [{ name: 'board', run: () => `${name}: board` }],
  methods: {
    'tools/list': () => ({
      tools: [
        {
          name: 'board',
          inputSchema: { type: 'object' },
          _meta: { ui: { resourceUri: uri, visibility: ['model', 'app'] }, 'ui/resourceUri': uri },
        },
      ],
    }),
    'resources/list': () => ({ resources: [{ uri, name: 'board', mimeType }] }),
    'resources/templates/list': () => ({ resourceTemplates: [] }),
    'resources/read'(call) {
      if (call.params['uri'] !== uri) throw new RpcError(-32602, 'Resource not found');
      return { contents: [{ uri, mimeType, text: `<p>${name}</p>`, _meta: { ui: { csp } } }] };
    },
  },
});
