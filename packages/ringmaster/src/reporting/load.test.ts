import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadFiguresOf } from './load.ts';

test('a load is told by its rate and the nearest rank of its times', () => {
  const tookMs = Array.from({ length: 100 }, (_, index) => 100 - index);
  assert.deepEqual(loadFiguresOf({ tookMs, failed: 3, durationMs: 2_000 }), {
    ...{ durationMs: 2_000, calls: 100, failed: 3, callsPerSecond: 50 },
    ...{ p50Ms: 50, p95Ms: 95, maxMs: 100 },
  });
});

test('a load in which nothing ended well has no times', () => {
  assert.deepEqual(loadFiguresOf({ tookMs: [], failed: 9, durationMs: 0 }), {
    ...{ durationMs: 0, calls: 0, failed: 9, callsPerSecond: 0 },
  });
});
