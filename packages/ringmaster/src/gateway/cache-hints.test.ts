import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hintsIn, mergedHints, promiseOf } from './cache-hints.ts';

const forAll = (ttlMs: number) => ({ ttlMs, cacheScope: 'public' }) as const;
const forOne = (ttlMs: number) => ({ ttlMs, cacheScope: 'private' }) as const;

for (const [title, hints, merged] of [
  ['the shortest time counts', [forAll(9), forAll(5), forAll(7)], forAll(5)],
  ['private counts, wherever it stands', [forAll(9), forOne(10), forAll(9)], forOne(9)],
  ['nothing promises nothing', [], undefined],
] as const) {
  test(title, () => assert.deepEqual(mergedHints(hints), merged));
}

for (const [title, result, hints] of [
  ['hints are read as they are', { ttlMs: 3, cacheScope: 'public' }, forAll(3)],
  ['a scope nobody knows is private', { ttlMs: 3, cacheScope: 'friends' }, forOne(3)],
  ['a negative time is none', { ttlMs: -3 }, forOne(0)],
  ['older servers give none', { tools: [] }, undefined],
] as const) {
  test(title, () => assert.deepEqual(hintsIn(result), hints));
}

for (const [title, hints, announcesChanges, promise] of [
  ['a server that announces changes is as fresh as it was', forAll(1_000), true, forAll(1_000)],
  ['of one that does not, the time since is used up', forAll(1_000), false, forAll(300)],
  ['never below nothing', forAll(500), false, forAll(0)],
  ['without hints, announced changes are worth our own time', undefined, true, forOne(5_000)],
  ['without either nothing is promised', undefined, false, forOne(0)],
] as const) {
  test(title, () => {
    const how = { announcesChanges, ownTtlMs: 5_000, nowMs: 1_700 };
    assert.deepEqual(promiseOf({ hints, readAtMs: 1_000 }, how), promise);
  });
}
