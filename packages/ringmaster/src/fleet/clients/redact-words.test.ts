import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redactWords } from './redact-words.ts';

const rows: { words: string[]; shown: string }[] = [
  { words: ['node', 'server.js', '--port', '3000'], shown: 'node server.js --port 3000' },
  { words: ['x', '--api-key', 'hush'], shown: 'x --api-key ***' },
  { words: ['x', '--api-key=hush'], shown: 'x --api-key=***' },
  {
    words: ['docker', 'run', '-e', 'API_TOKEN=hush', 'image'],
    shown: 'docker run -e API_TOKEN=*** image',
  },
  { words: ['npm exec x --token hush'], shown: 'npm exec x --token ***' },
  { words: ['x', 'ghp_abcdefghijklmnopqrstuvwxyz0123'], shown: 'x ***' },
  { words: ['x', '--header', 'Authorization: Bearer abc'], shown: 'x --header Authorization=***' },
  {
    words: ['x', 'https://me:hush@h/p?token=hush&a=1'],
    shown: 'x https://me:***@h/p?token=***&a=1',
  },
  { words: ['x', '/srv/files'], shown: 'x /srv/files' },
];
for (const { words, shown } of rows) {
  test(`${words.join(' ')} is shown as ${shown}`, () => {
    assert.equal(redactWords(words).join(' '), shown);
  });
}
