import { request } from 'node:http';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Daemon } from './home.ts';
import type { Schema } from './schema-maker.ts';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: Schema;
}
interface Described {
  readonly operationId: string;
  readonly 'x-effect': string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
  };
  readonly responses: Readonly<Record<string, { readonly content: object }>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly schemas: { readonly Problem: Schema } };
}

/** An operation as the daemon describes it, with what checks its input and output. */
export interface Operation extends Described {
  readonly method: string;
  readonly path: string;
  readonly body: Schema | undefined;
  readonly isInput: ValidateFunction;
  readonly isOutput: ValidateFunction;
}

/** A request, to the byte. */
export interface Asked {
  readonly operation: Operation;
  /** With the query string. */
  readonly url: string;
  /** Names and values, one after the other. */
  readonly headers: readonly string[];
  readonly body?: string | Uint8Array;
  /** Undefined: any answer that is documented is right. */
  readonly wanted?: number;
}

/** What exists in the fleet of such a test, and what is asked for. */
export const names: readonly string[] = [
  ...['echo', 'echo', 'echo', 'log', 'nobody', 'add', 'pid', 'often', 'machine', 'a', 'UTC'],
  'instance.',
];
/** One halts a server for others to wait for; the rest end what is asked, take as long as told, or are a stream. */
const leftOut = ['server.signal', 'daemon.shutdown', 'advice.benchmark', 'live'];
const lanes = 6;
const requestTimeoutMs = 60_000;

/** Every operation of the daemon's own description. */
export async function readOperations(daemon: Daemon) {
  const response = await fetch(`${daemon.origin}/openapi.json`);
  const document = (await response.json()) as Document;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  const isProblem = ajv.compile(document.components.schemas.Problem);
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]): Operation => {
      const body = one.requestBody?.content['application/json']?.schema;
      const output = one.responses['200'] as { content: Record<string, { schema: Schema }> };
      return {
        ...{ ...one, method: method.toUpperCase(), path, body },
        isInput: ajv.compile(body ?? {}),
        isOutput: ajv.compile(output.content['application/json']?.schema ?? {}),
      };
    }),
  );
  return {
    operations: operations.filter(({ operationId }) => !leftOut.includes(operationId)),
    isProblem,
  };
}

interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly text: string;
}

/** Sends it as it stands: no client in between mends a path or a header. */
function send(daemon: Daemon, { operation, url, headers, body }: Asked): Promise<Answer> {
  const { hostname, port, host } = new URL(daemon.origin);
  const length = body === undefined ? [] : ['content-length', String(Buffer.byteLength(body))];
  return new Promise((done, failed) => {
    const outgoing = request({
      ...{ host: hostname, port, method: operation.method, path: url, setHost: false },
      headers: ['host', host, ...length, ...headers] as unknown as Record<string, string>,
      signal: AbortSignal.timeout(requestTimeoutMs),
    });
    outgoing.once('error', failed);
    outgoing.once('response', (incoming) => {
      const parts: Buffer[] = [];
      incoming.on('data', (part: Buffer) => void parts.push(part));
      incoming.once('error', failed);
      incoming.once('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        done({ status: incoming.statusCode ?? 0, type: incoming.headers['content-type'], text });
      });
    });
    outgoing.end(body);
  });
}

/** Asks, and says everything that is not as it is described. */
async function faultsOf(daemon: Daemon, asked: Asked, isProblem: ValidateFunction) {
  const { operation, url, headers, wanted } = asked;
  const body = String(asked.body ?? '').slice(0, 300);
  const told = `${operation.operationId} ${url.slice(0, 300)} ${headers.join(' ').slice(0, 200)} ${body}`;
  const { status, type, text } = await send(daemon, asked).catch((error: unknown) => {
    throw new Error(`No answer to ${told}`, { cause: error });
  });
  const answer = JSON.parse(text) as { code?: string; hint?: string; detail?: string };
  const faults: string[] = [];
  // A path that is no longer that of its operation is asked of another, or of none.
  const isMeant = ![404, 405].includes(status) || operation.responses[status] !== undefined;
  if (isMeant && operation.responses[status] === undefined) faults.push(`undocumented ${status}`);
  if (wanted !== undefined && status !== wanted) faults.push(`needed ${wanted}`);
  if (status === 500) faults.push(String(answer.detail));
  if (status === 200 && !operation.isOutput(answer))
    faults.push(JSON.stringify(operation.isOutput.errors?.slice(0, 3)));
  if (status !== 200) {
    if (type !== 'application/problem+json') faults.push(`is ${type}`);
    if (!isProblem(answer)) faults.push('is no problem');
    if (!answer.hint) faults.push('has no hint');
  }
  return { status, faults: faults.map((one) => `${told}: ${status} ${answer.code ?? ''}: ${one}`) };
}

/** Sends them all, several at once, what takes servers away last; tells how often each status came, and every fault. */
export async function askAll(daemon: Daemon, all: readonly Asked[], isProblem: ValidateFunction) {
  // What takes servers away comes last, or the rest would find none.
  const isGentle = ({ operation }: Asked) => operation['x-effect'] !== 'destroys';
  const queue = [...all.filter(isGentle), ...all.filter((asked) => !isGentle(asked))];
  const found: string[] = [];
  const statuses = new Map<number, number>();
  async function lane(): Promise<void> {
    for (let asked = queue.shift(); asked !== undefined; asked = queue.shift()) {
      const { status, faults } = await faultsOf(daemon, asked, isProblem);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      found.push(...faults);
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane));
  return { found, statuses };
}

/** Whether the description refuses this body. */
export function isRefused({ isInput }: Operation, body: string): boolean {
  try {
    return !isInput(JSON.parse(body));
  } catch {
    // No JSON: refused by whoever reads it.
    return true;
  }
}

/** The chance of a run: `RINGMASTER_SEED`, so that many can be tried, or always the same. */
export function seedOf(usual: number): number {
  return Number(process.env['RINGMASTER_SEED'] ?? usual);
}
