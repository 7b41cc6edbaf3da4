/** HTTP alone: parses, answers the echo itself, has no child. What the client and HTTP cost without any gateway. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Message {
  readonly id?: number | string;
  readonly params?: { readonly arguments?: { readonly text?: string } };
}

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => {
    body += chunk;
  });
  request.on('end', () => {
    const { id, params } = JSON.parse(body) as Message;
    if (id === undefined) return void response.writeHead(202).end();
    const content = [{ type: 'text', text: params?.arguments?.text ?? '' }];
    const text = JSON.stringify({ jsonrpc: '2.0', id, result: { content } });
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
