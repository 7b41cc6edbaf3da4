// A plain HTTP service: `/` tells the time, `/health` says that it is well.
import { createServer } from 'node:http';

const port = Number(process.env.PORT);
const server = createServer((request, response) => {
  const body =
    request.url === '/health'
      ? { healthy: true }
      : { now: new Date().toISOString(), pid: process.pid };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
});

server.listen(port, '127.0.0.1', () => {
  process.stderr.write(`clock: listening on http://127.0.0.1:${port}/\n`);
});

process.on('SIGTERM', () => {
  process.stderr.write('clock: closing\n');
  server.close();
  server.closeAllConnections();
});
