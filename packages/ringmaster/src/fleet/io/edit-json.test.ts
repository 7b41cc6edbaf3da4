import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'jsonc-parser';
import { setInJson } from './edit-json.ts';

const rows: { text: string; path: (string | number)[]; becomes: string }[] = [
  { text: '{}', path: ['a', 'b'], becomes: '{\n  "a": {\n    "b": 1\n  }\n}' },
  { text: '{"x":{}}', path: ['a'], becomes: '{"x":{}, "a": 1}' },
  { text: '{\n    "x": 2\n}\n', path: ['a'], becomes: '{\n    "x": 2,\n    "a": 1\n}\n' },
  { text: '{\n\t"x": 2, // two\n}', path: ['a'], becomes: '{\n\t"x": 2, // two\n\t"a": 1,\n}' },
  { text: '{\n  "x": 2 // two\n}', path: ['a'], becomes: '{\n  "x": 2, // two\n  "a": 1\n}' },
  { text: '{\n  "x": 2 /* , */\n}', path: ['a'], becomes: '{\n  "x": 2, /* , */\n  "a": 1\n}' },
  { text: '{"a": {"old": 2}}', path: ['a'], becomes: '{"a": 1}' },
  { text: '{\r\n  "x": 2\r\n}', path: ['a'], becomes: '{\r\n  "x": 2,\r\n  "a": 1\r\n}' },
  { text: '{\n  // none yet\n}', path: ['a'], becomes: '{\n  // none yet\n  "a": 1\n}' },
  { text: '{"l": [0]}', path: ['l', 1], becomes: '{"l": [0, 1]}' },
  { text: '{"x": 0}', path: ['l', 0], becomes: '{"x": 0, "l": [1]}' },
];
for (const { text, path, becomes } of rows) {
  test(`${JSON.stringify(text)} with ${path.join('.')} set is ${JSON.stringify(becomes)}`, () => {
    const edited = setInJson(text, path, 1);
    assert.equal(edited, becomes);
    assert.notEqual(parse(edited, [], { allowTrailingComma: true }), undefined);
  });
}
