import assert from 'node:assert/strict';
import { test } from 'node:test';
import { laneBoxes, sparkPath, ticks, ticksApart } from './paths.ts';

const size = { width: 100, height: 12 };

for (const [title, points, limit, expected] of [
  ['rises from the bottom to the limit', [0, 50, 100], 100, 'M0 11L50 6L100 1'],
  ['has a gap where nothing was measured', [100, null, 100], 100, 'M0 1M100 1'],
  ['is empty when nothing was measured at all', [null, null], 100, ''],
  ['stays within the drawing when the limit is passed', [200, 100], 100, 'M0 1L100 6'],
] as const) {
  test(`a sparkline ${title}`, () => {
    assert.equal(sparkPath(points, size, limit), expected);
  });
}

test('a part of a lane that is too short to be seen is still one wide, within the axis', () => {
  const axis = { fromMs: 0, toMs: 1_000, width: 100 };
  const boxes = laneBoxes(
    [
      ['ready', 0, 999],
      ['failed', 999, 1_000],
      ['sick', -50, -10],
    ],
    axis,
  );
  assert.deepEqual(
    boxes.map(({ state, x, width }) => [state, x, width]),
    [
      ['ready', 0, 99.9],
      ['failed', 99, 1],
    ],
  );
});

test('ticks are whole steps of the clock, and not too many', () => {
  const toMs = Date.UTC(2026, 10, 21, 3, 14);
  const found = ticks(toMs - 6 * 3_600_000, toMs, 7);
  assert.ok(found.length >= 5 && found.length <= 7);
  for (const atMs of found) assert.equal(new Date(atMs).getMinutes(), 0);
});

test('ticks that would run into one another are thinned, in whatever order they come', () => {
  assert.deepEqual(ticksApart([9, 1, 2, 5, 6], 4), [1, 5, 9]);
  assert.deepEqual(ticksApart([], 4), []);
});
