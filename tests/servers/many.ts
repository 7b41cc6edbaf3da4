/**
 * Many tools in pages: `--count N` (2 500) named `tool_1`…, `--page N` (700) in one reply; the first cursor is the empty
 * text. `--modern`: both eras, with `--ttl MS` and `--scope public|private` on lists. `--quiet`: does not announce
 * changes; `grow` adds a tool.
 */
import { hasArgument, textArgument } from './arguments.ts';
import { serveLines } from './line-server.ts';
import type { Tool } from './mcp.ts';

const pageSize = Number(textArgument('page') ?? 700);
const hints = hasArgument('ttl')
  ? { ttlMs: Number(textArgument('ttl')), cacheScope: textArgument('scope') ?? 'private' }
  : {};
const tools: Tool[] = [{ name: 'grow', run: () => `now ${tools.push(numbered(tools.length))}` }];
while (tools.length < Number(textArgument('count') ?? 2_500)) tools.push(numbered(tools.length));

serveLines({
  name: 'many',
  eras: hasArgument('modern') ? 'both' : 'legacy',
  capabilities: { tools: hasArgument('quiet') ? {} : { listChanged: true } },
  tools,
  methods: {
    'tools/list'(call) {
      const { cursor } = call.params;
      const from = cursor === undefined ? 0 : cursor === '' ? pageSize : Number(cursor);
      const next = from + pageSize;
      const nextCursor = next < tools.length ? { nextCursor: from === 0 ? '' : `${next}` } : {};
      const page = tools
        .slice(from, next)
        .map(({ name }) => ({ name, inputSchema: { type: 'object' } }));
      return { ...hints, ...nextCursor, tools: page };
    },
  },
});

function numbered(at: number): Tool {
  return { name: `tool_${at}`, run: () => `${at}` };
}
