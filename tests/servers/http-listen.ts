import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { textArgument } from './arguments.ts';
import type { Message } from './mcp.ts';

/** One POST with a JSON-RPC message, and how to answer it. */
export interface Post {
  readonly request: IncomingMessage;
  readonly message: Message;
  answer(status: number, body?: unknown, headers?: Readonly<Record<string, string>>): void;
  readonly response: ServerResponse;
}

/**
 * Listens on `PORT` at 127.0.0.1, path `/mcp`; prints the address on stderr; SIGTERM ends it.
 * `--discover-after METHOD`: `server/discover` is left unanswered until METHOD was asked, and answered after it.
 */
export function listenHttp(needs: {
  readonly onPost: (post: Post) => void;
  /** GET and DELETE; 405 unless given. */
  readonly onOther?: (request: IncomingMessage, response: ServerResponse) => void;
}): void {
  const onPost = holdingDiscover(needs.onPost);
  const server = createServer((request, response) => {
    if (!(request.url ?? '').startsWith('/mcp')) return void response.writeHead(404).end();
    if (request.method !== 'POST') {
      if (needs.onOther !== undefined) return needs.onOther(request, response);
      return void response.writeHead(405).end();
    }
    receive(request, response, onPost);
  });
  server.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1', () => {
    process.stderr.write(`listening on ${JSON.stringify(server.address())}\n`);
  });
  process.on('SIGTERM', () => process.exit(0));
}

function holdingDiscover(onPost: (post: Post) => void): (post: Post) => void {
  let awaited = textArgument('discover-after');
  const held: Post[] = [];
  return (post) => {
    const { method } = post.message;
    if (method === 'server/discover' && awaited !== undefined) return void held.push(post);
    onPost(post);
    if (method !== awaited) return;
    awaited = undefined;
    for (const one of held.splice(0)) onPost(one);
  };
}

function receive(
  request: IncomingMessage,
  response: ServerResponse,
  onPost: (post: Post) => void,
): void {
  let text = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => {
    text += chunk;
  });
  request.on('end', () => {
    const answer: Post['answer'] = (status, body, headers = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    };
    try {
      onPost({ request, response, message: JSON.parse(text) as Message, answer });
    } catch (error) {
      answer(400, { jsonrpc: '2.0', id: null, error: { code: -32700, message: String(error) } });
    }
  });
}
