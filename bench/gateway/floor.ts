/**
 * The floor of every gateway on Node: HTTP in, one shared stdio child, ids rewritten, nothing else. No sessions, no
 * limits, no deadlines, no records; what a gateway costs beyond this is the price of what it does.
 */
import { spawn } from 'node:child_process';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inRoot } from '../processes.ts';

interface Waiting {
  readonly response: ServerResponse;
  readonly id: number | string;
}

interface Message {
  id?: number | string;
  readonly method?: string;
}

const waiting = new Map<number, Waiting>();
let nextId = 1;
let rest = '';

const child = spawn(process.execPath, [inRoot('bench/dist/gateway/echo-child.js')], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) if (line !== '') deliver(line);
});
child.once('exit', () => process.exit(1));

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => {
    body += chunk;
  });
  request.on('end', () => {
    const message = JSON.parse(body) as Message;
    if (message.id === undefined) return void response.writeHead(202).end();
    const id = nextId++;
    waiting.set(id, { response, id: message.id });
    message.id = id;
    child.stdin.write(`${JSON.stringify(message)}\n`);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
process.on('SIGTERM', () => {
  child.removeAllListeners('exit');
  child.kill();
  process.exit(0);
});

function deliver(line: string): void {
  const message = JSON.parse(line) as Message;
  const caller = waiting.get(Number(message.id));
  if (caller === undefined) return;
  waiting.delete(Number(message.id));
  message.id = caller.id;
  const text = JSON.stringify(message);
  caller.response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  caller.response.end(text);
}
