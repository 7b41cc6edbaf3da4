/** As many HTTP MCP servers as there are paths: `/N` offers the tools `--tools T` says, `tool_N_1` to `tool_N_T`. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { benchTool } from './tools.ts';

interface Message {
  readonly id?: number | string;
  readonly method?: string;
}

const at = process.argv.indexOf('--tools');
const toolCount = at < 0 ? 1 : Number(process.argv[at + 1]);

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (chunk: string) => {
    body += chunk;
  });
  request.on('end', () => {
    if (request.method !== 'POST') return void response.writeHead(405).end();
    const { id, method } = JSON.parse(body) as Message;
    if (id === undefined) return void response.writeHead(202).end();
    const result = resultOf(method, (request.url ?? '/').slice(1));
    const error = { code: -32601, message: 'Method not found' };
    const outcome = result === undefined ? { error } : { result };
    const headers = { 'content-type': 'application/json', 'mcp-session-id': 'bench' };
    response.writeHead(200, headers).end(JSON.stringify({ jsonrpc: '2.0', id, ...outcome }));
  });
});
// Longer than probes are apart: a new connection for each would be the cost of this server's haste, not of the probe.
server.keepAliveTimeout = 75_000;
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
process.on('SIGTERM', () => process.exit(0));

function resultOf(method: string | undefined, name: string): object | undefined {
  if (method === 'initialize')
    return {
      protocolVersion: '2025-11-25',
      capabilities: { tools: {} },
      serverInfo: { name, version: '1.0.0' },
    };
  if (method === 'ping') return {};
  if (method !== 'tools/list') return undefined;
  return {
    tools: Array.from({ length: toolCount }, (_, number) =>
      benchTool(`tool_${name}_${number + 1}`),
    ),
  };
}
