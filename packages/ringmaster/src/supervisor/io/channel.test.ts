import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createLineSplitter } from './channel.ts';

test('however the bytes are cut, the lines are the same', () => {
  const line = fc
    .string({ unit: 'grapheme', maxLength: 30 })
    .map((text) => text.replaceAll(/[\r\n]/g, ''));
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.integer({ min: 1, max: 9 })), (lines, cuts) => {
      const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
      const seen: string[] = [];
      const split = createLineSplitter(
        1_000,
        () => assert.fail('too long'),
        (text) => seen.push(text),
      );
      for (let from = 0, cut = 0; from < bytes.length; cut += 1) {
        const to = from + (cuts[cut % cuts.length] ?? 7);
        split(bytes.subarray(from, to));
        from = to;
      }
      assert.deepEqual(
        seen,
        lines.filter((text) => text !== ''),
      );
    }),
  );
});

test('a line over the limit is dropped and reported, the next one is read', () => {
  const seen: string[] = [];
  const tooLong: number[] = [];
  const split = createLineSplitter(
    10,
    (bytes) => tooLong.push(bytes),
    (text) => seen.push(text),
  );
  split(Buffer.from('x'.repeat(8)));
  split(Buffer.from('x'.repeat(8)));
  split(Buffer.from('xx\nnext\r\nla'));
  split(Buffer.from('st\n'));
  assert.deepEqual(seen, ['next', 'last']);
  assert.deepEqual(tooLong, [18]);
});
