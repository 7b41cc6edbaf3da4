// An MCP server on stdin and stdout without dependencies: one tool that understands sentences.
import { createInterface } from 'node:readline';
import { actions, understand } from './sentences.mjs';

const tools = [
  {
    name: 'understand_command',
    description: `Turns a sentence, English or Japanese, into one of: ${actions.join(', ')}`,
    inputSchema: {
      type: 'object',
      properties: { text: { type: 'string', description: 'What the drone is to do' } },
      required: ['text'],
    },
  },
];

const protocolVersions = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'];

const results = {
  initialize: (params) => ({
    protocolVersion: protocolVersions.includes(params?.protocolVersion)
      ? params.protocolVersion
      : protocolVersions[0],
    capabilities: { tools: {} },
    serverInfo: { name: 'drone', version: '1.0.0' },
  }),
  ping: () => ({}),
  'tools/list': () => ({ tools }),
  'tools/call': callTool,
};

function callTool(params) {
  if (params?.name !== 'understand_command') throw new Error(`Unknown tool: ${params?.name}`);
  const command = understand(String(params.arguments?.text ?? ''));
  return { content: [{ type: 'text', text: JSON.stringify(command) }] };
}

function answer(line) {
  const message = JSON.parse(line);
  if (message.id === undefined) return;
  const reply = { jsonrpc: '2.0', id: message.id };
  const handle = Object.hasOwn(results, message.method) ? results[message.method] : undefined;
  try {
    if (handle === undefined) {
      reply.error = { code: -32601, message: `Method not found: ${message.method}` };
    } else reply.result = handle(message.params);
  } catch (error) {
    reply.error = { code: -32602, message: error.message };
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    if (line.trim() !== '') answer(line);
  })
  .on('close', () => process.exit(0));
