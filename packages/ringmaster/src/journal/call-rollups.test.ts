import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type CallRollup,
  latencyMs,
  mergeCallRollups,
  noCalls,
  rollUpCall,
  rollUpCalls,
} from './call-rollups.ts';
import type { NewEvent } from './events.ts';

function finished(atMs: number, tookMs: number, outcome: 'ok' | 'lost' = 'ok'): NewEvent {
  return {
    ...{ atMs, kind: 'call.finished', subject: 'files', method: 'tools/call' },
    ...{ outcome, tookMs },
  };
}

const rolled = (latencies: readonly number[]): CallRollup =>
  latencies
    .map((tookMs) => rollUpCall({ tookMs, outcome: 'ok' }))
    .reduce(mergeCallRollups, noCalls);

test('calls are counted by stretch, and everything that did not end ok is a failure', () => {
  const events = [finished(1_000, 5), finished(9_999, 7, 'lost'), finished(10_000, 1)];
  const other: NewEvent = { atMs: 1, kind: 'daemon.stopped', subject: 'files', why: 'asked' };
  const stretches = rollUpCalls([other, ...events], 10_000);
  assert.deepEqual(
    stretches.map(({ startMs, rollup: { calls, failed, sumMs, maxMs } }) => ({
      ...{ startMs, calls, failed, sumMs, maxMs },
    })),
    [
      { startMs: 0, calls: 2, failed: 1, sumMs: 12, maxMs: 7 },
      { startMs: 10_000, calls: 1, failed: 0, sumMs: 1, maxMs: 1 },
    ],
  );
});

test('calls counted in one go are those merged one by one', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(100_000)), (latencies) => {
      const events = latencies.map((tookMs) => finished(0, tookMs));
      const [stretch] = rollUpCalls(events, 10_000);
      assert.deepEqual(stretch?.rollup ?? noCalls, rolled(latencies));
    }),
  );
});

test('any split of calls gives the same roll-up', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(100_000)), fc.array(fc.nat(100_000)), (some, others) => {
      const merged = mergeCallRollups(rolled(some), rolled(others));
      assert.deepEqual(merged, rolled([...others, ...some]));
    }),
  );
});

test('a percentile is right to 2 %', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.02, max: 100_000, noNaN: true }), { minLength: 1 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (latencies, share) => {
        const sorted = [...latencies].sort((one, other) => one - other);
        const exact = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
        const found = latencyMs(rolled(latencies), share) ?? 0;
        assert.ok(Math.abs(found - exact) <= exact * 0.0201, `${found} for ${exact}`);
      },
    ),
  );
});

for (const row of [
  { tookMs: -3, says: 'a negative latency' },
  { tookMs: Number.NaN, says: 'no latency' },
  { tookMs: 1e15, says: 'an endless call' },
  { tookMs: 0, says: 'a call that took no time' },
])
  test(`${row.says} has a bucket among the others`, () => {
    const buckets = Object.keys(rollUpCall({ tookMs: row.tookMs, outcome: 'ok' }).buckets);
    assert.equal(buckets.length, 1);
    assert.ok(Number(buckets[0]) >= 0 && Number(buckets[0]) <= 503, buckets[0]);
  });

test('no calls have no latency', () => assert.equal(latencyMs(noCalls, 0.5), undefined));
