/**
 * HTTP of the 2026-07-28 era on `PORT` at /mcp: stateless, POST only, headers checked against the body.
 * `--sse`: answers tool calls as event streams. `--both`: also answers the handshake era, without sessions.
 */
import { hasArgument } from './arguments.ts';
import { echoTools } from './echo-tools.ts';
import { listenHttp, type Post } from './http-listen.ts';
import { createMcp, type Message, modernVersion, type Params } from './mcp.ts';

const statusOfCode: Readonly<Record<number, number>> = {
  [-32020]: 400,
  [-32021]: 400,
  [-32022]: 400,
  [-32601]: 404,
};
const eras = hasArgument('both') ? 'both' : 'modern';
const mcp = createMcp({ name: 'http-modern', eras, tools: echoTools });

listenHttp({
  onPost(post) {
    const wrong = eras === 'both' && !claimsModern(post) ? undefined : headerFault(post);
    if (wrong !== undefined) return post.answer(400, failure(post.message, -32020, wrong));
    if (post.message.id === undefined) return post.answer(202);
    if (hasArgument('sse') && post.message.method === 'tools/call') return stream(post);
    mcp.receive(post.message, (reply) => {
      if (reply.id !== undefined) post.answer(statusOf(reply), reply);
    });
  },
});

function claimsModern(post: Post): boolean {
  return post.request.headers['mcp-protocol-version'] === modernVersion;
}

/** What is wrong with the headers that must mirror the body; undefined when nothing is. */
function headerFault(post: Post): string | undefined {
  const { headers } = post.request;
  const { method, params } = post.message;
  const meta = (params?.['_meta'] ?? {}) as Params;
  const version = meta['io.modelcontextprotocol/protocolVersion'];
  if (method === 'initialize') return undefined;
  if (version === undefined) return undefined;
  if (headers['mcp-protocol-version'] !== version) return 'MCP-Protocol-Version differs from _meta';
  if (headers['mcp-method'] !== method) return 'Mcp-Method differs from method';
  const name = method === 'resources/read' ? params?.['uri'] : params?.['name'];
  const named = method === 'tools/call' || method === 'prompts/get' || method === 'resources/read';
  if (named && decodeHeader(headers['mcp-name']) !== name) return 'Mcp-Name differs from name';
  return undefined;
}

function decodeHeader(value: string | string[] | undefined): string | undefined {
  if (typeof value !== 'string') return undefined;
  const encoded = /^=\?base64\?(.*)\?=$/.exec(value);
  return encoded === null ? value : Buffer.from(encoded[1] ?? '', 'base64').toString('utf8');
}

function failure(message: Message, code: number, text: string): Message {
  return { jsonrpc: '2.0', id: message.id ?? 0, error: { code, message: text } };
}

function statusOf(reply: Message): number {
  if (reply.error === undefined) return 200;
  const isEnvelopeFault = reply.error.message.includes('_meta');
  return statusOfCode[reply.error.code] ?? (isEnvelopeFault ? 400 : 200);
}

function stream(post: Post): void {
  post.response.writeHead(200, { 'content-type': 'text/event-stream' });
  mcp.receive(post.message, (reply) => {
    post.response.write(`data: ${JSON.stringify(reply)}\n\n`);
    if (reply.id !== undefined) post.response.end();
  });
}
