import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHandClock } from '../../alerting/testing/hand-clock.ts';
import { checkFleet } from '../../fleet/check.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { NewEvent } from '../../journal/events.ts';
import { createFacts } from '../../journal/io/facts.ts';
import { createScheduler } from './scheduler.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

function fleetOf(schedules: object): Fleet {
  const { fleet, problems } = checkFleet({ schedules }, { revision: 1, baseDir: '/' });
  assert.ok(fleet, JSON.stringify(problems));
  return fleet;
}

/** A data directory: lives of the daemon on it share what they remember, and the time. */
function createBench(from: string) {
  const time = createHandClock(Date.parse(from));
  const facts = createFacts([]);
  const events: NewEvent[] = [];
  const runs: string[] = [];
  let work = (): Promise<unknown> => Promise.resolve();
  const live = (fleet: Fleet) => {
    const scheduler = createScheduler({
      clock: time.clock,
      append: (event) => void events.push(event),
      journal: { ...facts, flushWithin: async () => true },
      isOperation: () => true,
      perform(operation) {
        runs.push(`${new Date(time.clock.nowMs()).toISOString().slice(0, 16)} ${operation}`);
        return work();
      },
    });
    scheduler.setFleet(fleet);
    return scheduler;
  };
  return {
    ...{ live, events, runs, clock: time.clock, jump: time.pass, set: time.set },
    /** Lets time go by as it does, a minute at a time. */
    async pass(lengthMs: number) {
      for (let gone = 0; gone < lengthMs; gone += minuteMs) {
        time.pass(minuteMs);
        await Promise.resolve();
      }
    },
    setWork(next: () => Promise<unknown>) {
      work = next;
    },
  };
}

const told = (events: readonly NewEvent[]) =>
  events.flatMap((event) =>
    event.kind === 'schedule.skipped' ? [`${event.schedule}: ${event.why}`] : [],
  );

test('what fell into three days without daemon is made up for once, or left out and told', async () => {
  const bench = createBench('2026-05-01T12:00Z');
  const fleet = fleetOf({
    again: { cron: '0 2 * * *', timeZone: 'UTC', run: 'report.create' },
    never: { cron: '0 2 * * *', timeZone: 'UTC', run: 'log.summary', missed: 'skip' },
  });
  bench.live(fleet).stop();
  bench.jump(72 * hourMs);
  const next = bench.live(fleet);
  // That it begins is remembered first.
  await new Promise((done) => setImmediate(done));
  assert.deepEqual(bench.runs, ['2026-05-04T12:00 report.create']);
  assert.deepEqual(told(bench.events), ['never: it was due while nobody watched']);
  await bench.pass(15 * hourMs);
  assert.deepEqual(bench.runs.slice(1), [
    '2026-05-05T02:00 report.create',
    '2026-05-05T02:00 log.summary',
  ]);
  next.stop();
});

test('a run that lasts is never overlapped: what is due meanwhile is left out and told', async () => {
  const bench = createBench('2026-05-01T12:00Z');
  let end = () => {};
  bench.setWork(() => new Promise<void>((done) => (end = done)));
  const scheduler = bench.live(
    fleetOf({ often: { cron: '* * * * *', timeZone: 'UTC', run: 'log.summary' } }),
  );
  await bench.pass(3 * minuteMs);
  assert.equal(bench.runs.length, 1);
  await assert.rejects(scheduler.run('often'), /runs already/);
  assert.deepEqual(told(bench.events), Array(2).fill('often: the run before is not done yet'));
  end();
  await bench.pass(minuteMs);
  await bench.pass(minuteMs);
  assert.ok(bench.runs.length > 1, 'it runs again once the run before is done');
  end();
  scheduler.stop();
});

