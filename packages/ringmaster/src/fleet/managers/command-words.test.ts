import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineCommand, plainCommand, splitWords } from './command-words.ts';

const plain: { line: string; words: string[] | undefined }[] = [
  { line: 'node server.js', words: ['node', 'server.js'] },
  { line: `  a  "b c" 'd "e"' `, words: ['a', 'b c', 'd "e"'] },
  { line: String.raw`a b\ c "\"x\" \n"`, words: ['a', 'b c', String.raw`"x" \n`] },
  { line: `a '' ""`, words: ['a', '', ''] },
  { line: 'a | b > c; $HOME *', words: ['a', '|', 'b', '>', 'c;', '$HOME', '*'] },
  { line: `a 'b`, words: undefined },
  { line: '', words: [] },
];
for (const { line, words } of plain) {
  test(`without a shell ${JSON.stringify(line)} is ${JSON.stringify(words)}`, () => {
    assert.deepEqual(splitWords(line), words);
  });
}

test('a text that would begin a variable in a fleet file is written so that it does not', () => {
  assert.deepEqual(plainCommand('run ${HOME} $x').fields, {
    command: 'run',
    args: ['$${HOME}', '$x'],
  });
});

const understood: { line: string; command: string; args: string[]; env?: object }[] = [
  { line: 'node worker.js', command: 'node', args: ['worker.js'] },
  { line: 'puma -p $PORT', command: 'puma', args: ['-p', '${PORT}'] },
  { line: 'puma -p "${PORT:-3000}"x', command: 'puma', args: ['-p', '${PORT:-3000}x'] },
  { line: `echo '$HOME' "\\$1"`, command: 'echo', args: ['$$HOME', '$$1'] },
  { line: `A=1 B="x y" exec run`, command: 'run', args: [], env: { A: '1', B: 'x y' } },
  { line: `run 'a|b' "c>d" e\\&f`, command: 'run', args: ['a|b', 'c>d', 'e&f'] },
  { line: 'run --x=~/y a#b', command: 'run', args: ['--x=~/y', 'a#b'] },
];
for (const { line, command, args, env = {} } of understood) {
  test(`the shell line ${line} needs no shell`, () => {
    assert.deepEqual(lineCommand(line), { fields: { command, args, env }, notes: [] });
  });
}

const forShells = [
  'a | b',
  'a && b',
  'a; b',
  'a > file',
  'a $(b)',
  'a `b`',
  'a "`b`"',
  'a *.txt',
  'a ~/x',
  'a {1,2}',
  'a $1',
  'a ${X%y}',
  'cd x',
  'if a',
  'A=1',
  'a "b',
  'a # b',
  'a\nb',
];
for (const line of forShells) {
  test(`the line ${JSON.stringify(line)} needs a shell and is not enabled`, () => {
    const { fields, notes } = lineCommand(line);
    assert.equal(fields.command, 'sh');
    assert.equal(fields.enabled, false);
    assert.equal(fields.args?.length, 2);
    assert.match(notes[0] ?? '', /needs a shell/);
  });
}
