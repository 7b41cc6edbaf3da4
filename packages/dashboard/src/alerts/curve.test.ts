import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curveOf } from './curve.ts';

const frame = {
  fromMs: 0,
  toMs: 100,
  stepMs: 10,
  firedAtMs: 50,
  limit: 50,
  width: 100,
  height: 54,
};

test('a curve is calm until its alert fired, and touches what comes after', () => {
  const { calm, hot, limitY, end } = curveOf(
    [
      [20, 10],
      [30, 10],
      [50, 50],
      [60, 50],
    ],
    frame,
  );
  assert.equal(calm, 'M20 44L30 44');
  assert.equal(hot, 'M30 44L50 4L60 4');
  assert.equal(limitY, 4);
  assert.deepEqual(end, { x: 60, y: 4 });
});

test('where nothing was measured there is a gap', () => {
  const { calm } = curveOf(
    [
      [0, 10],
      [30, 10],
    ],
    frame,
  );
  assert.equal(calm, 'M0 44M30 44');
});

test('a curve without points has no end', () => {
  assert.deepEqual(curveOf([], frame), { calm: '', hot: '', limitY: 4, end: undefined });
});
