import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axisMarks } from './axis-marks.ts';

test('marks that would lie on each other are one, at the newest, and none of their numbers is lost', () => {
  const things = [
    { x: 100, number: 5 },
    { x: 92, number: 4 },
    { x: 90, number: 3 },
    { x: 60, number: 2 },
    { x: 0, number: 1 },
  ];
  assert.deepEqual(axisMarks(things, 18), [
    { x: 0, label: '1' },
    { x: 60, label: '2' },
    { x: 100, label: '3–5' },
  ]);
  assert.deepEqual(axisMarks([], 18), []);
});
