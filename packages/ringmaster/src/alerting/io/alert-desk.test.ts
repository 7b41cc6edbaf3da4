import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { alerts } from '../../fleet/schema-alerts.ts';
import { openJournal } from '../../journal/io/journal.ts';
import { type MetricSample, machineSubject } from '../../journal/metrics.ts';
import { createHandClock } from '../testing/hand-clock.ts';
import { createAlertDesk } from './alert-desk.ts';
import type { WatchedServer } from './evidence.ts';

interface Told {
  readonly leftOut: number;
  readonly alerts: readonly { readonly about: string; readonly key: string }[];
}

/** A line of the log of every server, of level error or worse. */
interface Line {
  readonly atMs: number;
  readonly isCritical: boolean;
}

interface Waiting {
  readonly waiting: readonly unknown[];
  /** On its way. */
  readonly message?: unknown;
}

/** Polls until it is so; fails after a minute. */
async function until(what: string, isSo: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + 60_000;
  while (!isSo()) {
    assert.ok(performance.now() < deadlineMs, `waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** A receiver that answers 200, or never. */
async function createSink(context: TestContext, answers: boolean) {
  const bodies: Told[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += String(part);
    bodies.push(JSON.parse(text));
    if (answers) response.writeHead(200).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { bodies, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

/** A desk with a real journal and a clock in the hand of the test, whose fleet is as the test says. */
async function createBench(context: TestContext, notifiers: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-desk-'));
  const time = createHandClock(Date.now());
  const { clock } = time;
  const realClock = { ...clock, after: afterReally, tickMs: () => performance.now() };
  const path = join(folder, 'journal.db');
  const journal = await openJournal({ path, clock: realClock, keepMs: 1e10, maxEvents: 1e6 });
  const fleet = {
    servers: [] as WatchedServer[],
    machine: [] as MetricSample[],
    lines: [] as Line[],
    /** Happens while the logs of a look are read. */
    inLook: undefined as (() => Promise<void>) | undefined,
    sampleMs: 600_000,
  };
  const asked: number[] = [];
  const desk = createAlertDesk({
    ...{
      clock,
      journal,
      append: journal.append,
      fleet: () => 'circus',
      everyMs: () => fleet.sampleMs,
    },
    servers: async () => fleet.servers,
    recent: (subject) => (subject === machineSubject ? fleet.machine : []),
    async logCounts(_, sinceMs) {
      asked.push(clock.nowMs() - sinceMs);
      await fleet.inLook?.();
      const since = fleet.lines.filter(({ atMs }) => atMs >= sinceMs);
      return {
        errors: since.length,
        critical: since.filter(({ isCritical }) => isCritical).length,
      };
    },
    variables: async () => ({}),
    run: async () => {},
    newId: () => String(performance.now()),
  });
  const settings = alerts.parse({
    notifiers: Object.fromEntries(
      Object.entries(notifiers).map(([name, url]) => [name, { kind: 'webhook', url }]),
    ),
  });
  desk.setSettings(settings);
  context.after(async () => {
    desk.stop();
    await journal.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    ...{ desk, fleet, journal, clock, settings, asked, pass: time.pass },
    /** A server fails, and the desk has heard of it. */
    async happen(subject: string) {
      const failed = { kind: 'instance.failed', subject, index: 0, generation: 1 } as const;
      journal.append({ atMs: clock.nowMs(), ...failed, why: 'ended' });
      await journal.flush();
    },
    /** What waits for a notifier, and what is on its way. */
    waitingFor: (name: string) => journal.recallAll('alertOutbox').get(name) as Waiting | undefined,
  };
}

function afterReally(delayMs: number, then: () => void) {
  const timer = setTimeout(then, delayMs);
  return () => clearTimeout(timer);
}

function serverOf(name: string, state: string): WatchedServer {
  return { server: name, state, wanted: 'running', why: 'ended', needsSignIn: false };
}

const count = (told: readonly Told[]) =>
  told.reduce((sum, { alerts: some, leftOut }) => sum + some.length + leftOut, 0);

test('a thousand alerts a minute are eleven messages, whatever other receivers do', async (context) => {
  const good = await createSink(context, true);
  const hanging = await createSink(context, false);
  const bench = await createBench(context, {
    ...{ good: good.url, hanging: hanging.url, refusing: 'http://127.0.0.1:1/' },
  });
  const { desk, fleet, waitingFor } = bench;
  for (let look = 0; look < 20; look += 1) {
    const news = Array.from({ length: 50 }, (_, index) => serverOf(`s${look}-${index}`, 'failed'));
    fleet.servers.push(...news);
    await desk.look();
    await until('the delivery', () => waitingFor('good')?.message === undefined);
    bench.pass(3_000);
  }
  assert.equal(desk.open().length, 1_000);
  bench.pass(6_000);
  await until('the last digest', () => waitingFor('good') === undefined);
  assert.ok(good.bodies.length <= 11, `${good.bodies.length} messages`);
  assert.ok(good.bodies.every(({ alerts: some }) => some.length <= 20));
  assert.equal(count(good.bodies), 1_000);
  assert.equal(hanging.bodies.length, 1, 'one that does not answer is not asked again meanwhile');
  assert.equal(waitingFor('refusing')?.waiting.length, 20);

  const before = good.bodies.length;
  fleet.servers = fleet.servers.map(({ server }) => serverOf(server, 'ready'));
  await desk.look();
  bench.pass(5 * 60_000);
  await desk.look();
  await until('the end', () => good.bodies.length > before && waitingFor('good') === undefined);
  assert.equal(desk.open().length, 0);
  assert.equal(good.bodies.length, before + 1, 'a thousand ends are one message');
  assert.ok(good.bodies.at(-1)?.alerts.every(({ about }) => about === 'resolved'));
});

test('a figure that flaps around its threshold for half an hour is pending, then one alert, and ends once', async (context) => {
  const good = await createSink(context, true);
  const bench = await createBench(context, { good: good.url });
  const { desk, fleet } = bench;
  const sample = (cpuPercent: number) => {
    const atMs = bench.clock.nowMs();
    fleet.machine.push({ atMs, subject: machineSubject, values: { cpuPercent } });
    return desk.look();
  };
  await sample(90);
  assert.deepEqual(desk.open(), []);
  assert.deepEqual(
    desk.pending().map(({ key, value }) => [key, value]),
    [['cpuPercent/machine', 90]],
  );
  for (let look = 0; look < 60; look += 1) {
    bench.pass(30_000);
    await sample(look % 2 === 0 ? 70 : 90);
  }
  assert.deepEqual(desk.pending(), []);
  assert.equal(desk.open()[0]?.state, 'firing');
  for (let look = 0; look < 22; look += 1) {
    bench.pass(30_000);
    await sample(10);
  }
  await until('the end', () => bench.waitingFor('good') === undefined);
  assert.deepEqual(
    good.bodies.flatMap(({ alerts: some }) => some.map(({ about, key }) => `${about} ${key}`)),
    ['firing cpuPercent/machine', 'resolved cpuPercent/machine'],
  );
});

test('the errors of a day are counted every ten minutes, and no critical line falls between two looks', async (context) => {
  const { desk, fleet, settings, asked, clock, pass } = await createBench(context, {});
  const rules = { logErrorsPerDay: { warning: 3 }, logCritical: { critical: 1 } };
  desk.setSettings({ ...settings, ...rules, coolDownMs: 600_000 });
  const log = (isCritical: boolean) => fleet.lines.push({ atMs: clock.nowMs(), isCritical });
  const open = () => desk.open().map(({ key, value }) => `${key} ${value}`);
  fleet.servers = [serverOf('files', 'ready')];
  for (let line = 0; line < 2; line += 1) log(false);
  pass(60_000 * 60);
  await desk.look();
  log(true);
  pass(300_000);
  await desk.look();
  assert.deepEqual(open(), ['logCritical/files 1'], 'the line of five minutes ago');
  pass(300_000);
  await desk.look();
  assert.deepEqual(open(), ['logCritical/files 1', 'logErrorsPerDay/files 3']);
  assert.equal(asked.filter((backMs) => backMs === 86_400_000).length, 2);
  pass(86_400_000);
  await desk.look();
  pass(600_000);
  await desk.look();
  assert.deepEqual(open(), []);
});

test('when samples stop coming that is an alert, and what was measured before this life is not missed', async (context) => {
  const { desk, fleet, clock, pass } = await createBench(context, {});
  const open = () => desk.open().map(({ key, state, value }) => `${key} ${state} ${value}`);
  const sample = () => {
    fleet.machine.push({ atMs: clock.nowMs(), subject: machineSubject, values: {} });
  };
  fleet.sampleMs = 30_000;
  // What an earlier life measured an hour ago is no silence of this one.
  sample();
  pass(3_600_000);
  await desk.look();
  assert.deepEqual(open(), []);
  sample();
  await desk.look();
  const lookOn = async (looks: number) => {
    for (let look = 0; look < looks; look += 1) {
      pass(30_000);
      await desk.look();
    }
  };
  await lookOn(2);
  assert.deepEqual(open(), []);
  await lookOn(2);
  assert.deepEqual(open(), ['noSamples/machine firing 4']);
  sample();
  await desk.look();
  assert.deepEqual(open(), ['noSamples/machine clearing 4']);
});

for (const sampleMs of [1_000, 30_000])
  test(`a daemon suspended for an hour misses no samples when it goes on (every ${sampleMs} ms)`, async (context) => {
    const { desk, fleet, clock, pass } = await createBench(context, {});
    fleet.sampleMs = sampleMs;
    fleet.machine.push({ atMs: clock.nowMs(), subject: machineSubject, values: {} });
    await desk.look();
    // The last sample was just not there yet.
    pass(sampleMs - 1);
    await desk.look();
    pass(3_600_000);
    await desk.look();
    assert.deepEqual(desk.open(), []);
  });

test('an alert fires though events that matter come ten times a second, in looks a second apart', async (context) => {
  const { desk, fleet, asked, pass, happen } = await createBench(context, {});
  fleet.servers = [serverOf('one', 'failed')];
  for (let event = 0; event < 4; event += 1) {
    await happen('one');
    pass(100);
  }
  await until('the alert', () => desk.open().length === 1);
  for (let event = 0; event < 40; event += 1) {
    await happen('one');
    pass(100);
  }
  // When it is done, every look before it is done, too.
  await desk.look();
  const before = asked.length;
  await desk.look();
  const each = asked.length - before;
  assert.equal(before / each, 6, 'looks: five in as many seconds, and ours');
});

test('what happens while a look goes on is looked at soon, not when the next look is due', async (context) => {
  const { desk, fleet, pass, happen } = await createBench(context, {});
  const isOpen = (server: string) => desk.open().some(({ subject }) => subject === server);
  fleet.servers = [serverOf('known', 'failed'), serverOf('news', 'ready')];
  fleet.inLook = async () => {
    fleet.inLook = undefined;
    fleet.servers = [serverOf('known', 'failed'), serverOf('news', 'failed')];
    await happen('news');
  };
  pass(200);
  await until('the end of the look', () => isOpen('known'));
  assert.ok(!isOpen('news'));
  pass(1_000);
  await until('the next look', () => isOpen('news'));
});

test('however seldom samples are taken, the errors of a minute are seen', async (context) => {
  const { desk, fleet, clock, settings, pass } = await createBench(context, {});
  desk.setSettings({ ...settings, logErrorsPerMinute: { high: 5 } });
  fleet.servers = [serverOf('files', 'ready')];
  pass(200);
  await desk.look();
  for (let line = 0; line < 5; line += 1)
    fleet.lines.push({ atMs: clock.nowMs(), isCritical: false });
  pass(30_000);
  await until('the alert', () => desk.open().length === 1);
});
