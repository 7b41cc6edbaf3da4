/** Declares nothing and has a tool; refuses to list prompts, and leaves other questions for lists unanswered. */
import { serveLines } from './line-server.ts';
import { noAnswer, RpcError } from './mcp.ts';

serveLines({
  name: 'undeclared',
  tools: [{ name: 'there', run: () => 'all the same' }],
  capabilities: {},
  methods: {
    'prompts/list': () => {
      throw new RpcError(-32603, 'What are prompts?');
    },
    'resources/list': () => noAnswer,
    'resources/templates/list': () => noAnswer,
  },
});
