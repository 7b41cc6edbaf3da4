import assert from 'node:assert/strict';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { after, test } from 'node:test';
import { connectStdio } from './legs/stdio-client.ts';
import { closeHarnesses, startHarness, testServer } from './testing/harness.ts';
import {
  askModern,
  type Message,
  openSession,
  type SessionClient,
  send,
  until,
} from './testing/raw-client.ts';

after(closeHarnesses);

const askable = { elicitation: {} };

/** A server of so many processes that does one thing at a time, and is known to ask unless told otherwise. */
async function startSerial(
  processes: number,
  pool: Readonly<Record<string, unknown>> = {},
  facts: Readonly<Record<string, unknown>> = { 'asks hash of serial': { atMs: 1 } },
  sessions: Readonly<Record<string, unknown>> = {},
) {
  const harness = await startHarness({
    servers: {
      serial: { ...testServer('serial'), settings: { pool }, limits: { waitMs: 60_000 } },
    },
    facts: new Map(Object.entries(facts)),
    fleet: { sessions },
  });
  for (let index = 1; index < processes; index += 1) await harness.start('serial', { index });
  const open = (capabilities = {}) => openSession(harness.url, '2025-06-18', capabilities);
  const useOf = (index: number) =>
    harness.gateway.conversations.load('serial').links.get(index)?.use;
  return { ...harness, open, useOf };
}

const work = (client: SessionClient, ms = 100) => client.call('work', { ms });

test('a server that asks is alone with each session that can be asked, and found again by it', async () => {
  const { open } = await startSerial(2);
  const [one, other] = [await open(askable), await open(askable)];
  const pids = await Promise.all([work(one), work(other)]);
  assert.notEqual(pids[0], pids[1]);
  assert.deepEqual(await Promise.all([work(one), work(one), work(other)]), [
    pids[0],
    pids[0],
    pids[1],
  ]);
});

test('a moment after its last call a leased process serves everybody again', async () => {
  const { open, useOf } = await startSerial(1);
  const [one, plain] = [await open(askable), await open()];
  const pid = await work(one);
  assert.equal(useOf(0), 'leased');
  // It waits for the end of the lease.
  assert.equal(await work(plain, 1), pid);
  assert.equal(useOf(0), 'free');
});

test('clients that cannot be asked share a server that asks, and anybody one that never asked', async () => {
  const asks = await startSerial(1);
  const [one, other] = [await asks.open(), await asks.open({ roots: {} })];
  assert.equal(await work(one, 1), await work(other, 1));
  assert.equal(asks.useOf(0), 'free');
  const quiet = await startSerial(1, {}, {});
  await work(await quiet.open(askable), 1);
  assert.equal(quiet.useOf(0), 'free');
});

test('a process that is started for a visit is told what all are told, as it serves others after it', async () => {
  const harness = await startHarness({
    servers: { asks: { ...testServer('asks-v1'), limits: { waitMs: 20_000 } } },
    facts: new Map([['asks hash of asks', { atMs: 1 }]]),
  });
  const [one, other] = [
    await openSession(harness.url, '2025-06-18', askable),
    await openSession(harness.url, '2025-06-18', { sampling: {} }),
  ];
  await one.call('offered');
  const [said] = await Promise.all([other.call('offered'), harness.start('asks', { index: 1 })]);
  assert.deepEqual(JSON.parse(said), { elicitation: { form: {} }, sampling: {} });
});

test('a mode of shared gives nobody a process of its own', async () => {
  const { open, useOf } = await startSerial(1, { mode: 'shared' });
  await work(await open(askable), 1);
  assert.equal(useOf(0), 'free');
});

test('stateless clients that can be asked are alone for each call', async () => {
  const { url, useOf } = await startSerial(2);
  const meta = { 'io.modelcontextprotocol/clientCapabilities': { sampling: {} } };
  const call = () =>
    askModern(url, 'tools/call', { name: 'work', arguments: { ms: 2_000 } }, { meta });
  const answers = await Promise.all([call(), call()]);
  const pids = answers.map(({ messages }) => messages[0].result.content[0].text);
  assert.notEqual(pids[0], pids[1]);
  assert.deepEqual([useOf(0), useOf(1)], ['free', 'free']);
});

test('who waits for a process of its own is not starved by those who share it', async () => {
  const { open } = await startSerial(1, { max: 1 });
  const [plain, one] = [await open(), await open(askable)];
  let isOver = false;
  let shared = 0;
  const load = Promise.all(
    [1, 2, 3].map(async () => {
      for (; !isOver; shared += 1) await work(plain, 5);
    }),
  );
  const pid = await work(one, 5);
  const before = shared;
  const again = await work(plain, 1);
  isOver = true;
  await load;
  assert.equal(pid, again);
  assert.ok(shared > before);
});

