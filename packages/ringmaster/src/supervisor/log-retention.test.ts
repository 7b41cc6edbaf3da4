import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filesToDrop } from './log-retention.ts';

const hour = 3_600_000;
const file = (number: number, sizeBytes: number, ageHours: number) => ({
  number,
  ...{ sizeBytes: sizeBytes - 1, indexBytes: 1 },
  lastAtMs: (100 - ageHours) * hour,
});
/** The current file and four rotated ones, a hundred bytes and an hour apart each. */
const files = [5, 4, 3, 2, 1].map((number) => file(number, 100, 5 - number));
const wide = { keep: 10, maxAgeMs: 1_000 * hour, maxTotalBytes: 10_000 };

const rows: readonly (readonly [string, Parameters<typeof filesToDrop>[1], readonly number[]])[] = [
  ['nothing while all limits hold', wide, []],
  ['the oldest beyond a count', { ...wide, keep: 2 }, [2, 1]],
  ['all rotated ones when none is kept', { ...wide, keep: 0 }, [4, 3, 2, 1]],
  ['those too old', { ...wide, maxAgeMs: 2.5 * hour }, [2, 1]],
  ['the oldest beyond a size, the current one counted', { ...wide, maxTotalBytes: 250 }, [3, 2, 1]],
  ['never the current one', { ...wide, maxTotalBytes: 1 }, [4, 3, 2, 1]],
];
for (const [name, limits, numbers] of rows)
  test(`dropped: ${name}`, () => assert.deepEqual(filesToDrop(files, limits, 100 * hour), numbers));

test('what is older than a dropped file is dropped, so that a log has no hole', () => {
  const clockJumped = [file(3, 1, 0), file(2, 1, 9), file(1, 1, 1)];
  assert.deepEqual(filesToDrop(clockJumped, { ...wide, maxAgeMs: 5 * hour }, 100 * hour), [2, 1]);
});
