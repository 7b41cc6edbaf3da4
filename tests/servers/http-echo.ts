/**
 * Streamable HTTP of the handshake era with sessions, on `PORT` at /mcp.
 * `--forget N`: after N tool calls the session is forgotten and answers 404, until the next `initialize`.
 * `--sse`: answers tool calls as event streams. `--no-session`: gives out no session id. `--both`:
 * also serves the era without sessions. Tool `sessions` counts the sessions opened, `notify_all` sends list_changed on
 * every open GET stream.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { hasArgument, numberArgument } from './arguments.ts';
import { echoTools } from './echo-tools.ts';
import { listenHttp, type Post } from './http-listen.ts';
import { createMcp, type Message, modernVersion } from './mcp.ts';

const forgetAfter = numberArgument('forget', Number.POSITIVE_INFINITY);
const sessions = new Map<string, { calls: number }>();
const streams = new Set<ServerResponse>();
let opened = 0;

const mcp = createMcp({
  name: 'http-echo',
  eras: hasArgument('both') ? 'both' : 'legacy',
  tools: [
    ...echoTools,
    { name: 'sessions', run: () => JSON.stringify({ opened, open: sessions.size }) },
    { name: 'notify_all', run: notifyAll },
  ],
});

listenHttp({ onPost, onOther });

function onPost(post: Post): void {
  const { message } = post;
  if (message.method === 'initialize') return open(post);
  const needsSession = !hasArgument('no-session') && !(hasArgument('both') && isModern(post));
  if (needsSession && !admits(post)) return;
  if (message.id === undefined) {
    mcp.receive(message, () => {});
    return post.answer(202);
  }
  if (message.method === 'tools/call' && hasArgument('sse')) return stream(post);
  mcp.receive(message, (reply) => {
    if (reply.id !== undefined) post.answer(200, reply);
  });
}

function isModern({ request }: Post): boolean {
  return request.headers['mcp-protocol-version'] === modernVersion;
}

function open(post: Post): void {
  const session = randomUUID();
  sessions.set(session, { calls: 0 });
  opened += 1;
  const headers = hasArgument('no-session') ? {} : { 'mcp-session-id': session };
  mcp.receive(post.message, (reply) => post.answer(200, reply, headers));
}

function admits(post: Post): boolean {
  const id = post.request.headers['mcp-session-id'];
  const session = sessions.get(String(id));
  if (session === undefined) {
    const error = { code: -32001, message: 'Session not found' };
    post.answer(id === undefined ? 400 : 404, { jsonrpc: '2.0', id: null, error });
    return false;
  }
  if (post.message.method === 'tools/call') session.calls += 1;
  if (session.calls >= forgetAfter) sessions.delete(String(id));
  return true;
}

function stream(post: Post): void {
  post.response.writeHead(200, { 'content-type': 'text/event-stream' });
  mcp.receive(post.message, (reply) => {
    writeEvent(post.response, reply);
    if (reply.id !== undefined) post.response.end();
  });
}

function onOther(request: IncomingMessage, response: ServerResponse): void {
  if (request.method === 'DELETE') {
    sessions.delete(String(request.headers['mcp-session-id']));
    response.writeHead(200).end();
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  streams.add(response);
  response.on('close', () => streams.delete(response));
}

function notifyAll(): string {
  for (const one of streams)
    writeEvent(one, { jsonrpc: '2.0', method: 'notifications/tools/list_changed' });
  return String(streams.size);
}

function writeEvent(response: ServerResponse, message: Message): void {
  response.write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
}
