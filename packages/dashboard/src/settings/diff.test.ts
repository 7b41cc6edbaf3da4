import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { diffLines } from './diff.ts';

const rows = [
  { says: 'nothing', before: 'a\nb', after: 'a\nb', shown: [] },
  { says: 'a changed line', before: 'a\nb\nc', after: 'a\nx\nc', shown: [' a', '-b', '+x', ' c'] },
  { says: 'an added line', before: 'a\nb', after: 'a\nn\nb', shown: [' a', '+n', ' b'] },
  {
    says: 'three lines around a change, no more',
    before: '1\n2\n3\n4\n5\n6',
    after: '1\n2\n3\n4\n5\n6\n7',
    shown: [' 4', ' 5', ' 6', '+7'],
  },
] as const;
for (const { says, before, after, shown } of rows) {
  test(`a difference shows ${says}`, () => {
    assert.deepEqual(
      diffLines(before, after).map(({ sign, text }) => sign + text),
      shown,
    );
  });
}

test('lines of any two short texts lead from the one to the other', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = diffLines(before.join('\n'), after.join('\n'));
      const side = (sign: string) =>
        lines.filter((line) => line.sign === ' ' || line.sign === sign).map((line) => line.text);
      const isSame = before.join() === after.join();
      assert.deepEqual(side('-'), isSame ? [] : before);
      assert.deepEqual(side('+'), isSame ? [] : after);
    }),
  );
});
