import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Clock } from '../../clock.ts';
import type { NewEvent } from '../events.ts';
import type { Journal } from '../journal.ts';
import { machineSubject } from '../metrics.ts';
import { type JournalSettings, openJournal } from './journal.ts';
import { openDatabase } from './sqlite.ts';

const hourMs = 3_600_000;
const startMs = 1_700_000_000_000 - (1_700_000_000_000 % hourMs);

/** A clock that is set by hand; what waits, waits in real time. */
function clockAt(time: { nowMs: number }): Clock {
  return {
    nowMs: () => time.nowMs,
    tickMs: () => performance.now(),
    after(delayMs, then) {
      const timer = setTimeout(then, delayMs);
      return () => clearTimeout(timer);
    },
  };
}

function newPath(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-metrics-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'journal.db');
}

async function open(
  context: TestContext,
  path: string,
  more: Partial<JournalSettings> = {},
): Promise<Journal> {
  const clock = clockAt({ nowMs: startMs });
  const journal = await openJournal({ path, clock, keepMs: 1e13, maxEvents: 1_000_000, ...more });
  context.after(() => journal.close());
  return journal;
}

const sample = (afterMs: number, threads: number, subject = 'files') => ({
  ...{ atMs: startMs + afterMs, subject, values: { threads } },
});
const all = { fromMs: startMs, toMs: startMs + 1_000 * hourMs };

test('history survives a restart, in every step', async (context) => {
  const path = newPath(context);
  const first = await open(context, path);
  first.record([sample(0, 1), sample(5_000, 3), sample(10_000, 5)]);
  await first.close();
  const second = await open(context, path);
  second.record([sample(30_000, 7), sample(61_000, 11)]);
  const sums = async (stepMs: number) =>
    (await second.readMetrics({ ...all, subject: 'files', stepMs })).samples.map(
      ({ atMs, rollups }) => [atMs - startMs, rollups.threads?.count, rollups.threads?.sum],
    );
  assert.deepEqual(await sums(10_000), [
    [0, 2, 4],
    [10_000, 1, 5],
    [30_000, 1, 7],
    [60_000, 1, 11],
  ]);
  assert.deepEqual(await sums(60_000), [
    [0, 4, 16],
    [60_000, 1, 11],
  ]);
  assert.deepEqual(await sums(hourMs), [[0, 5, 27]]);
});

test('a journal from before figures were kept goes on with what it holds', async (context) => {
  const path = newPath(context);
  const first = await open(context, path);
  first.append({ atMs: startMs, kind: 'daemon.stopped', subject: 'daemon', why: 'asked' });
  await first.close();
  const file = openDatabase(path);
  file.execute('DROP TABLE samples; DROP TABLE call_samples; PRAGMA user_version = 1');
  file.close();
  const second = await open(context, path);
  second.record([sample(0, 1)]);
  assert.equal((await second.list({ limit: 5 })).length, 1);
  assert.equal((await second.readMetrics({ ...all, stepMs: 10_000 })).samples.length, 1);
});

test('samples are asked for by server, machine, figure and time', async (context) => {
  const journal = await open(context, newPath(context));
  journal.record([sample(0, 1), sample(0, 2, 'api'), sample(0, 3, machineSubject)]);
  journal.record([
    { atMs: startMs + 20_000, subject: 'files', values: { restarts: 1, threads: 4 } },
  ]);
  const read = async (more: object) => {
    const { samples } = await journal.readMetrics({ ...all, stepMs: 10_000, ...more });
    return samples.map(({ subject, rollups }) => [subject, Object.keys(rollups).length]);
  };
  assert.deepEqual(await read({}), [
    ['api', 1],
    ['files', 1],
    ['files', 2],
  ]);
  assert.deepEqual(await read({ subject: machineSubject }), [[machineSubject, 1]]);
  assert.deepEqual(await read({ subject: 'files', metric: 'restarts' }), [
    ['files', 0],
    ['files', 1],
  ]);
  assert.deepEqual(await read({ subject: 'files', toMs: startMs + 19_999 }), [['files', 1]]);
});

test('finished calls are rolled up with the events, once each', async (context) => {
  const path = newPath(context);
  const journal = await open(context, path);
  const call = (afterMs: number): NewEvent => ({
    ...{ atMs: startMs + afterMs, kind: 'call.finished', subject: 'files', method: 'tools/call' },
    ...{ outcome: afterMs % 2_000 === 0 ? 'ok' : 'late', tookMs: afterMs / 1_000 },
  });
  for (let second = 0; second < 90; second += 1) journal.append(call(second * 1_000));
  await journal.flush();
  const { calls } = await journal.readMetrics({ ...all, stepMs: 60_000 });
  assert.deepEqual(
    calls.map(({ server, rollup }) => [server, rollup.calls, rollup.failed, rollup.maxMs]),
    [
      ['files', 60, 30, 59],
      ['files', 30, 15, 89],
    ],
  );
  assert.equal(journal.totals('files').calls, 90);
});

