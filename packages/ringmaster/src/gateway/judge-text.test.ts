import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { judgeText } from './judge-text.ts';

for (const [text, found] of [
  ['{"id":1,"method":"tools/call","params":{"name":"a","arguments":{}}}', undefined],
  ['{"id":1,"id":2}', 'id twice'],
  ['{"params":{"name":"a","name":"b"}}', 'name twice'],
  ['{"params":{"arguments":{"a":[{"b":1,"b":2}]}}}', 'b twice'],
  ['{"params":{"na\\u006de":"a","name":"b"}}', 'name twice'],
  ['{"id" :1, "id"\t: 2}', 'id twice'],
  ['{"Method":"x"}', 'Method case'],
  ['{"params":{"NAME":"x"}}', 'NAME case'],
  ['{"param\u017f":{}}', 'param\u017f case'],
  ['{"params":{"to\u212aen":1,"tas\u212a":1}}', 'tas\u212a case'],
  ['{"params":{"arguments":{"Name":"x","name":"y"}}}', undefined],
  ['{"result":{"Name":"x"}}', undefined],
  ['{"a":{"x":1},"b":{"x":1}}', undefined],
  ['{"a":"\\"a\\":","b":"{\\\\"}', undefined],
  ['{"a":["a","a","b"],"b":"a"}', undefined],
  ['[{"id":1},{"id":2}]', undefined],
  [' [{"id":1},{"ID":2}]', 'ID case'],
  ['[{"id":1,"params":{"Uri":2}}]', 'Uri case'],
  ['7', undefined],
] as const) {
  test(`${text} has ${found ?? 'no ambiguous key'}`, () => {
    const key = judgeText(text).ambiguous;
    assert.equal(key && `${key.key} ${key.why}`, found);
  });
}

for (const [number, isLong] of [
  ['123456789012345', false],
  ['-12345678901234.5', true],
  ['1234567890123456', true],
  ['0.12345678901234567', true],
  ['1e400', true],
  ['1E-400', true],
  ['-1.5', false],
] as const) {
  test(`${number} is ${isLong ? '' : 'not '}looked at more closely, wherever it stands`, () => {
    for (const text of [
      number,
      `{"a":${number}}`,
      `[true,"7",[${number}]]`,
      `{"a":{"b":${number} }}`,
    ])
      assert.equal(judgeText(text).hasLongNumber, isLong, text);
  });
}

test('digits of texts are no numbers', () => {
  assert.equal(judgeText('{"a":"12345678901234567890","1e400":[]}').hasLongNumber, false);
});

test('a number that reading rounds is never missed', () => {
  fc.assert(
    fc.property(fc.bigInt(), fc.nat({ max: 40 }), (whole, places) => {
      const number = places === 0 ? `${whole}` : `${whole}.${'7'.repeat(places)}`;
      assert.ok(judgeText(`{"n":${number}}`).hasLongNumber || String(Number(number)) === number);
    }),
  );
});

test('what was written by a machine has no key twice, whatever is in it', () => {
  const words = new Set('jsonrpc id method params result error'.split(' '));
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(3), (value, indent) => {
      const found = judgeText(JSON.stringify({ value }, undefined, indent)).ambiguous;
      assert.ok(found === undefined || (found.why === 'case' && !words.has(found.key)));
    }),
  );
});

test('how deep a text nests is counted where it nests most', () => {
  for (const [text, nesting] of [
    ['7', 0],
    ['{}', 1],
    ['{"a":[[],{"b":[1]},2],"c":{}}', 4],
    ['{"a":"[[[["}', 1],
  ] as const) {
    assert.equal(judgeText(text).nesting, nesting, text);
  }
});

test('a text nested deeper than any stack is read', () => {
  const depth = 200_000;
  const text = `${'{"a":'.repeat(depth)}{"b":1,"b":2}${'}'.repeat(depth)}`;
  assert.equal(judgeText(text).ambiguous?.key, 'b');
  assert.equal(judgeText(text).nesting, depth + 1);
});
