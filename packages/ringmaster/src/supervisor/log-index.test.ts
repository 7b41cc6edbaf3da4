import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeBatches, decodeHeader, encodeBatch, encodeHeader, mayHold } from './log-index.ts';

const count = fc.nat(0xff_ffff);
const batchesOf = fc
  .array(
    fc.record({
      length: fc.integer({ min: 1, max: 1e9 }),
      atMs: fc.integer({ min: 0, max: 4e12 }),
      counts: fc.tuple(count, count, count, count, count),
      goesOn: fc.boolean(),
    }),
    { maxLength: 20 },
  )
  .map((rows) => {
    let end = 0;
    return rows.map(({ length, ...row }) => {
      end += length;
      return { ...row, end, isUnknown: false };
    });
  });

test('an index says after reading what it said before writing', () => {
  fc.assert(
    fc.property(batchesOf, (batches) => {
      const bytes = Buffer.concat([encodeHeader(17), ...batches.map(encodeBatch)]);
      assert.equal(decodeHeader(bytes), 17);
      const file = { sizeBytes: batches.at(-1)?.end ?? 0, lastAtMs: 1 };
      assert.deepEqual([...decodeBatches(bytes, file)], batches);
    }),
  );
});

test('lines that a crash kept out of the index are a batch nobody counted', () => {
  const batch = { end: 10, atMs: 5, counts: [0, 1, 0, 0, 0], goesOn: false, isUnknown: false };
  const bytes = Buffer.concat([encodeHeader(1), encodeBatch(batch)]);
  const cut = Buffer.concat([bytes, Buffer.alloc(9)]);
  const read = [...decodeBatches(cut, { sizeBytes: 25, lastAtMs: 7 })];
  assert.deepEqual(
    read.map(({ end, atMs, isUnknown }) => [end, atMs, isUnknown]),
    [
      [10, 5, false],
      [25, 7, true],
    ],
  );
  assert.equal(read.map((one) => mayHold(one, 0)).join(), 'false,true');
  assert.equal(mayHold(batch, 1), true);
});

test('a file that is no index of ours is not believed', () => {
  const read = [...decodeBatches(Buffer.from('x'.repeat(96)), { sizeBytes: 5, lastAtMs: 2 })];
  assert.deepEqual(
    read.map(({ end, isUnknown }) => [end, isUnknown]),
    [[5, true]],
  );
});