test('samples are written when their ten seconds are over, whatever is written before', async (context) => {
  const path = newPath(context);
  const clock = clockAt({ nowMs: startMs + 3_000 });
  let endStretch: (() => void) | undefined;
  const after: Clock['after'] = (delayMs, then) => {
    if (delayMs !== 7_000) return clock.after(delayMs, then);
    endStretch = then;
    return () => {};
  };
  const journal = await open(context, path, { clock: { ...clock, after } });
  const file = openDatabase(path);
  context.after(() => file.close());
  const rowCount = () => file.get('SELECT count(*) AS rows FROM samples')?.['rows'];
  journal.record([sample(3_000, 1)]);
  journal.append({ atMs: startMs, kind: 'daemon.stopped', subject: 'daemon', why: 'asked' });
  assert.equal((await journal.list({ limit: 5 })).length, 1);
  await journal.readMetrics({ ...all, metric: 'calls', stepMs: 10_000 });
  assert.equal(rowCount(), 0);
  endStretch?.();
  await journal.list({ limit: 5 });
  assert.equal(rowCount(), 3);
});

test('of one figure only the servers are told in which it reached the highest, and none that is not asked about', async (context) => {
  const journal = await open(context, newPath(context));
  const seen = { files: 9, api: 5, mail: 7, gone: 99 };
  for (const [subject, threads] of Object.entries(seen))
    journal.record([sample(0, 1, subject), sample(10_000, threads, subject)]);
  // One that never changed: its roll-up is written another way.
  for (const atMs of [0, 10_000]) journal.record([sample(atMs, 8, 'still')]);
  const read = async (stepMs: number) => {
    const { samples } = await journal.readMetrics({
      ...{ ...all, stepMs, metric: 'threads' },
      largest: { count: 2, of: ['api', 'files', 'mail', 'new', 'still'] },
    });
    return samples.map(({ subject, rollups }) => `${subject} ${rollups.threads?.max}`);
  };
  assert.deepEqual(await read(10_000), ['files 1', 'files 9', 'still 8', 'still 8']);
  assert.deepEqual(await read(hourMs), ['files 9', 'still 8']);
});

test('calls of several servers together are sums, with the latencies of the slowest', async (context) => {
  const journal = await open(context, newPath(context));
  const call = (subject: string, afterMs: number, tookMs: number): NewEvent => ({
    ...{ atMs: startMs + afterMs, kind: 'call.finished', subject, method: 'tools/call', tookMs },
    outcome: tookMs > 50 ? 'late' : 'ok',
  });
  for (const told of [call('files', 0, 10), call('api', 1_000, 100), call('gone', 0, 9_000)])
    journal.append(told);
  journal.append(call('files', 60_000, 20));
  const together = await journal.readCallsTogether({ ...all, stepMs: 60_000 }, ['files', 'api']);
  const brief = together.map(({ atMs, calls, failed, p50Ms, maxMs }) => {
    return [atMs - startMs, calls, failed, Math.round(p50Ms / 5) * 5, maxMs];
  });
  assert.deepEqual(brief, [
    [0, 2, 1, 100, 100],
    [60_000, 1, 0, 20, 20],
  ]);
});

test('a clock that is set back counts every sample once', async (context) => {
  const journal = await open(context, newPath(context));
  for (const afterMs of [100_000, 105_000, 2_000, 3_000, 101_000])
    journal.record([sample(afterMs, 1)]);
  const { samples } = await journal.readMetrics({ ...all, subject: 'files', stepMs: hourMs });
  assert.deepEqual(
    samples.map(({ rollups }) => rollups.threads?.count),
    [5],
  );
});

test('each step is kept as long as it should be, and never more than so many stretches', async (context) => {
  const path = newPath(context);
  const day = 24 * hourMs;
  const first = await open(context, path);
  for (const afterMs of [0, day + 60_000, 8 * day]) first.record([sample(afterMs, 1)]);
  for (let at = 0; at < 30; at += 1) first.record([sample(8 * day + at * 10_000, 1, 'api')]);
  await first.close();
  const left = async (maxStretches: number) => {
    const clock = clockAt({ nowMs: startMs + 8 * day + 1 });
    const journal = await openJournal({
      ...{ path, clock, keepMs: 1e13, maxEvents: 1_000, maxStretches },
    });
    const count = async (subject: string, stepMs: number) =>
      (await journal.readMetrics({ ...all, subject, stepMs })).samples.length;
    const counts = [];
    for (const stepMs of [10_000, 60_000, hourMs]) counts.push(await count('files', stepMs));
    counts.push(await count('api', 10_000));
    await journal.close();
    return counts;
  };
  assert.deepEqual(await left(1_000), [1, 2, 3, 30]);
  const [, , , api] = await left(10);
  assert.equal(api, 10);
});
