import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { probeDelayMs } from './probe-beat.ts';

test('a probe is never later than asked for, and at most a beat sooner', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3_600_000 }), fc.nat(2 ** 45), (wantedMs, nowMs) => {
      const delayMs = probeDelayMs(wantedMs, nowMs);
      return delayMs <= wantedMs + 1 && delayMs >= wantedMs * 0.7 - 1;
    }),
  );
});

test('servers of one interval meet on four beats', () => {
  const times = Array.from({ length: 50 }, (_, index) => 1_000_000 + index * 137);
  const beats = new Set(times.map((nowMs) => nowMs + probeDelayMs(10_000, nowMs)));
  assert.ok(beats.size <= 4, `${beats.size} beats`);
});

test('short intervals are kept', () => {
  assert.equal(probeDelayMs(500, 123_456), 500);
});
