/** `where` has arguments that modern HTTP clients repeat as headers, by `x-mcp-header`. `--modern`: both eras. */
import { hasArgument } from './arguments.ts';
import { serveLines } from './line-server.ts';

const inputSchema = {
  type: 'object',
  properties: {
    region: { type: 'string', 'x-mcp-header': 'Region' },
    floor: { type: 'integer', 'x-mcp-header': 'Floor' },
  },
};

serveLines({
  name: 'marked',
  eras: hasArgument('modern') ? 'both' : 'legacy',
  tools: [{ name: 'where', inputSchema, run: (call) => JSON.stringify(call.arguments) }],
});
