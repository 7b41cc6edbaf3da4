/**
 * A plain HTTP service on `PORT` (127.0.0.1). `GET /health` answers 200 or, when sick, 503; `POST /sick` and
 * `POST /well` change that; `GET /pid` tells the pid; every other path answers `hello`.
 * `--sick-file FILE`: sick while FILE exists. `--delay-ms N`: listens only after N ms. `--deaf`: never answers /health.
 */
import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { hasArgument, numberArgument, textArgument } from './arguments.ts';

let isSick = false;
const sickFile = textArgument('sick-file');
const port = Number(process.env['PORT'] ?? 0);

function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = request.url ?? '/';
  if (path.startsWith('/health') && hasArgument('deaf')) return;
  if (request.method === 'POST' && path === '/sick') isSick = true;
  if (request.method === 'POST' && path === '/well') isSick = false;
  const sickNow = isSick || (sickFile !== undefined && existsSync(sickFile));
  response.statusCode = path.startsWith('/health') && sickNow ? 503 : 200;
  response.end(path === '/pid' ? String(process.pid) : sickNow ? 'sick' : 'hello');
}

setTimeout(
  () => {
    const server = createServer(answer).listen(port, '127.0.0.1', () => {
      process.stdout.write(`service: listening on ${JSON.stringify(server.address())}\n`);
    });
  },
  numberArgument('delay-ms', 0),
);

process.on('SIGTERM', () => {
  process.stdout.write('service: stopping\n');
  process.exit(0);
});
