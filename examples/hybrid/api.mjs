// A plain HTTP service: `/` says what it is, `/health` that it is well, `/docs` how to use it. With `--enhanced` it
// takes several sentences at once.
import { createServer } from 'node:http';
import { actions, understand } from './sentences.mjs';

const port = Number(process.env.PORT);
const isEnhanced = process.argv.includes('--enhanced');
const name = isEnhanced ? 'enhanced-api' : 'api';

const pages = {
  '/': () => ({ name, pid: process.pid, docs: '/docs' }),
  '/health': () => ({ status: 'healthy' }),
  '/command': (query) => understand(query.get('text') ?? ''),
  ...(isEnhanced ? { '/batch': (query) => query.getAll('text').map(understand) } : {}),
};

const docs = `<!doctype html><meta charset="utf-8"><title>${name}</title><h1>${name}</h1>
<p><code>GET /command?text=take off</code> understands one sentence.</p>
${isEnhanced ? '<p><code>GET /batch?text=…&amp;text=…</code> understands several.</p>' : ''}
<p>Actions: ${actions.join(', ')}.</p>
`;

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://here');
  if (pathname === '/docs') {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(docs);
    return;
  }
  const page = Object.hasOwn(pages, pathname) ? pages[pathname] : undefined;
  const body = page === undefined ? { error: `No ${pathname} here` } : page(searchParams);
  response.writeHead(page === undefined ? 404 : 200, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
});

server.listen(port, '127.0.0.1', () => {
  process.stderr.write(`${name}: INFO listening on http://127.0.0.1:${port}/\n`);
});

process.on('SIGTERM', () => {
  process.stderr.write(`${name}: INFO closing\n`);
  server.close();
  server.closeAllConnections();
});
