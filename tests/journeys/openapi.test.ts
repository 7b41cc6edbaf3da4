import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  type Asked,
  askAll,
  isRefused,
  names,
  type Operation,
  readOperations,
  seedOf,
} from '../support/described-operations.ts';
import { createHome, type Daemon, entry } from '../support/home.ts';
import { hostile } from '../support/hostile-requests.ts';
import { createDice, type Dice, makeValue, type Schema } from '../support/schema-maker.ts';
import { waitFor } from '../support/wait.ts';

const requestsEach = 20;
const brokenEach = 4;
const hostileEach = 8;

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
  if (method === 'GET') return { operation, url, headers: [] };
  let made = value(body ?? { type: 'object' });
  for (let tries = 0; tries < 20 && !isInput(made); tries += 1) made = value(body ?? {});
  const keyed = dice.below(8) > 0 ? [] : ['idempotency-key', `key-${dice.below(20)}`];
  const headers = ['content-type', 'application/json', ...keyed];
  return { operation, url, headers, body: JSON.stringify(made) };
}

/** One that it does not allow: a field of another type, a field nobody knows, or no JSON at all. */
function broken(operation: Operation, dice: Dice): Asked {
  const asked = fitting(operation, dice);
  if (operation.method === 'GET') {
    const separator = asked.url.includes('?') ? '&' : '?';
    return { ...asked, url: `${asked.url}${separator}nobodyKnowsThis=1`, wanted: 400 };
  }
  const fields = Object.keys(operation.body?.properties ?? {});
  const whole = JSON.parse(String(asked.body)) as Record<string, unknown>;
  const bodies = [
    ...fields.map((field) => JSON.stringify({ ...whole, [field]: { not: ['this'] } })),
    JSON.stringify({ ...whole, nobodyKnowsThis: 1 }),
    ...['{"half":', '[1]'],
  ].filter((body) => isRefused(operation, body));
  const headers = ['content-type', 'application/json'];
  return { ...asked, headers, body: dice.pick(bodies), wanted: 400 };
}

/** A daemon with something to ask about, and what it says can be asked of it. */
async function describedDaemon() {
  const home = createHome({
    servers: { echo: entry('echo'), log: entry('service', [], { kind: 'service' }) },
    schedules: { often: { cron: '0 0 1 1 *', run: 'daemon.health' } },
  });
  const daemon = await home.up('answers');
  const described = await readOperations(daemon);
  assert.ok(described.operations.length > 40);
  return { home, daemon, ...described };
}

async function assertWell(
  context: TestContext,
  daemon: Daemon,
  asked: Awaited<ReturnType<typeof askAll>>,
): Promise<void> {
  const { found, statuses } = asked;
  context.diagnostic([...statuses].map(([status, count]) => `${status}: ${count}`).join(', '));
  assert.deepEqual(found, []);
  const broke = await waitFor('the journal', () =>
    daemon.api<{ events: readonly object[] }>('/events?kind=invariant.&limit=10'),
  );
  assert.deepEqual(broke.events, []);
}

test('random requests, allowed and not, get what the description of the REST door says', async (context) => {
  const { home, daemon, operations, isProblem } = await describedDaemon();
  await using _ = home;
  const dice = createDice(seedOf(20_261_121));
  const all = Array.from({ length: requestsEach }, (_none, round) =>
    operations.flatMap((operation) => [
      fitting(operation, dice),
      ...(round < brokenEach ? [broken(operation, dice)] : []),
    ]),
  ).flat();
  const asked = await askAll(daemon, all, isProblem);
  await assertWell(context, daemon, asked);
  assert.ok((asked.statuses.get(200) ?? 0) > 150, 'hardly any request was answered');
});

test('hostile paths, queries, headers and bodies get what the description says, and harm nothing', async (context) => {
  const { home, daemon, operations, isProblem } = await describedDaemon();
  await using _ = home;
  const dice = createDice(seedOf(20_261_122));
  const all = Array.from({ length: hostileEach }, () =>
    operations.map((operation) => hostile(operation, dice)),
  ).flat();
  const asked = await askAll(daemon, all, isProblem);
  await assertWell(context, daemon, asked);
  assert.ok((asked.statuses.get(400) ?? 0) > 100, 'hardly any request was refused');
  assert.ok((asked.statuses.get(403) ?? 0) > 0, 'no foreign page asked');
});
