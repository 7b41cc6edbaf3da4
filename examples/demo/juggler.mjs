// An MCP server on stdin and stdout without dependencies that crashes on purpose: by itself about every 45 seconds,
// and whenever its tool `drop_ball` is called.
import { createInterface } from 'node:readline';

const tools = [
  {
    name: 'juggle',
    description: 'Keeps some balls in the air and says how it goes',
    inputSchema: {
      type: 'object',
      properties: {
        balls: { type: 'integer', minimum: 1, maximum: 9, description: 'How many balls' },
      },
    },
  },
  {
    name: 'drop_ball',
    description: 'Drops a ball: the server crashes in the middle of this call',
    inputSchema: { type: 'object', properties: {} },
  },
];

const protocolVersions = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'];
const startedAtMs = Date.now();

const results = {
  initialize: (params) => ({
    protocolVersion: protocolVersions.includes(params?.protocolVersion)
      ? params.protocolVersion
      : protocolVersions[0],
    capabilities: { tools: {} },
    serverInfo: { name: 'juggler', version: '1.0.0' },
    instructions: 'Crashes now and then, on purpose. Calls that meet a crash can be repeated.',
  }),
  ping: () => ({}),
  'tools/list': () => ({ tools }),
  'tools/call': callTool,
};

function callTool(params) {
  if (params?.name === 'drop_ball') drop('somebody asked for it');
  if (params?.name !== 'juggle') throw new Error(`Unknown tool: ${params?.name}`);
  const balls = params.arguments?.balls ?? 3;
  const seconds = Math.round((Date.now() - startedAtMs) / 1000);
  const text = `${'● '.repeat(balls)}in the air for ${seconds} s, in process ${process.pid}`;
  return { content: [{ type: 'text', text }] };
}

function drop(why) {
  process.stderr.write(`juggler: dropped a ball (${why}); this process ends now\n`);
  process.exit(7);
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

const dropAfterMs = 35_000 + Math.random() * 20_000;
setTimeout(() => drop('arms got tired'), dropAfterMs).unref();
process.stderr.write(
  `juggler: juggling; the next drop is ${Math.round(dropAfterMs / 1000)} s away\n`,
);
