import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemRows } from '../../../errors.ts';
import { japaneseHints } from '../../../japanese/hints.ts';
import { english } from './en.ts';
import { loadSpeech } from './index.ts';
import { japanese } from './ja.ts';
import { fill, type MessageKey, placeholders } from './say.ts';

const keys = Object.keys(english) as MessageKey[];

/** Words that are the same in both languages: names and abbreviations. */
const sameInBoth = new Set(['column.pid', 'column.cpu', 'detail.url', 'up.client']);

test('every sentence exists in both languages and is not empty', () => {
  assert.ok(keys.length > 150, `saw ${keys.length}`);
  assert.deepEqual(Object.keys(japanese).sort(), [...keys].sort());
  for (const key of keys) {
    assert.notEqual(english[key].trim(), '', key);
    assert.notEqual(japanese[key].trim(), '', key);
  }
});

test('a sentence needs the same values in both languages', () => {
  const withValues = keys.filter((key) => placeholders(english[key]).length > 0);
  assert.ok(withValues.length > 40, `saw ${withValues.length}`);
  for (const key of keys) {
    assert.deepEqual(placeholders(japanese[key]), placeholders(english[key]), key);
  }
});

test('Japanese sentences are Japanese', () => {
  for (const key of keys) {
    if (sameInBoth.has(key)) continue;
    const isListOfNames = key === 'help.export.client';
    assert.ok(isListOfNames || /[ぁ-んァ-ヶ一-龠]/.test(japanese[key]), `${key}: ${japanese[key]}`);
  }
});

test('every kind of error has a hint in both languages, without a full stop', () => {
  const codes = Object.keys(problemRows);
  assert.ok(codes.length > 20, `saw ${codes.length}`);
  assert.deepEqual(Object.keys(japaneseHints).sort(), [...codes].sort());
  for (const [code, hint] of Object.entries(japaneseHints)) {
    assert.match(hint, /[ぁ-ん一-龠]/, code);
    assert.doesNotMatch(hint, /[。.]$/, code);
  }
});

test('a hint follows the language', async () => {
  const [en, ja] = await Promise.all([loadSpeech('en'), loadSpeech('ja')]);
  assert.equal(en.hint('bad_usage'), problemRows.bad_usage.hint);
  assert.equal(ja.hint('bad_usage'), japaneseHints.bad_usage);
});

test('values take the place of their names, and nothing else is touched', () => {
  assert.equal(fill('{a} of {b}, {a}', { a: 1, b: '{a}' }), '1 of {a}, 1');
  assert.equal(fill('{missing} {toString}', {}), '{missing} {toString}');
});
