import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askedLanguage } from './asked-language.ts';

for (const [header, language] of [
  [undefined, 'en'],
  ['', 'en'],
  ['ja', 'ja'],
  ['ja-JP, ja;q=0.9, en;q=0.8', 'ja'],
  ['en-GB,en;q=0.9,ja;q=0.8', 'en'],
  ['de, ja;q=0.5, en;q=0.4', 'ja'],
  ['fr, de;q=0.9', 'en'],
  ['*', 'en'],
  ['ja;q=0, en;q=0.1', 'en'],
  ['ja;q=x', 'en'],
  ['jam, en', 'en'],
  [`${'de,'.repeat(10_000)}ja`, 'en'],
] as const)
  test(`Accept-Language ${String(header).slice(0, 40)} is answered in ${language}`, () =>
    assert.equal(askedLanguage(header), language));
