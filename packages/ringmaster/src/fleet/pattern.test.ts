import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitsPattern } from './pattern.ts';

for (const [pattern, text, fits] of [
  ['read', 'read', true],
  ['read', 'read_file', false],
  ['read_*', 'read_file', true],
  ['*_file', 'read_file', true],
  ['r*d*e', 'read_file', true],
  ['a*a', 'a', false],
  ['*', '', true],
  ['file:///docs/*', 'file:///docs/a/b?c=d', true],
  ['file:///docs/*', 'file:///docsx', false],
  ['a.b*', 'axb', false],
  ['Read', 'read', false],
] as const) {
  test(`${pattern} ${fits ? 'fits' : 'does not fit'} ${JSON.stringify(text)}`, () => {
    assert.equal(fitsPattern(pattern, text), fits);
  });
}
