import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curvePath } from './curve-path.ts';

const room = { width: 100, height: 10 };

test('what is missing is a gap, and a figure alone is a dot', () => {
  const points = [
    [0, 0],
    [10, 4],
    [40, 2],
    [70, 1],
    [80, 4],
  ] as const;
  assert.equal(
    curvePath({ fromMs: 0, toMs: 100, stepMs: 10, points }, room),
    'M0.0 10.0h0L10.0 0.0M40.0 5.0h0M70.0 7.5h0L80.0 0.0',
  );
});

test('nothing but zeros lies at the bottom', () => {
  const points = [
    [0, 0],
    [10, 0],
  ] as const;
  const path = curvePath({ fromMs: 0, toMs: 10, stepMs: 10, points }, room);
  assert.equal(path, 'M0.0 10.0h0L100.0 10.0');
});
