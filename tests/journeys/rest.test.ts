import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { covers } from '../support/covers.ts';
import { createHome, type Daemon, entry } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';

interface Told {
  readonly seq: number;
  readonly kind: string;
  readonly subject: string;
}

/** Reads `/api/live` into `events` until `end` is called. */
function follow(daemon: Daemon, query = '', lastId?: number) {
  const events: Told[] = [];
  const others: string[] = [];
  let counted = 0;
  let newestId = lastId;
  const abort = new AbortController();
  const headers: Record<string, string> =
    lastId === undefined ? {} : { 'last-event-id': `${lastId}` };
  const done = fetch(`${daemon.origin}/api/live${query}`, { signal: abort.signal, headers })
    .then(async ({ body }) => {
      let text = '';
      for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
        const blocks = (text + chunk).split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) {
          const name = /^event: (.+)$/m.exec(block)?.[1];
          const data = /^data: (.+)$/m.exec(block)?.[1];
          newestId = Number(/^id: (.+)$/m.exec(block)?.[1] ?? newestId);
          if (name === 'calls') counted += JSON.parse(data ?? '').count;
          else if (name !== undefined) others.push(name);
          else if (data !== undefined) events.push(JSON.parse(data));
        }
      }
    })
    // The daemon was killed, or the reader left.
    .catch(() => {});
  return {
    events,
    others,
    /** Calls told as a number. */
    counted: () => counted,
    lastId: () => newestId,
    async end() {
      abort.abort();
      await done;
    },
  };
}

function assertWhole(events: readonly Told[]): void {
  for (const [index, { seq }] of events.entries()) {
    if (index > 0) assert.equal(seq, (events[index - 1]?.seq ?? 0) + 1);
  }
}

test('the live stream goes on after a lost connection and a dead daemon, nothing lost, nothing twice', async () => {
  covers('event.list');
  await using home = createHome({ servers: { echo: entry('echo') } });
  let daemon = await home.up();
  const client = await daemon.legacy();
  const first = follow(daemon);
  await waitFor('the stream to begin', () => first.others.includes('hello'));
  for (let value = 0; value < 20; value += 1) await client.call('add', { a: value, b: 1 });
  await waitFor('20 calls', () => first.events.filter(isCall).length === 20);
  await first.end();
  for (let value = 0; value < 5; value += 1) await client.call('add', { a: value, b: 1 });
  await daemon.api('/events');
  await daemon.kill();
  daemon = await home.up();
  const last = first.events.at(-1)?.seq ?? 0;
  const second = follow(daemon, '', last);
  await waitFor('the calls missed', () => second.events.filter(isCall).length === 5);
  await waitFor('the new daemon', () => second.events.some(isStart));
  await second.end();
  assertWhole([...first.events, ...second.events]);
  assert.deepEqual(second.others, ['hello']);
});

const isCall = ({ kind }: Told): boolean => kind === 'call.finished';
const isStart = ({ kind }: Told): boolean => kind === 'daemon.started';

test('the live stream can be narrowed, and says when it cannot go on where it was asked to', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  const daemon = await home.up();
  const narrowed = follow(daemon, '?kind=instance.&after=0');
  await waitFor('past events', () => narrowed.events.some(({ kind }) => kind === 'instance.ready'));
  assert.ok(narrowed.events.every(({ kind }) => kind.startsWith('instance.')));
  await narrowed.end();
  const lost = follow(daemon, '?after=999999');
  await waitFor('a gap', () => lost.others.includes('gap'));
  await lost.end();
  assert.equal((await fetch(`${daemon.origin}/api/live?since=1`)).status, 400);
});

test('who asks for the number of calls alone gets every call counted once, also when it comes back', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  const daemon = await home.up();
  const client = await daemon.legacy();
  const call = async (times: number) => {
    for (let value = 0; value < times; value += 1) await client.call('add', { a: value, b: 1 });
  };
  const first = follow(daemon, '?calls=count');
  await waitFor('the stream', () => first.others.includes('hello'));
  await call(20);
  await waitFor('20 calls', () => first.counted() === 20);
  await first.end();
  await call(5);
  const second = follow(daemon, '?calls=count', first.lastId());
  await call(3);
  await waitFor('8 calls', () => second.counted() === 8);
  await second.end();
  assert.equal([...first.events, ...second.events].filter(isCall).length, 0);
  assert.equal((await fetch(`${daemon.origin}/api/live?calls=all`)).status, 400);
});

