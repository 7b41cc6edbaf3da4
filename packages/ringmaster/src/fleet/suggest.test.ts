import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editDistance, suggest } from './suggest.ts';

const keys = [
  'command',
  'args',
  'env',
  'envFile',
  'url',
  'headers',
  'dependsOn',
  'enabled',
  'cwd',
  'kind',
];
const rows: { word: string; near: string | undefined }[] = [
  { word: 'comand', near: 'command' },
  { word: 'commnad', near: 'command' },
  { word: 'depends_on', near: 'dependsOn' },
  { word: 'ENV', near: 'env' },
  { word: 'env-file', near: 'envFile' },
  { word: 'arg', near: 'args' },
  { word: 'disabled', near: 'enabled' },
  { word: 'environment', near: 'env' },
  { word: 'workingDir', near: 'cwd' },
  { word: 'type', near: 'kind' },
  { word: 'zebra', near: undefined },
  { word: 'constructor', near: undefined },
  { word: '', near: undefined },
];
for (const { word, near } of rows) {
  test(`the nearest key to ${JSON.stringify(word)} is ${near ?? 'none'}`, () => {
    assert.equal(suggest(word, keys), near);
  });
}

test('a swap of neighbours is one edit', () => {
  assert.equal(editDistance('abcd', 'abdc'), 1);
  assert.equal(editDistance('abc', ''), 3);
  assert.equal(editDistance('kitten', 'sitting'), 3);
});
