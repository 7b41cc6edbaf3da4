import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWaitingRollups } from './waiting-rollups.ts';

const sample = (atMs: number, threads: number, subject = 'files') => ({
  ...{ atMs, subject, values: { threads } },
});

test('samples of ten seconds wait as one roll-up, in the order of time', () => {
  const waiting = createWaitingRollups(10);
  for (const one of [sample(10_000, 1), sample(3, 5), sample(19_999, 3), sample(4, 1, 'api')])
    waiting.add(one);
  assert.equal(waiting.count, 3);
  assert.deepEqual(
    waiting.take().map(({ subject, startMs, rollups }) => [subject, startMs, rollups.threads?.sum]),
    [
      ['files', 0, 5],
      ['api', 0, 1],
      ['files', 10_000, 4],
    ],
  );
  assert.equal(waiting.count, 0);
});

test('beyond its limit the stretch that waited longest goes', () => {
  const waiting = createWaitingRollups(3);
  for (let at = 0; at < 50; at += 1) waiting.add(sample(at * 10_000, at));
  assert.deepEqual(
    waiting.take().map(({ rollups }) => rollups.threads?.last),
    [47, 48, 49],
  );
});
