/**
 * Refuses `tools/list` the first time it is asked, as one does that cannot reach what it stands for, and declares prompts
 * it knows no method for. `--modern`: both eras.
 */
import { hasArgument } from './arguments.ts';
import { serveLines } from './line-server.ts';
import { RpcError } from './mcp.ts';

let asked = 0;

serveLines({
  name: 'unlisted',
  eras: hasArgument('modern') ? 'both' : 'legacy',
  tools: [],
  capabilities: { tools: {}, prompts: {} },
  methods: {
    'tools/list': () => {
      asked += 1;
      if (asked === 1) throw new RpcError(-32603, 'Unauthorized: the key is wrong', { at: 'home' });
      return { tools: [{ name: 'late', inputSchema: { type: 'object' } }] };
    },
  },
});
