/**
 * HTTP on `PORT` at /mcp that answers calls wrongly; the tool says how. `--modern`: of the stateless era.
 * `html` a web page; `empty` nothing, with 200; `broken` HTTP 500; `half` half a reply; `cut` breaks the connection in the
 * middle; `foreign` somebody else's reply; `twice` the reply twice; `open` the reply on a stream that never ends;
 * `endless` and `endless-stream` bytes without an end, a newline or a reply; `never` no answer at all.
 */
import type { ServerResponse } from 'node:http';
import { hasArgument } from './arguments.ts';
import { echoTools } from './echo-tools.ts';
import { listenHttp, type Post } from './http-listen.ts';
import { createMcp } from './mcp.ts';

const eras = hasArgument('modern') ? 'modern' : 'legacy';
const chunk = 'x'.repeat(65_536);

const tricks: Readonly<Record<string, (post: Post) => void>> = {
  html: ({ response }) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<!doctype html><title>Sign in</title>');
  },
  empty: ({ answer }) => answer(200),
  broken: ({ answer }) => answer(500, { error: 'out of order' }),
  half: ({ response, message }) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(replyText(message.id).slice(0, -10));
  },
  cut: ({ response, message }) => {
    const text = replyText(message.id);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length });
    response.write(text.slice(0, 20), () => response.destroy());
  },
  foreign: ({ response }) => {
    beginStream(response);
    response.end(`data: ${replyText(999_999_999)}\n\n`);
  },
  twice: ({ response, message }) => {
    beginStream(response);
    response.end(`data: ${replyText(message.id)}\n\n`.repeat(2));
  },
  open: ({ response, message }) => {
    beginStream(response);
    response.write(`data: ${replyText(message.id)}\n\n`);
  },
  endless: ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    pour(response);
  },
  'endless-stream': ({ response }) => {
    beginStream(response);
    response.write('data: ');
    pour(response);
  },
  never: () => undefined,
};

const tools = Object.keys(tricks).map((name) => ({ name, run: () => name }));
const mcp = createMcp({ name: 'http-garbage', eras, tools: [...echoTools, ...tools] });

listenHttp({
  onPost(post) {
    const { message, answer } = post;
    if (message.id === undefined) return answer(202);
    const name = message.method === 'tools/call' ? String(message.params?.['name']) : '';
    const trick = tricks[name];
    if (trick !== undefined) return trick(post);
    mcp.receive(message, (reply) => {
      if (reply.id !== undefined) answer(200, reply);
    });
  },
});

function beginStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
}

function pour(response: ServerResponse): void {
  const more = () => {
    while (!response.destroyed && response.write(chunk));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
}

function replyText(id: unknown): string {
  const result = { resultType: 'complete', content: [{ type: 'text', text: 'answered' }] };
  return JSON.stringify({ jsonrpc: '2.0', id, result });
}
