/**
 * Streamable HTTP of the handshake era on `PORT` at /mcp, whose answers are right, but look otherwise than most: as servers
 * are found in the field, which the official clients understand. The tool says how.
 * `mark` a byte order mark before the JSON, `mark_stream` before the stream; `letters` a media type in capitals; `returns`
 * a stream whose lines end with CR alone; `cut_returns` with CRLF, each in two writes; `bytes` every byte by itself;
 * `text_id` the id as text; `moved` the path with a slash at the end, by 307, `gone` the same by 308; `elsewhere` another
 * origin, `circle` the same path for ever; `apart` 202, and the reply on the stream of the session (GET).
 * `grow` adds a tool and breaks that stream, which is refused once with 502 before it opens again; `asked` says how often
 * it was asked for. `--page`: instead of that stream there is a web page. `--fails`: HTTP 500 for methods it does not know.
 * `--forget-with STATUS`: `forget` forgets every session, whose requests are then answered with STATUS.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { hasArgument, numberArgument } from './arguments.ts';
import { echoTools } from './echo-tools.ts';
import { listenHttp, type Post } from './http-listen.ts';
import { createMcp, type Tool } from './mcp.ts';

const sessions = new Set<string>();
let stream: ServerResponse | undefined;
let isRefusing = false;
let askedCount = 0;
const forgottenStatus = numberArgument('forget-with', 404);
const mark = '\ufeff';

/** Writes pieces one after the other, so that each is read by itself. */
async function writeApart(response: ServerResponse, pieces: Iterable<string | Buffer>) {
  for (const piece of pieces) {
    await new Promise((done) => response.write(piece, done));
    await new Promise(setImmediate);
  }
  response.end();
}

function asStream(response: ServerResponse, pieces: Iterable<string | Buffer>): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  void writeApart(response, pieces);
}

function asJson(response: ServerResponse, pieces: Iterable<string | Buffer>): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  void writeApart(response, pieces);
}

function sendTo(location: string, status: number) {
  return ({ response }: Post) => void response.writeHead(status, { location }).end();
}

const ways: Readonly<Record<string, (post: Post) => void>> = {
  mark: ({ response, message }) => asJson(response, [mark, replyText(message.id)]),
  mark_stream: ({ response, message }) =>
    asStream(response, [mark, `data: ${replyText(message.id)}\n\n`]),
  letters({ response, message }) {
    response.writeHead(200, { 'content-type': 'Text/Event-Stream; charset=UTF-8' });
    response.end(`data: ${replyText(message.id)}\n\n`);
  },
  returns: ({ response, message }) =>
    asStream(response, [`event: message\rdata: ${replyText(message.id)}\r\r`]),
  cut_returns: ({ response, message }) =>
    asStream(response, ['event: message\r', `\ndata: ${replyText(message.id)}\r`, '\n\r', '\n']),
  bytes: ({ response, message }) =>
    asStream(
      response,
      [...Buffer.from(`: é\r\ndata: ${replyText(message.id)}\r\n\r\n`)].map((byte) =>
        Buffer.from([byte]),
      ),
    ),
  text_id: ({ response, message }) => asJson(response, [replyText(String(message.id))]),
  moved: sendTo('/mcp/', 307),
  gone: sendTo('/mcp/', 308),
  elsewhere: sendTo('http://127.0.0.1:1/mcp', 307),
  circle: sendTo('/mcp', 307),
  apart({ response, message }) {
    response.writeHead(202).end();
    stream?.write(`data: ${replyText(message.id)}\n\n`);
  },
  forget: ({ response, message }) => {
    sessions.clear();
    asJson(response, [replyText(message.id)]);
  },
};

const tools: Tool[] = [
  ...echoTools,
  ...Object.keys(ways).map((name) => ({ name, run: () => name })),
];
tools.push({ name: 'asked', run: () => String(askedCount) });
tools.push({ name: 'grow', run: grow });
const mcp = createMcp({ name: 'http-odd', tools });

function grow(): string {
  tools.push({ name: 'grown', run: () => 'grown' });
  isRefusing = true;
  stream?.destroy();
  return 'grown';
}

listenHttp({
  onOther,
  onPost(post) {
    const { request, message, answer } = post;
    if (message.method === 'initialize') return open(post);
    if (message.method === 'server/discover' && hasArgument('fails')) return fail(post);
    if (!sessions.has(String(request.headers['mcp-session-id']))) return answerUnknown(post);
    if (message.id === undefined) return answer(202);
    const name = message.method === 'tools/call' ? String(message.params?.['name']) : '';
    const way = request.url === '/mcp' ? ways[name] : undefined;
    if (way !== undefined) return way(post);
    if (ways[name] !== undefined) return asJson(post.response, [replyText(message.id)]);
    mcp.receive(message, (reply) => {
      if (reply.id !== undefined) answer(200, reply);
    });
  },
});

function open({ message, answer }: Post): void {
  const session = randomUUID();
  sessions.add(session);
  mcp.receive(message, (reply) => answer(200, reply, { 'mcp-session-id': session }));
}

function onOther({ method }: IncomingMessage, response: ServerResponse): void {
  if (method !== 'GET') return void response.writeHead(405).end();
  askedCount += 1;
  if (hasArgument('page')) {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>MCP</h1>');
    return;
  }
  if (isRefusing) {
    isRefusing = false;
    response.writeHead(502).end();
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
  stream = response;
}

function fail({ answer }: Post): void {
  answer(500, { jsonrpc: '2.0', id: null, error: { code: -32603, message: 'Internal error' } });
}

/** As the first examples of the official SDK did it, where the status is 400. */
function answerUnknown({ answer }: Post): void {
  const error = { code: -32000, message: 'Bad Request: No valid session ID provided' };
  answer(forgottenStatus, { jsonrpc: '2.0', id: null, error });
}

function replyText(id: unknown): string {
  const result = { content: [{ type: 'text', text: 'ànswered 𝄞' }] };
  return JSON.stringify({ jsonrpc: '2.0', id, result });
}