test('what a session had for itself is given to nobody else when the session ends', async () => {
  const { open, useOf, url, gateway } = await startSerial(2, { mode: 'per-session' }, {});
  const [one, other] = [await open(), await open()];
  const pids = [await work(one, 1), await work(other, 1)];
  assert.notEqual(pids[0], pids[1]);
  const third = await open();
  // Taken back with its session, it is answered by the end of its stream.
  const waiting = work(third, 1).then(
    () => 'answered',
    () => 'taken back',
  );
  await send(url, { method: 'DELETE', headers: one.headers });
  assert.deepEqual([useOf(0), useOf(1)].sort(), ['leased', 'spent']);
  assert.equal(await work(other, 1), pids[1]);
  await send(url, { method: 'DELETE', headers: third.headers });
  assert.equal(await waiting, 'taken back');
  assert.equal(gateway.conversations.load('serial').leasesWanted, 0);
});

test('a client that is connected keeps its process, one that only seems to be does not', async () => {
  const pool = { mode: 'per-session', idleStopMs: 100 };
  const { url, open, useOf, events } = await startSerial(2, pool, {}, { pingTimeoutMs: 2_000 });
  const [alive, hung] = [await open(), await open()];
  await Promise.all([work(alive, 1), work(hung, 1)]);
  let pings = 0;
  const streamOf = (client: SessionClient, onMessage: (message: Message) => void) =>
    void send(url, { method: 'GET', headers: client.headers, onMessage }).catch(() => undefined);
  streamOf(hung, () => {});
  streamOf(alive, ({ id, method }) => {
    if (method !== 'ping') return;
    pings += 1;
    const body = { jsonrpc: '2.0', id, result: {} };
    // The last of them may find the gateway closed.
    send(url, { headers: alive.headers, body }).catch(() => undefined);
  });
  await until('one of them was asked three times', () => pings >= 3);
  await until('the other is believed to be gone', () =>
    events.some((event) => event.kind === 'lease.ended' && /client is not there/.test(event.why)),
  );
  assert.deepEqual([useOf(0), useOf(1)].sort(), ['leased', 'spent']);
});

test('each stateless client on stdio has its own process of a per-session server', async () => {
  const { url } = await startSerial(2, { mode: 'per-session' }, {});
  const [one, other] = [openPipe(url), openPipe(url)];
  const [first, second] = await Promise.all([one.pid(), other.pid()]);
  assert.notEqual(first, second);
  assert.deepEqual(await Promise.all([one.pid(), other.pid()]), [first, second]);
  await Promise.all([one.end(), other.end()]);
});

/** What `ringmaster connect` serves: a client that speaks 2026-07-28 line by line. */
function openPipe(url: string) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const done = connectStdio({ url, input, output });
  const lines = createInterface({ input: output })[Symbol.asyncIterator]();
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  return {
    async pid(): Promise<string> {
      const params = { name: 'work', arguments: { ms: 1 }, _meta };
      const request = { jsonrpc: '2.0', id: 1, method: 'tools/call', params };
      input.write(`${JSON.stringify(request)}\n`);
      const { value } = await lines.next();
      return JSON.parse(value).result.content[0].text;
    },
    end(): Promise<void> {
      input.end();
      return done;
    },
  };
}

test('a call that finds every process taken is refused with the reason when its wait is over', async () => {
  const { open, gateway, fleetOf } = await startSerial(1, { mode: 'per-session', max: 1 }, {});
  await work(await open(), 1);
  gateway.setFleet(
    fleetOf({
      serial: {
        ...testServer('serial'),
        settings: { pool: { mode: 'per-session', max: 1 } },
        limits: { waitMs: 50 },
      },
    }),
  );
  assert.match(
    await work(await open(), 1),
    /had no process free in \d+ ms: 1 of its 1 processes serve one client each \(pool\.mode per-session\), and pool\.max allows no more/,
  );
});

test('the load tells how many clients and calls wait', async () => {
  const harness = await startSerial(1, { mode: 'per-session' }, {});
  await work(await harness.open(), 1);
  const waiting = [await harness.open(), await harness.open()].flatMap((client) => [
    work(client, 1),
    work(client, 1),
  ]);
  const { load } = harness.gateway.conversations;
  while (load('serial').leasesWanted < 2) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([load('serial').waiting, load('serial').leasesWanted], [0, 2]);
  await harness.start('serial', { index: 1 });
  await harness.start('serial', { index: 2 });
  const pids = await Promise.all(waiting);
  assert.deepEqual([pids[0], pids[2]], [pids[1], pids[3]]);
  assert.notEqual(pids[0], pids[2]);
});
