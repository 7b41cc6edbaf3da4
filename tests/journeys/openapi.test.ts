import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { createHome, type Daemon, entry } from '../support/home.ts';
import { createDice, type Dice, makeValue, type Schema } from '../support/schema-maker.ts';
import { waitFor } from '../support/wait.ts';

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
interface Operation extends Described {
  readonly method: string;
  readonly path: string;
  readonly body: Schema | undefined;
  readonly isInput: ValidateFunction;
  readonly isOutput: ValidateFunction;
}

/** What exists in the fleet of this test, and what is asked for. */
const names = [
  'echo',
  'echo',
  'echo',
  'log',
  'nobody',
  'add',
  'pid',
  'often',
  'machine',
  'a',
  'UTC',
  'instance.',
];
/** One halts a server for others to wait for; the rest end what is asked, take as long as told, or are a stream. */
const leftOut = ['server.signal', 'daemon.shutdown', 'advice.benchmark', 'live'];
const seed = 20_261_121;
const requestsEach = 20;
const brokenEach = 4;
const lanes = 6;
const requestTimeoutMs = 60_000;

/** Every operation of the daemon's own description, with what checks its input and output. */
async function readOperations(daemon: Daemon) {
  const response = await fetch(`${daemon.origin}/openapi.json`);
  const document = (await response.json()) as Document;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  const isProblem = ajv.compile(document.components.schemas.Problem);
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]): Operation => {
      const body = one.requestBody?.content['application/json']?.schema;
      const output = one.responses['200'] as {
        content: Record<string, { schema: Schema }>;
      };
      return {
        ...{ ...one, method, path, body },
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

interface Asked {
  readonly operation: Operation;
  readonly url: string;
  readonly init: RequestInit;
  /** Undefined: any answer that is documented is right. */
  readonly wanted?: number;
}

/** A request that the description allows. */
function fitting(operation: Operation, dice: Dice): Asked {
  const { method, parameters, body, isInput } = operation;
  const value = (schema: Schema) => makeValue(schema, { dice, names });
  const query = new URLSearchParams();
  let { path } = operation;
  for (const one of parameters) {
    const text = String(value(one.schema)).replace(/\p{Cs}/gu, '?');
    if (one.in === 'path') path = path.replace(`{${one.name}}`, encodeURIComponent(text || 'a'));
    else if (one.in === 'query' && (one.required || dice.below(2) === 0)) query.set(one.name, text);
  }
  const url = query.size === 0 ? path : `${path}?${query}`;
  if (method === 'get') return { operation, url, init: {} };
  let made = value(body ?? { type: 'object' });
  for (let tries = 0; tries < 20 && !isInput(made); tries += 1) made = value(body ?? {});
  const init = post(made);
  if (dice.below(8) > 0) return { operation, url, init };
  const headers = { ...init.headers, 'idempotency-key': `key-${dice.below(20)}` };
  return { operation, url, init: { ...init, headers } };
}

/** One that it does not allow: a field of another type, a field nobody knows, or no JSON at all. */
function broken(operation: Operation, dice: Dice): Asked {
  const asked = fitting(operation, dice);
  if (operation.method === 'get') {
    const separator = asked.url.includes('?') ? '&' : '?';
    return { ...asked, url: `${asked.url}${separator}nobodyKnowsThis=1`, wanted: 400 };
  }
  const fields = Object.keys(operation.body?.properties ?? {});
  const whole = JSON.parse(String(asked.init.body)) as Record<string, unknown>;
  const bodies = [
    ...fields.map((field) => post({ ...whole, [field]: { not: ['this'] } })),
    post({ ...whole, nobodyKnowsThis: 1 }),
    { ...post({}), body: '{"half":' },
    { ...post({}), body: '[1]' },
  ].filter(({ body }) => isRefused(operation, body));
  return { ...asked, init: dice.pick(bodies), wanted: 400 };
}

function isRefused({ isInput }: Operation, body: string): boolean {
  try {
    return !isInput(JSON.parse(body));
  } catch {
    // No JSON: refused by whoever reads it.
    return true;
  }
}

function post(body: unknown) {
  const headers = { 'content-type': 'application/json' };
  return { method: 'POST', headers, body: JSON.stringify(body) };
}

/** Asks, and says everything that is not as it is described. */
async function faultsOf(daemon: Daemon, asked: Asked, isProblem: ValidateFunction) {
  const { operation, url, init, wanted } = asked;
  const told = `${operation.operationId} ${url} ${String(init.body ?? '').slice(0, 300)}`;
  const signal = AbortSignal.timeout(requestTimeoutMs);
  const response = await fetch(`${daemon.origin}${url}`, { ...init, signal }).catch(
    (error: unknown) => {
      throw new Error(`No answer to ${told}`, { cause: error });
    },
  );
  const answer = (await response.json()) as { code?: string; hint?: string; detail?: string };
  const { status } = response;
  const faults: string[] = [];
  const type = response.headers.get('content-type');
  if (operation.responses[String(status)] === undefined) faults.push(`undocumented ${status}`);
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

test('random requests, allowed and not, get what the description of the REST door says', async (context) => {
  await using home = createHome({
    servers: { echo: entry('echo'), log: entry('service', [], { kind: 'service' }) },
    schedules: { often: { cron: '0 0 1 1 *', run: 'daemon.health' } },
  });
  const daemon = await home.up('answers');
  const { operations, isProblem } = await readOperations(daemon);
  assert.ok(operations.length > 40);
  const dice = createDice(seed);
  const rounds = Array.from({ length: requestsEach }, (_, round) =>
    operations.flatMap((operation) => [
      fitting(operation, dice),
      ...(round < brokenEach ? [broken(operation, dice)] : []),
    ]),
  );
  // What takes servers away comes last, or the rest would find none.
  const isGentle = ({ operation }: Asked) => operation['x-effect'] !== 'destroys';
  const all = rounds.flat();
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
  context.diagnostic([...statuses].map(([status, count]) => `${status}: ${count}`).join(', '));
  assert.deepEqual(found, []);
  assert.ok((statuses.get(200) ?? 0) > 150, 'hardly any request was answered');
  const broke = await waitFor('the journal', () =>
    daemon.api<{ events: readonly object[] }>('/events?kind=invariant.&limit=10'),
  );
  assert.deepEqual(broke.events, []);
});
