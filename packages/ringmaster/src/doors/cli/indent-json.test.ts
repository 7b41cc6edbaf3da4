import assert from 'node:assert/strict';
import { test } from 'node:test';
import { indentJson } from './indent-json.ts';

for (const value of [
  {},
  [],
  'a "text", {with} [brackets]: \\',
  { a: [], b: {}, c: [1, { d: null }], 'e,:': [[true, false], -1.5e-7] },
  [[[]], '{', '['],
])
  test(`indents ${JSON.stringify(value)} as JSON.stringify does`, () => {
    const text = JSON.stringify(value);
    assert.equal(indentJson(text), JSON.stringify(value, undefined, 2));
    assert.equal(indentJson(JSON.stringify(value, undefined, 7)), indentJson(text));
  });

test('no number changes', () => {
  assert.equal(indentJson('{"n":12345678901234567890}'), '{\n  "n": 12345678901234567890\n}');
});
