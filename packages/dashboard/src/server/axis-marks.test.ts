import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axisMarks } from './axis-marks.ts';

const disc = () => ({ before: 9, after: 9 });

test('a mark of several that is wider takes in what it would lie on', () => {
  const wide = (label: string) => ({ before: label.length * 4, after: label.length * 4 });
  const things = [50, 58, 66, 90].map((x, index) => ({ x, number: index + 18 }));
  assert.deepEqual(axisMarks(things, wide), [
    { x: 50, label: '18' },
    { x: 90, label: '19–21' },
  ]);
});

test('marks that would lie on each other are one, at the newest, and none of their numbers is lost', () => {
  const things = [
    { x: 100, number: 5 },
    { x: 92, number: 4 },
    { x: 90, number: 3 },
    { x: 60, number: 2 },
    { x: 0, number: 1 },
  ];
  assert.deepEqual(axisMarks(things, disc), [
    { x: 0, label: '1' },
    { x: 60, label: '2' },
    { x: 100, label: '3–5' },
  ]);
  assert.deepEqual(axisMarks([], disc), []);
});
