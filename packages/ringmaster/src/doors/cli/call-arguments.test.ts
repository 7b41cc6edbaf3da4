import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPairs, toolCandidates } from './call-arguments.ts';

const schema = {
  properties: { zip: { type: 'string' }, count: { type: 'integer' }, deep: { type: 'object' } },
};

for (const row of [
  { pairs: ['count=3'], values: { count: 3 } },
  { pairs: ['zip=01234', 'zip=0567'], values: { zip: '0567' } },
  { pairs: ['zip=true'], values: { zip: 'true' } },
  { pairs: ['other=true', 'nothing=null'], values: { other: true, nothing: null } },
  { pairs: ['deep={"a":[1]}'], values: { deep: { a: [1] } } },
  { pairs: ['text=a = b'], values: { text: 'a = b' } },
  { pairs: ['empty='], values: { empty: '' } },
  { pairs: ['toString=1'], values: { toString: 1 } },
]) {
  test(`${row.pairs.join(' ')} is ${JSON.stringify(row.values)}`, () => {
    assert.deepEqual(readPairs(row.pairs, schema), { kind: 'read', values: row.values });
  });
}

for (const pair of ['count', '=3', '']) {
  test(`"${pair}" is no argument`, () => {
    assert.deepEqual(readPairs([pair], schema), { kind: 'refused', pair });
  });
}

for (const [word, expected] of [
  ['files.read', ['files/read']],
  ['my.files.read', ['my.files/read', 'my/files.read']],
  ['read', []],
  ['.read', []],
  ['files.', []],
] as const) {
  test(`"${word}" may mean ${expected.join(' or ') || 'a name at /mcp only'}`, () => {
    const found = toolCandidates(word).map(({ server, tool }) => `${server}/${tool}`);
    assert.deepEqual(found, expected);
  });
}
