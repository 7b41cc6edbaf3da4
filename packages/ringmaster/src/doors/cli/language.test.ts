import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseLanguage, languageFlag } from './language.ts';

for (const row of [
  { flag: undefined, env: {}, language: 'en' },
  { flag: undefined, env: { LANG: 'ja_JP.UTF-8' }, language: 'ja' },
  { flag: undefined, env: { LANG: 'ja_JP.UTF-8', LC_ALL: 'C' }, language: 'en' },
  { flag: undefined, env: { LANG: 'C', LC_MESSAGES: 'ja' }, language: 'ja' },
  { flag: undefined, env: { LANG: 'ja', LC_ALL: '' }, language: 'ja' },
  { flag: undefined, env: { LANG: 'jam_JM' }, language: 'en' },
  { flag: 'en', env: { LANG: 'ja_JP.UTF-8' }, language: 'en' },
  { flag: 'ja', env: {}, language: 'ja' },
  { flag: 'de', env: {}, language: undefined },
] as const) {
  test(`--lang ${row.flag} with ${JSON.stringify(row.env)} speaks ${row.language}`, () => {
    assert.equal(chooseLanguage(row.flag, row.env), row.language);
  });
}

test('the language is found before anything else is parsed', () => {
  assert.equal(languageFlag(['status', '--lang', 'ja']), 'ja');
  assert.equal(languageFlag(['--lang=ja', 'status']), 'ja');
  assert.equal(languageFlag(['call', '--', '--lang', 'ja']), undefined);
  assert.equal(languageFlag(['status', '--lang']), '');
});
