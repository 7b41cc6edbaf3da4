import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainText } from './plain-text.ts';

for (const [what, text, plain] of [
  ['colours are left out', '\u001b[31mred\u001b[0m and \u001b[1;38;5;9mbold', 'red and bold'],
  ['a window title is left out', '\u001b]0;title\u0007after', 'after'],
  ['what turns the direction is seen', 'a\u202egnp.exe', 'a[U+202E]gnp.exe'],
  ['what has no width is seen', 'pay\u200bpal', 'pay[U+200B]pal'],
  ['a bell and a lone escape are seen', 'x\u0007\u001by', 'x[U+0007][U+001B]y'],
  ['tabs and line breaks stay', 'a\tb\nc', 'a\tb\nc'],
] as const)
  test(what, () => assert.equal(plainText(text), plain));
