import { Agent, type IncomingMessage, request } from 'node:http';
import { userInfo } from 'node:os';
import { Problem, type ProblemCode, problemRows } from '../../errors.ts';
import { fillRoute } from '../../operations/fill-route.ts';
import type { AskedOf, OutputOf } from '../../operations/index.ts';
import { type OperationName, routes } from '../../operations/routes.ts';
import type { Say } from './messages/say.ts';

/** Where a daemon listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Asks a daemon for operations over HTTP. */
export interface DaemonClient {
  readonly address: Address;
  /** Rejects with the daemon's own Problem, or `daemon_unreachable` when nobody answers. */
  ask<Name extends OperationName>(
    name: Name,
    input: AskedOf<Name>,
    limits?: { readonly timeoutMs: number },
  ): Promise<OutputOf<Name>>;
}

/** Reading is quick; a daemon that needs longer than this to tell its state hangs. */
const answerTimeoutMs = 15_000;

/** A call's answer may hold one message of the largest size servers have by default, escaped twice. */
const answerMaxBytes = 268_435_456;

/** A client for the daemon at `address`; opens no connection until it is asked, keeps none that holds the process. */
export function createClient(address: Address, say: Say): DaemonClient {
  const agent = new Agent({ keepAlive: false });
  return {
    address,
    async ask(name, input, limits = { timeoutMs: answerTimeoutMs }) {
      const { path, body } = fillRoute(routes[name], input as Readonly<Record<string, unknown>>);
      const answer = await exchange(
        { agent, address, say, timeoutMs: limits.timeoutMs },
        { method: routes[name].method, path, body },
      );
      return readAnswer(answer, say) as OutputOf<typeof name>;
    },
  };
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

function exchange(
  over: { agent: Agent; address: Address; say: Say; timeoutMs: number },
  asked: { method: string; path: string; body: string | undefined },
): Promise<Answer> {
  const { host, port } = over.address;
  const where = `${host}:${port}`;
  return new Promise((resolve, reject) => {
    const unreachable = (cause: unknown) =>
      reject(new Problem('daemon_unreachable', over.say('daemon.silent', { where }), { cause }));
    const deadline = setTimeout(() => {
      outgoing.destroy(new Error(over.say('daemon.late', { timeout: over.timeoutMs })));
    }, over.timeoutMs);
    const outgoing = request(
      {
        agent: over.agent,
        host,
        port,
        method: asked.method,
        path: asked.path,
        headers:
          asked.body === undefined
            ? {}
            : {
                'user-agent': whoAsks(),
                'content-type': 'application/json',
                'content-length': Buffer.byteLength(asked.body),
              },
      },
      (incoming) => {
        readBody(incoming, over.say).then(resolve, reject);
      },
    );
    outgoing.on('error', unreachable);
    outgoing.on('close', () => clearTimeout(deadline));
    outgoing.end(asked.body);
  });
}

/** For the record of who did what: `ringmaster-cli (NAME)`. */
function whoAsks(): string {
  try {
    return `ringmaster-cli (${encodeURIComponent(userInfo().username)})`;
  } catch {
    // An account without a name, as in some containers.
    return `ringmaster-cli (${process.getuid?.() ?? 'unknown'})`;
  }
}

async function readBody(incoming: IncomingMessage, say: Say): Promise<Answer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length;
      if (sizeBytes > answerMaxBytes) {
        throw new Problem('too_large', say('daemon.tooLarge', { limit: answerMaxBytes }));
      }
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('daemon_unreachable', say('daemon.brokeOff'), { cause: error });
  }
  return { status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') };
}

function readAnswer(answer: Answer, say: Say): unknown {
  const value = parseJson(answer.text);
  if (answer.status >= 200 && answer.status < 300 && value !== undefined) return value;
  if (isObject(value) && isProblemCode(value['code'])) {
    const detail = value['detail'] ?? value['title'] ?? value['code'];
    const problem = new Problem(value['code'], String(detail), {
      ...(isObject(value['details']) ? { details: value['details'] } : {}),
    });
    // It happened in the daemon, whose own stderr has the stack; ours would lead astray.
    problem.stack = '';
    throw problem;
  }
  throw new Problem('daemon_unreachable', say('daemon.foreign', { status: answer.status }));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Whatever answered does not speak our language; the caller says so.
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isProblemCode(value: unknown): value is ProblemCode {
  return typeof value === 'string' && Object.hasOwn(problemRows, value);
}
