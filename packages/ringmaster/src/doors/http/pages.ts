import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';
import { answerJson } from './answers.ts';
import type { Door } from './api.ts';

/** What was built for browsers, beside the compiled product. */
const webFolder = fileURLToPath(new URL('../../../web/', import.meta.url));

/** Pages may load and ask only what this daemon serves, and nobody may frame them. */
const policy = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ');

/**
 * Serves the files of `web/FOLDER` (or of a folder named by its whole path) below `prefix`, compressed where the browser takes it. Names with a hash in them are
 * kept by browsers for a year, all others are asked for again. `fallback` answers every other path below the prefix
 * with `index.html`, as an application that keeps its own addresses wants it.
 */
export function createPages(folder: string, prefix: string, fallback = false): Door {
  const root = resolve(webFolder, folder);
  if (!existsSync(root)) return absent;
  const serve = sirv(root, {
    // Looked up at each request: an update may replace the files under a running daemon, and then a page must not name
    // parts that only a list made at the start does not know.
    dev: true,
    gzip: true,
    etag: true,
    single: fallback,
    setHeaders(response, path) {
      response.setHeader('content-security-policy', policy);
      response.setHeader('x-content-type-options', 'nosniff');
      response.setHeader('referrer-policy', 'no-referrer');
      const isHashed = /\/assets\/[^/]+-[\w-]{8,}\.\w+$/.test(path);
      const keep = isHashed ? 'public, max-age=31536000, immutable' : 'no-cache';
      response.setHeader('cache-control', keep);
    },
  });
  return (request, response, path) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      answerJson(response, 405, { error: { message: 'Pages can only be read' } });
    } else if (`${path.split('?')[0]}/` === prefix) {
      // Relative names on the page need the slash.
      response.writeHead(308, { location: prefix }).end();
    } else serveBelow(serve, { request, response, prefix });
  };
}

function serveBelow(
  serve: ReturnType<typeof sirv>,
  at: {
    readonly request: IncomingMessage;
    readonly response: ServerResponse;
    readonly prefix: string;
  },
): void {
  const { request, response, prefix } = at;
  request.url = `/${(request.url ?? '/').slice(prefix.length)}`;
  serve(request, response, () => {
    answerJson(response, 404, { error: { code: 'not_found', message: 'There is no such page' } });
  });
}

const absent: Door = (_request, response) => {
  const message = 'The pages were not built: run npm run build';
  answerJson(response, 404, { error: { code: 'not_found', message } });
};
