/**
 * HTTP alone: parses, answers the echo itself, has no child. What the client and HTTP cost without
 * any gateway. A list of `--tools N` is kept as text.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { benchTool } from './tools.ts';

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: { readonly arguments?: { readonly text?: string } };
}

const at = process.argv.indexOf('--tools');
const toolCount = at < 0 ? 0 : Number(process.argv[at + 1]);
const tools = JSON.stringify(
  Array.from({ length: toolCount }, (_, number) => benchTool(`tool_s${number % 20}_${number}`)),
);

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => {
    body += chunk;
  });
  request.on('end', () => {
    const { id, method, params } = JSON.parse(body) as Message;
    if (id === undefined) return void response.writeHead(202).end();
    const content = [{ type: 'text', text: params?.arguments?.text ?? '' }];
    const text =
      method === 'tools/list'
        ? `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"tools":${tools}}}`
        : JSON.stringify({ jsonrpc: '2.0', id, result: { content } });
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    });
    response.end(text);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
process.on('SIGTERM', () => process.exit(0));
