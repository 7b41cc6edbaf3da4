import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { MetricValues } from './metrics.ts';
import {
  chooseStepMs,
  mergeRollups,
  type Rollups,
  rollUp,
  rollupSteps,
  rollupsOfText,
  stretchStartMs,
  textOfRollups,
} from './rollups.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

test('samples are counted, summed, bounded, and the newest is kept', () => {
  const samples: MetricValues[] = [{ threads: 4 }, { threads: 9, restarts: 1 }, { threads: 2 }];
  const merged = samples.map(rollUp).reduce(mergeRollups, {});
  assert.deepEqual(merged, {
    threads: { count: 3, sum: 15, min: 2, max: 9, last: 2 },
    restarts: { count: 1, sum: 1, min: 1, max: 1, last: 1 },
  });
});

test('a figure that could not be had leaves no roll-up', () => {
  assert.deepEqual(rollUp({ cpuPercent: Number.NaN }), {});
});

const figures = fc.record(
  { threads: fc.integer(), restarts: fc.integer(), openFiles: fc.nat() },
  { requiredKeys: [] },
);

test('any split of samples gives the same roll-up', () => {
  fc.assert(
    fc.property(fc.array(figures), fc.array(fc.nat(20), { maxLength: 6 }), (samples, cuts) => {
      const whole = samples.map(rollUp).reduce(mergeRollups, {});
      const ends = [...cuts, samples.length].sort((one, other) => one - other);
      const parts = ends.map((end, at) => samples.slice(ends[at - 1] ?? 0, end));
      const rolled: Rollups[] = parts.map((part) => part.map(rollUp).reduce(mergeRollups, {}));
      assert.deepEqual(rolled.reduce(mergeRollups, {}), whole);
    }),
  );
});

test('a figure that stayed the same takes little room', () => {
  const rollups = [{ threads: 7 }, { threads: 7 }, { threads: 7 }].map(rollUp);
  const merged = rollups.reduce(mergeRollups, {});
  assert.equal(textOfRollups(merged), '{"threads":[3,7]}');
  assert.deepEqual(rollupsOfText('{"threads":[3,7]}'), merged);
});

test('roll-ups are read back from their text as they were', () => {
  fc.assert(
    fc.property(fc.array(figures), (samples) => {
      const rollups = samples.map(rollUp).reduce(mergeRollups, {});
      assert.deepEqual(rollupsOfText(textOfRollups(rollups)), rollups);
    }),
  );
});

test('each step is a multiple of the one before and is kept longer', () => {
  rollupSteps.forEach((step, at) => {
    const before = rollupSteps[at - 1];
    if (before === undefined) return;
    assert.equal(step.stepMs % before.stepMs, 0);
    assert.ok(step.keepMs > before.keepMs);
  });
});

for (const row of [
  { atMs: 0, stepMs: 10_000, startMs: 0 },
  { atMs: 9_999, stepMs: 10_000, startMs: 0 },
  { atMs: 10_000, stepMs: 10_000, startMs: 10_000 },
  { atMs: hourMs + 1, stepMs: hourMs, startMs: hourMs },
])
  test(`${row.atMs} ms lies in the stretch of ${row.stepMs} ms that starts at ${row.startMs}`, () =>
    assert.equal(stretchStartMs(row.atMs, row.stepMs), row.startMs));

for (const row of [
  { rangeMs: hourMs, sampleMs: 1_000, stepMs: 10_000 },
  { rangeMs: hourMs, sampleMs: 30_000, stepMs: minuteMs },
  { rangeMs: 6 * hourMs, sampleMs: 1_000, stepMs: minuteMs },
  { rangeMs: 24 * hourMs, sampleMs: 1_000, stepMs: hourMs },
  { rangeMs: 300 * 24 * hourMs, sampleMs: 1_000, stepMs: hourMs },
  { rangeMs: minuteMs, sampleMs: 10 * minuteMs, stepMs: hourMs },
])
  test(`${row.rangeMs} ms sampled every ${row.sampleMs} ms are read in steps of ${row.stepMs} ms`, () =>
    assert.equal(chooseStepMs(row.rangeMs, row.sampleMs), row.stepMs));
