import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** One HTTP request whose body is read, and parsed where it is JSON. */
export interface Received {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly body: unknown;
}

const hostPattern = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** Listens on `PORT` at 127.0.0.1; refuses foreign hosts and origins, as every local server must; SIGTERM ends it. */
export function listen(serve: (received: Received) => Promise<void>): void {
  const server = createServer(async (request, response) => {
    const { host = '', origin } = request.headers;
    const isForeign = origin !== undefined && !hostPattern.test(origin.replace(/^https?:\/\//, ''));
    if (isForeign || !hostPattern.test(host)) {
      response.writeHead(403).end();
      return;
    }
    const path = (request.url ?? '').split('?')[0] ?? '';
    try {
      await serve({ request, response, path, body: await readBody(request) });
    } catch (error) {
      process.stderr.write(`${String(error)}\n`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    }
  });
  server.listen(Number(process.env['PORT']), '127.0.0.1', () => {
    process.stderr.write(`listening on ${JSON.stringify(server.address())}\n`);
  });
  process.on('SIGTERM', () => process.exit(0));
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  let text = '';
  request.setEncoding('utf8');
  for await (const chunk of request) text += chunk;
  try {
    return JSON.parse(text);
  } catch {
    // GET and DELETE have none; what else is no JSON the SDK refuses.
    return undefined;
  }
}
