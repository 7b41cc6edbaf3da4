import assert from 'node:assert/strict';
import { test } from 'node:test';
import { machineSubject } from '../journal/metrics.ts';
import { planCapacity } from './capacity.ts';
import { fitTrend } from './trend.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Hours of a disk that grows 1 % a day from 40 %, with a wave each day, and of a server that stays as it is. */
function historyOf(days: number) {
  const samples = Array.from({ length: days * 24 }, (_, hour) => {
    const wave = Math.sin((hour / 24) * 2 * Math.PI);
    // One day in ten somebody fills the disk for a while.
    const wild = Math.floor(hour / 24) % 10 === 4 ? 30 : 0;
    const disk = 40 + hour / 24 + wave + wild;
    const once = (value: number) => ({ count: 1, sum: value, min: value, max: value, last: value });
    return [
      {
        ...{ subject: machineSubject, atMs: hour * hourMs },
        rollups: {
          ...{ diskPercent: once(disk), memoryPercent: once(50) },
          sessions: once(hour / 24),
        },
      },
      { subject: 'files', atMs: hour * hourMs, rollups: { memoryBytes: once(2e9 + wave) } },
    ];
  });
  return { samples: samples.flat(), calls: [] };
}

const plan = (days: number) =>
  planCapacity({
    ...{ fromMs: 0, toMs: days * dayMs, history: historyOf(days), totalMemoryBytes: 8e9 },
    sessionsMax: 100,
    servers: [{ server: 'files', instances: 2, canGrow: true }],
  });

test('a disk that grows is told when it is full, whatever a few wild days say', () => {
  const [disk, memory, sessions, files] = plan(30).growth;
  assert.equal(disk?.state, 'grows');
  assert.equal(disk?.days, 30);
  assert.ok(Math.abs((disk?.perDay ?? 0) - 1) < 0.05, `${disk?.perDay}`);
  const { limitAtMs = 0, earliestMs = 0, latestMs = 0 } = disk ?? {};
  assert.ok(Math.abs(limitAtMs - 60 * dayMs) < 4 * dayMs, `${limitAtMs / dayMs}`);
  assert.ok(earliestMs <= limitAtMs && limitAtMs <= latestMs);
  assert.equal(memory?.state, 'steady');
  assert.equal(memory?.limitAtMs, undefined);
  assert.ok(Math.abs((sessions?.limitAtMs ?? 0) - 100 * dayMs) < dayMs, 'a hundred sessions');
  assert.equal(files?.state, 'steady');
});

test('of less than a week nothing is said', () => {
  const { growth, daysNeeded } = plan(6);
  assert.equal(daysNeeded, 7);
  assert.ok(growth.every(({ state, perDay }) => state === 'tooLittle' && perDay === undefined));
});

test('a second instance needs what one needs now', () => {
  const [second] = plan(10).secondInstance;
  assert.ok(Math.abs((second?.memoryBytes ?? 0) - 1e9) < 1);
  assert.ok(Math.abs((second?.machinePercent ?? 0) - 12.5) < 1e-6);
  assert.equal(second?.fits, true);
});

test('the interval of a straight line without noise is its slope', () => {
  const points = Array.from({ length: 9 }, (_, day) => ({ atMs: day * dayMs, value: 3 - 2 * day }));
  const trend = fitTrend(points);
  assert.deepEqual(
    [trend?.perDay, trend?.perDayLow, trend?.perDayHigh, trend?.now],
    [-2, -2, -2, -13],
  );
});
