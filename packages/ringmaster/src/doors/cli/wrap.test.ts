import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { wrapText } from './wrap.ts';

for (const row of [
  { text: 'start the daemon now', widthColumns: 10, lines: ['start the', 'daemon now'] },
  { text: 'a verylongword b', widthColumns: 6, lines: ['a', 'verylongword', 'b'] },
  { text: 'サーバーを停止します', widthColumns: 12, lines: ['サーバーを停', '止します'] },
  { text: '停止します。次に', widthColumns: 10, lines: ['停止しま', 'す。次に'] },
  { text: '状態 (既定: here) です', widthColumns: 12, lines: ['状態 (既定:', 'here) です'] },
  { text: 'one\ntwo three', widthColumns: 5, lines: ['one', 'two', 'three'] },
]) {
  test(`"${row.text}" in ${row.widthColumns} columns`, () => {
    assert.deepEqual(wrapText(row.text, row.widthColumns).split('\n'), row.lines);
  });
}

test('wrapping changes nothing but white space, and ends', () => {
  const words = fc.array(fc.constantFrom('a', 'word', '(', ')', '、', '稼', '働', 'ー', ' ', '.'));
  fc.assert(
    fc.property(words, fc.integer({ min: 1, max: 20 }), (characters, widthColumns) => {
      const text = characters.join('');
      const wrapped = wrapText(text, widthColumns);
      assert.equal(wrapped.replace(/\s/g, ''), text.replace(/\s/g, ''));
    }),
  );
});

test('a line is too wide only when it cannot be broken', () => {
  const text = 'どのサーバーも、準備ができたものから順に表示します。';
  for (let widthColumns = 8; widthColumns < 60; widthColumns += 1) {
    for (const line of wrapText(text, widthColumns).split('\n')) {
      assert.ok(stringWidth(line) <= widthColumns, `${widthColumns}: ${line}`);
    }
  }
});
