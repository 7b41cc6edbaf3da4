import assert from 'node:assert/strict';
import { test } from 'node:test';
import { harmless, harmlessJson, plainValue } from './harmless.ts';

const hostile = '\u001b]0;title\u0007\u001b[2J\u009b1mtxt.\u202eexe\u2066\r\u0008';

test('what a terminal would act on is taken out, colours, tabs and line breaks stay', () => {
  assert.equal(
    harmless(`a\tb\n\u001b[31mred\u001b[39m${hostile}`),
    'a\tb\n\u001b[31mred\u001b[39m]0;title1mtxt.exe',
  );
  assert.equal(harmless('日本語 é 👍🏽 עברית'), '日本語 é 👍🏽 עברית');
});

test('JSON keeps its values, but not as characters that a terminal would act on', () => {
  const json = harmlessJson(JSON.stringify({ [hostile]: hostile }));
  assert.equal(harmless(json), json);
  assert.deepEqual(JSON.parse(json), { [hostile]: hostile });
});

test('of a value every text is made plain, names too, and nothing else is touched', () => {
  const found = plainValue({ [`a${hostile}`]: [hostile, 1, null, true, { b: '\u001b[31mred' }] });
  assert.deepEqual(found, {
    'a]0;title1mtxt.exe': [']0;title1mtxt.exe', 1, null, true, { b: 'red' }],
  });
});
