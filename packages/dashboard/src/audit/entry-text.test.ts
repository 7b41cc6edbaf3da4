import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entryText } from './entry-text.ts';

const how = { changed: ['env.TOKEN'], value: 'new', same: 'set' };

test('an entry is told line by line, and only a changed variable has another value', () => {
  const entry = { command: 'node', args: ['a b.js'], environment: ['TOKEN', 'MODE'], cwd: '/srv' };
  assert.deepEqual(entryText(entry, how).split('\n'), [
    ...['command: "node"', '  "a b.js"', 'cwd: "/srv"'],
    ...['env.TOKEN: new', 'env.MODE: set'],
  ]);
});

test('what hides in a command is seen: characters of no width, turned text, line breaks', () => {
  const entry = { command: 'no\u200bde', args: ['\u202egpj.exe', 'a\nb'], environment: [] };
  assert.equal(entryText(entry, how), 'command: "no[U+200B]de"\n  "[U+202E]gpj.exe"\n  "a\\nb"');
});
