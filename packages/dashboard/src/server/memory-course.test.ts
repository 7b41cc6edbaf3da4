import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryCourse } from './memory-course.ts';

const minuteMs = 60_000;
const megabyte = 1_000_000;
/** An hour, a point a minute. */
const course = (bytesAt: (minute: number) => number) =>
  Array.from({ length: 60 }, (_, minute) => ({
    ...{ atMs: minute * minuteMs, count: 2, mean: bytesAt(minute) },
  }));
const nothing = { deathsMs: [], revisions: [], limitBytes: undefined };

test('memory that goes up and down within bounds is steady, whatever it was while the server started', () => {
  const points = course((minute) => (minute < 3 ? 1 : 100 + (minute % 3)) * megabyte);
  assert.deepEqual(memoryCourse(points, nothing), {
    ...{ kind: 'steady', samples: 108 },
    ...{ lowBytes: 100 * megabyte, highBytes: 102 * megabyte },
  });
});

test('memory that grows since a revision tells its pace and when the limit is reached', () => {
  const points = course((minute) => (minute < 20 ? 200 : 200 + (minute - 20) * 3) * megabyte);
  const found = memoryCourse(points, {
    ...{ deathsMs: [], limitBytes: 512 * megabyte },
    revisions: [
      { number: 41, atMs: 20 * minuteMs },
      { number: 40, atMs: 0 },
    ],
  });
  assert.ok(found?.kind === 'grows');
  assert.deepEqual(
    [found.revision, found.sinceMs, Math.round(found.bytesPerMinute / megabyte)],
    [41, 20 * minuteMs, 3],
  );
  assert.equal(Math.round(found.toBytes / megabyte), 317);
  assert.equal(Math.round((found.limitInMs ?? 0) / minuteMs), 65);
});

test('a life that has only begun is too short to judge, and an earlier one is none of it', () => {
  const points = course((minute) => minute * megabyte);
  assert.equal(memoryCourse(points, { ...nothing, deathsMs: [55 * minuteMs] }), undefined);
  assert.equal(memoryCourse([], nothing), undefined);
});