test('a schedule that goes and comes back while it runs is not begun beside itself', async () => {
  const bench = createBench('2026-05-01T12:00Z');
  bench.setWork(() => new Promise(() => {}));
  const fleet = fleetOf({ often: { cron: '* * * * *', timeZone: 'UTC', run: 'log.summary' } });
  const scheduler = bench.live(fleet);
  await bench.pass(minuteMs);
  scheduler.setFleet(fleetOf({}));
  scheduler.setFleet(fleet);
  assert.equal(scheduler.views()[0]?.state, 'running');
  await bench.pass(3 * minuteMs);
  assert.equal(bench.runs.length, 1);
  await assert.rejects(scheduler.run('often'), /runs already/);
  scheduler.stop();
});

test('a clock that is set back a year stops no schedule, and by a second begins nothing twice', async () => {
  const bench = createBench('2027-05-01T12:00Z');
  const scheduler = bench.live(
    fleetOf({ hourly: { cron: '0 * * * *', timeZone: 'UTC', run: 'log.summary' } }),
  );
  bench.set(-365 * 24 * hourMs);
  await bench.pass(2 * hourMs);
  const two = ['2026-05-01T13:00 log.summary', '2026-05-01T14:00 log.summary'];
  assert.deepEqual(bench.runs, two);
  bench.set(-1_000);
  await bench.pass(5 * minuteMs);
  assert.deepEqual(bench.runs, two);
  scheduler.stop();
});

for (const [way, from, expected] of [
  [
    'forward, as soon as the clock goes on',
    '2026-03-28T12:00Z',
    ['2026-03-29T01:00 daemon.health', '2026-03-30T00:30 daemon.health'],
  ],
  [
    'back, once',
    '2026-10-24T12:00Z',
    ['2026-10-25T00:30 daemon.health', '2026-10-26T01:30 daemon.health'],
  ],
] as const)
  test(`half past two in Berlin runs when the clocks go ${way}`, async () => {
    const bench = createBench(from);
    const scheduler = bench.live(
      fleetOf({ nightly: { cron: '30 2 * * *', timeZone: 'Europe/Berlin', run: 'daemon.health' } }),
    );
    await bench.pass(44 * hourMs);
    assert.deepEqual(bench.runs, expected);
    scheduler.stop();
  });

test('every run is in the history: when it was due, how long it took, and why it failed', async () => {
  const bench = createBench('2026-05-01T12:00Z');
  bench.setWork(() => Promise.reject(new Error('the disk is full')));
  const scheduler = bench.live(
    fleetOf({ first: { cron: '0 9 * * 1#1', timeZone: 'UTC', run: 'report.create' } }),
  );
  await bench.pass(70 * hourMs);
  const [ran] = bench.events.filter(({ kind }) => kind === 'schedule.ran');
  assert.ok(ran?.kind === 'schedule.ran');
  assert.equal(ran.dueAtMs, Date.parse('2026-05-04T09:00Z'), 'the first Monday of May');
  assert.equal(ran.outcome, 'failed');
  assert.match(ran.why ?? '', /the disk is full/);
  scheduler.stop();
});

test('a run that the daemon did not live to finish is told by the next one, and not made up for', async () => {
  const bench = createBench('2026-05-01T12:00Z');
  bench.setWork(() => new Promise(() => {}));
  const fleet = fleetOf({ first: { cron: '0 * * * *', timeZone: 'UTC', run: 'report.create' } });
  const killed = bench.live(fleet);
  await bench.pass(hourMs);
  assert.equal(bench.runs.length, 1);
  killed.stop();
  killed.stop();
  const next = bench.live(fleet);
  const ran = bench.events.filter(({ kind }) => kind === 'schedule.ran');
  const [first] = ran;
  assert.ok(ran.length === 1 && first?.kind === 'schedule.ran');
  assert.deepEqual([first.outcome, first.tookMs], ['unknown', undefined]);
  assert.match(first.why ?? '', /^unknown: the daemon ended .* begun at 2026-05-01T13:00/);
  assert.equal(bench.runs.length, 1, 'it was begun anew');
  next.stop();
});
