import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deathPlaces } from './death-places.ts';

const death = (number: number, atMs: number) => ({
  ...{ number, atMs, seq: number, exit: 'code 1', next: '', words: undefined },
});
const entries = [1_000, 2_000, 3_000].map((atMs) => ({ atMs }));
const placed = (isEnd: boolean, ...times: number[]) => {
  const deaths = times.map((atMs, index) => death(times.length - index, atMs));
  const places = deathPlaces(entries, deaths, { isEnd });
  return [...places].map(([place, there]) => [place, there.map(({ number }) => number)]);
};

test('a death stands after what was written before it, also when that bears a time a little later', () => {
  assert.deepEqual(placed(true, 2_500, 1_970, 1_500), [
    [1, [1]],
    [2, [2, 3]],
  ]);
});

test('deaths before the first entry are left out, and those after the last until nothing more comes', () => {
  assert.deepEqual(placed(true, 9_000, 500), [[3, [2]]]);
  assert.deepEqual(placed(false, 9_000, 500), []);
});