test('a request that is sent again with its key is done once', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  const daemon = await home.up();
  const send = (body: object, key = 'k1') =>
    fetch(`${daemon.origin}/api/servers/restart`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
    });
  const [one, other] = await Promise.all([
    send({ servers: ['echo'] }),
    send({ servers: ['echo'] }),
  ]);
  assert.deepEqual(await one.json(), await other.json());
  const [server] = (await daemon.api<{ servers: { restarts: number }[] }>('/servers')).servers;
  assert.equal(server?.restarts, 1);
  const misused = await send({ servers: ['all'] });
  assert.equal(misused.status, 422);
  assert.match(await misused.text(), /"code":"key_reused"/);
});

interface Overview {
  readonly servers: readonly {
    readonly server: string;
    readonly lane: readonly (readonly [string, number])[];
    readonly deaths: readonly (readonly [number, number])[];
    readonly availability: { readonly share?: number; readonly knownMs: number };
    readonly recent: { readonly hour: number; readonly p95Ms?: number };
  }[];
}

test('the overview tells how every server stood, also under the daemon before', async () => {
  covers('fleet.overview');
  await using home = createHome({
    servers: { crash: entry('crash'), off: { ...entry('echo'), enabled: false } },
  });
  let daemon = await home.up();
  const client = await daemon.legacy();
  await client.call('add', { a: 1, b: 2 });
  const look = async () => (await daemon.api<Overview>('/fleet/overview?rangeMs=1h')).servers;
  await client.call('die').catch(() => {});
  await waitFor('the death', async () => (await look())[0]?.deaths.length === 1);
  await daemon.kill();
  daemon = await home.up();
  const crash = await waitFor('the way back', async () => {
    const [row] = await look();
    return row?.lane.at(-1)?.[0] === 'ready' ? row : undefined;
  });
  const [, off] = await look();
  assert.equal(crash.deaths.length, 1);
  assert.ok((crash.availability.share ?? 0) > 0 && (crash.availability.share ?? 1) < 1);
  assert.ok(crash.recent.hour >= 1);
  assert.equal(off?.availability.share, undefined);
});

interface Documented {
  readonly paths: Record<string, Record<string, { operationId: string; parameters: Parameter[] }>>;
}
interface Parameter {
  readonly name: string;
  readonly in: string;
}

test('whatever is sent to a documented address, the daemon answers as documented and never with a bug', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  const daemon = await home.up();
  const document = await daemon.api<Documented>('/../openapi.json');
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, told]) => ({ path, method, ...told })),
  );
  assert.ok(all.length > 20, `${all.length} operations`);
  const tried = all.filter(
    ({ operationId }) => operationId !== 'daemon.shutdown' && operationId !== 'live',
  );
  const statuses = new Set<number>();
  const request = fc.record({
    at: fc.constantFrom(...tried),
    name: fc.oneof(fc.constant('echo'), fc.string({ minLength: 1, maxLength: 30 })),
    value: fc.jsonValue({ maxDepth: 2 }),
    isQuery: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(request, async ({ at, name, value, isQuery }) => {
      const path = at.path.replace(/\{\w+\}/g, encodeURIComponent(name));
      const fields = at.parameters.filter((one) => one.in === 'query').map((one) => one.name);
      const query = fields
        .map((field) => `${field}=${encodeURIComponent(String(value))}`)
        .join('&');
      const isGet = at.method === 'get';
      const answer = await fetch(`${daemon.origin}${path}${isGet && isQuery ? `?${query}` : ''}`, {
        method: at.method.toUpperCase(),
        ...(isGet ? {} : { body: JSON.stringify(value) }),
        headers: { 'content-type': 'application/json' },
      });
      statuses.add(answer.status);
      const body = (await answer.json()) as { hint?: unknown };
      assert.ok(answer.status < 500, `${at.operationId}: ${JSON.stringify(body)}`);
      if (answer.status >= 400) assert.ok(typeof body.hint === 'string', JSON.stringify(body));
    }),
    { numRuns: 300, seed: 7 },
  );
  assert.ok(statuses.has(200) && statuses.has(400));
});
