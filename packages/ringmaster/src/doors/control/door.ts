import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../../clock.ts';
import { plainValue } from '../../harmless.ts';
import type { Journal } from '../../journal/journal.ts';
import type { Perform } from '../../operations/asked.ts';
import type { ControlNeeds } from './control-server.ts';
import { createPlans } from './plans.ts';
import { createServing, type Serving } from './serving.ts';
import type { Ask } from './tool.ts';

/** Largest request to the control server. */
const maxBodyBytes = 1_048_576;

/** The control server at its path of the daemon's port. */
export interface ControlDoor {
  readonly door: (request: IncomingMessage, response: ServerResponse) => void;
  /** Ends streams and sessions. */
  close(): void;
}

/** The SDK behind it is loaded with the first request: a daemon nobody operates over MCP does not pay for it. */
export function createControl(needs: {
  readonly perform: Perform;
  readonly journal: Pick<Journal, 'follow'>;
  readonly clock: Clock;
  readonly version: string;
}): ControlDoor {
  const { perform, journal, clock, version } = needs;
  let serving: Promise<Serving> | undefined;
  const tellOperator = (text: string) => void process.stderr.write(text);
  // The handler of a name answers with that name's output, which the compiler cannot follow.
  const askAs = (by: string) =>
    (async (name, input) => plainValue(await perform(name, input, { door: 'control', by }))) as Ask;
  const plans = createPlans({ tickMs: clock.tickMs, newId: randomUUID });
  const { follow } = journal;
  const control: ControlNeeds = { askAs, plans, version, follow, clock, tellOperator };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const leaving = new AbortController();
    response.once('close', () => leaving.abort());
    const body = request.method === 'POST' ? await readBody(request) : undefined;
    if (body === 'too large') {
      response.writeHead(413).end();
      return;
    }
    serving ??= createServing({ ...control, clock, newId: randomUUID });
    const { fetch } = await serving;
    const answered = await fetch(toWeb(request, body, leaving.signal), parsed(body));
    response.writeHead(answered.status, Object.fromEntries(answered.headers));
    if (answered.body === null) response.end();
    else await pipeline(Readable.fromWeb(answered.body as never), response);
  }

  return {
    door: (request, response) => {
      answer(request, response).catch((error: unknown) => {
        // A client that went away ends its stream, which is no failure.
        if (response.destroyed || response.headersSent) return response.destroy();
        tellOperator(`Failure of the control server: ${(error as Error)?.stack ?? error}\n`);
        return response.writeHead(500).end();
      });
    },
    close: () => void serving?.then((one) => one.close()),
  };
}

/** What a body says, or undefined: the SDK tells what is wrong with it. */
function parsed(body: Buffer | undefined): unknown {
  try {
    return body === undefined ? undefined : JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

function toWeb(request: IncomingMessage, body: Buffer | undefined, signal: AbortSignal): Request {
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  );
  // Only the path counts; Host and Origin are looked at by the listener.
  const url = new URL(request.url ?? '/', 'http://localhost');
  const method = request.method ?? 'GET';
  return new Request(url, {
    method,
    headers,
    signal,
    body: body === undefined ? null : new Uint8Array(body),
  });
}

async function readBody(request: IncomingMessage): Promise<Buffer | 'too large'> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBodyBytes) return 'too large';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
