import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { textWidth } from './text-width.ts';

const rows: readonly (readonly [text: string, columns: number])[] = [
  ['', 0],
  ['echo  ● ready · 3 calls — fine…', 31],
  ['準備完了', 8],
  ['\u001b[32mready\u001b[39m', 5],
  ['e\u0301', 1],
  ['🎪 ring', 7],
];
for (const [text, columns] of rows) {
  test(`${JSON.stringify(text)} takes ${columns} columns`, () => {
    assert.equal(textWidth(text), columns);
  });
}

test('whether a text is measured here or by the package, the width is the same', () => {
  const signs = fc.constantFrom(...'aZ ~·●○◌–—…→←×«»‘’“”█▁▂▃▄▅▆▇日本ｱ🎪\u001b\u0301\n'.split(''));
  fc.assert(
    fc.property(fc.array(fc.oneof(signs, fc.string({ maxLength: 3 }))), (parts) => {
      const text = parts.join('');
      assert.equal(textWidth(text), stringWidth(text));
    }),
  );
});
