/**
 * HTTP+SSE of 2024-11-05 on `PORT` at /sse that answers calls wrongly; the tool says how: `half` half a reply, then the
 * reply; `foreign` somebody else's reply first; `twice` the reply twice; `late` a second one after a while; `cut` ends the
 * stream; `broken` answers the POST with 500; `endless` bytes without an end; `never` no answer at all.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { echoTools } from './echo-tools.ts';
import { createMcp, type Message } from './mcp.ts';

const streams = new Map<string, ServerResponse>();
const chunk = 'x'.repeat(65_536);

const tricks: Readonly<Record<string, (stream: ServerResponse, message: Message) => void>> = {
  half(stream, { id }) {
    stream.write(`data: ${replyText(id).slice(0, -10)}\n\n`);
    say(stream, replyText(id));
  },
  foreign(stream, { id }) {
    say(stream, replyText(999_999_999));
    say(stream, replyText(id));
  },
  twice: (stream, { id }) => say(stream, replyText(id), replyText(id)),
  late(stream, { id }) {
    say(stream, replyText(id));
    setTimeout(say, 50, stream, replyText(id));
  },
  cut: (stream) => void stream.destroy(),
  endless(stream) {
    stream.write('data: ');
    pour(stream);
  },
  never: () => undefined,
};

const tools = [...Object.keys(tricks), 'broken'].map((name) => ({ name, run: () => name }));
const mcp = createMcp({ name: 'sse-garbage', tools: [...echoTools, ...tools] });

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  if (request.method === 'GET' && pathname === '/sse') open(response);
  else if (request.method === 'POST' && pathname === '/messages') {
    receive(request, response, streams.get(searchParams.get('session') ?? ''));
  } else response.writeHead(404).end();
});
server.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));

function open(stream: ServerResponse): void {
  const session = String(streams.size + 1);
  streams.set(session, stream);
  stream.writeHead(200, { 'content-type': 'text/event-stream' });
  stream.write(`event: endpoint\ndata: /messages?session=${session}\n\n`);
}

function receive(
  request: IncomingMessage,
  response: ServerResponse,
  stream: ServerResponse | undefined,
): void {
  let text = '';
  request.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  request.on('end', () => {
    const message = JSON.parse(text) as Message;
    const name = message.method === 'tools/call' ? String(message.params?.['name']) : '';
    if (stream === undefined || name === 'broken') return void response.writeHead(500).end();
    response.writeHead(202).end();
    const trick = tricks[name];
    if (trick !== undefined) trick(stream, message);
    else mcp.receive(message, (reply) => say(stream, JSON.stringify(reply)));
  });
}

function say(stream: ServerResponse, ...texts: readonly string[]): void {
  for (const text of texts) stream.write(`event: message\ndata: ${text}\n\n`);
}

function pour(stream: ServerResponse): void {
  while (!stream.destroyed && stream.write(chunk));
  if (!stream.destroyed) stream.once('drain', () => pour(stream));
}

function replyText(id: unknown): string {
  const result = { content: [{ type: 'text', text: 'answered' }] };
  return JSON.stringify({ jsonrpc: '2.0', id, result });
}
