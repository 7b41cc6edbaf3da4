import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { lastWordsOf, tellingLines } from './last-words.ts';

/** As a server wrote it, without blank lines: those are not kept. */
function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** What Node itself writes to stderr as this program ends it. */
function dyingNode(program: string): readonly string[] {
  try {
    execFileSync(process.execPath, ['-e', program], { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    if (error instanceof Error && 'stderr' in error) return linesOf(String(error.stderr));
  }
  throw new Error('it did not die');
}

test('the last words of a Node program are its error, not a frame or the version of Node', () => {
  for (const [program, words] of [
    ["throw new TypeError('no such port')", 'TypeError: no such port'],
    ["Promise.reject(new RangeError('too far'))", 'RangeError: too far'],
    [
      "require('fs').readFileSync('/no/such/file')",
      "Error: ENOENT: no such file or directory, open '/no/such/file'",
    ],
    ['let let = 1', 'SyntaxError: let is disallowed as a lexically bound name'],
    ["throw 'only a text'", 'only a text'],
  ] as const) {
    assert.equal(lastWordsOf(dyingNode(program)), words);
  }
});

const traces: { of: string; text: string; words: string }[] = [
  {
    of: 'Python',
    text: `Traceback (most recent call last):
  File "server.py", line 9, in <module>
    main()
ValueError: no such port`,
    words: 'ValueError: no such port',
  },
  {
    of: 'Python, with what was tried before',
    text: `Traceback (most recent call last):
  File "server.py", line 3, in main
KeyError: 'TOKEN'
During handling of the above exception, another exception occurred:
Traceback (most recent call last):
  File "server.py", line 9, in <module>
app.errors.Broken: needs TOKEN`,
    words: 'app.errors.Broken: needs TOKEN',
  },
  {
    of: 'Go',
    text: `panic: assignment to entry in nil map
goroutine 1 [running]:
main.main()
\t/src/main.go:5 +0x2c
exit status 2`,
    words: 'panic: assignment to entry in nil map',
  },
  {
    of: 'the JVM',
    text: `Exception in thread "main" java.lang.IllegalStateException: no such port
\tat app.Server.main(Server.java:9)
Caused by: java.io.IOException: refused
\tat app.Server.open(Server.java:4)
\t... 1 more`,
    words: 'Exception in thread "main" java.lang.IllegalStateException: no such port',
  },
  {
    of: 'Rust',
    text: `thread 'main' panicked at src/main.rs:2:5:
no such port
stack backtrace:
   0: rust_begin_unwind
             at /rustc/library/std/src/panicking.rs:652:5
note: run with \`RUST_BACKTRACE=full\` environment variable for a verbose backtrace`,
    words: 'no such port',
  },
  {
    of: 'a program that only says goodbye',
    text: `Error: cannot save
    at save (/a.js:1:2)
Shutting down`,
    words: 'Shutting down',
  },
];
for (const { of, text, words } of traces) {
  test(`the line that names the error is found in a trace of ${of}`, () => {
    assert.equal(lastWordsOf(linesOf(text)), words);
  });
}

test('who wrote nothing, or blanks, has no last words', () => {
  assert.equal(lastWordsOf([]), undefined);
  assert.equal(lastWordsOf(['  ', '']), undefined);
  assert.equal(lastWordsOf(['exit status 2']), 'exit status 2');
});

test('a trace longer than what is kept keeps its error', () => {
  const frames = Array.from({ length: 60 }, (_, at) => `\tat app.Server.f${at}(Server.java:${at})`);
  const lines = ['starting', 'Exception in thread "main" java.lang.StackOverflowError', ...frames];
  const kept = tellingLines(lines, 20);
  assert.deepEqual([kept.length, kept[0], kept.at(-1)], [20, lines[1], frames.at(-1)]);
  assert.equal(lastWordsOf(kept), lines[1]);
  assert.deepEqual(tellingLines(['a', 'b', 'c'], 2), ['b', 'c']);
});
