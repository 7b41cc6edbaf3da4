import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Key } from './en.ts';
import { createSay } from './say.ts';

test('what another version called otherwise is called by its name', () => {
  const say = createSay('en');
  assert.equal(say('rule.ofAnotherVersion' as Key, { subject: 'files' }), 'rule.ofAnotherVersion');
  assert.equal(say('rule.down', { subject: 'files' }), 'files died');
});

test('a name is parted from Japanese words by a space, a Japanese word is not', () => {
  const say = createSay('ja');
  assert.equal(say('rule.down', { subject: 'files' }), 'files が異常終了');
  assert.equal(say('rule.down', { subject: 'サーバー' }), 'サーバーが異常終了');
});
