import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { logLevels } from '../fleet/log-levels.ts';
import { createLineBuffer } from './io/line-buffer.ts';
import { createLineClassifier } from './log-level.ts';
import { newLineState } from './log-trace.ts';

const builtIn = createLineClassifier();

function levelOf(line: string, classifier = builtIn): string {
  const bytes = Buffer.from(line);
  const state = newLineState();
  assert.equal(classifier.next(bytes, { from: 0, to: bytes.length }, state), true);
  return logLevels[state.rank];
}

const levels: readonly (readonly [string, string])[] = [
  ['2026-11-20 10:00:00 CRITICAL error: the database is gone', 'critical'],
  ['FATAL out of memory', 'critical'],
  ['panic: runtime error: index out of range', 'critical'],
  ['{"level":"dpanic","ts":1.7e9,"msg":"zap"}', 'critical'],
  ['[ERROR] cannot read the file', 'error'],
  ['error: no such file', 'error'],
  ['TypeError: x is not a function', 'error'],
  ['java.lang.NullPointerException', 'error'],
  ['Uncaught Exception in worker', 'error'],
  ['WARN  deprecated option', 'warn'],
  ['(node:12) Warning: something', 'warn'],
  ['level=warning msg="an error happened"', 'warn'],
  ['INFO the request failed with an error', 'info'],
  ['info: no fatal problem', 'info'],
  ['DEBUG error handler installed', 'debug'],
  ['trace: entering', 'debug'],
  ['server listening on 8000', 'info'],
  ['3 errors were mended', 'info'],
  ['the terror of it', 'info'],
  ['sending an alert to the operator', 'info'],
  ['ALERT disk', 'critical'],
  ['failed to do it', 'info'],
  ['サーバーで ERROR が発生しました', 'error'],
  ['{"level":"warn","msg":"an error"}', 'warn'],
  ['{"time":1,"level":50,"msg":"pino"}', 'error'],
  ['{"level":60,"msg":"pino"}', 'critical'],
  ['{"level":20,"msg":"error"}', 'debug'],
  ['{"severity":"CRITICAL","message":"x"}', 'critical'],
  ['{"PRIORITY":"6","severity":3}', 'error'],
  ['{"msg":"no level, but an error"}', 'error'],
  ['{"msg":"say \\"level\\":\\"error\\"","level":"info"}', 'info'],
  ['[stdout] ERROR printed between messages', 'error'],
  ['[stdout] {"level":"debug"}', 'debug'],
  [`${'x'.repeat(600)} ERROR far away`, 'info'],
  ['\x1b[31mERROR\x1b[0m in red', 'error'],
  ['[12:00:01.5] \x1b[31mERROR\x1b[39m (12): \x1b[36mas pino-pretty\x1b[39m', 'error'],
  ['\x1b[32m2026-11-22\x1b[0m | \x1b[33m\x1b[1mWARNING \x1b[0m | as loguru', 'warn'],
  ['\x1b[36mdebug\x1b[39m: an error, as winston says it', 'debug'],
  ['\x1b[32minfo\x1b[39m: no fatal problem', 'info'],
  ['\x1b[90m{"level":"error"}\x1b[39m', 'error'],
  ['\x1b', 'info'],
  ['\x1b[', 'info'],
];
for (const [line, level] of levels)
  test(`${level}: ${line.slice(0, 60)}`, () => assert.equal(levelOf(line), level));

test('patterns of the fleet file come before what is built in, in their order, in any script', () => {
  const own = createLineClassifier([
    { text: 'harmless', level: 'debug' },
    { text: '接続が切れました', level: 'critical' },
    { text: 'oom', level: 'critical' },
  ]);
  assert.equal(levelOf('ERROR a harmless OOM', own), 'debug');
  assert.equal(levelOf('OOM killer', own), 'critical');
  assert.equal(levelOf('サーバーとの接続が切れました 100%', own), 'critical');
  assert.equal(levelOf('ERROR as ever', own), 'error');
});

const traces: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'a Python traceback after a logged error',
    'ERROR:root:broken\nTraceback (most recent call last):\n  File "a.py", line 1\nValueError: bad\nINFO:root:on',
    ['error ERROR:root:broken', 'info INFO:root:on'],
  ],
  [
    'a Python traceback of its own, with a cause',
    'up\nTraceback (most recent call last):\n  File "a.py"\nKeyError: 1\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File "b.py"\napp.Broken: no\nup again',
    ['info up', 'error Traceback (most recent call last):', 'info up again'],
  ],
  [
    'a Node stack',
    'TypeError: x\n    at run (a.js:1)\n    at b.js:2\n\nready',
    ['error TypeError: x', 'info ready'],
  ],
  [
    'a Java stack with a cause',
    'java.io.IOException: x\n\tat a.B.c(B.java:1)\nCaused by: java.lang.Error: y\n\t... 3 more\nok',
    ['error java.io.IOException: x', 'info ok'],
  ],
  [
    'what a Java program logged with its exception',
    '10:00 ERROR [main] App - failed\njava.io.IOException: x\n\tat a.B.c(B.java:1)\njava.io.IOException: y\n\tat a.B.d(B.java:1)\nok',
    ['error 10:00 ERROR [main] App - failed', 'error java.io.IOException: y', 'info ok'],
  ],
  [
    'a panic of Go, with all its goroutines,',
    'panic: nil map\n[signal SIGSEGV: segmentation violation]\n\ngoroutine 1 [running]:\nmain.(*Server).run(0xc0, {0x1, 0x2})\n\t/app/main.go:8 +0x1d\ncreated by main.main in goroutine 7\n\t/app/main.go:3\n\ngoroutine 5 [select]:\nnet/http.serve(...)\n\t/x.go:1\nexit status 2\nstarted again (1)',
    ['critical panic: nil map', 'info started again (1)'],
  ],
  ['JSON on several lines', '{\n  "level": "x"\n}\nok', ['info {', 'info ok']],
  [
    'a coloured Node stack',
    '\x1b[31mTypeError: x\x1b[39m\n\x1b[90m    at run (a.js:1)\x1b[39m\nready',
    ['error \x1b[31mTypeError: x\x1b[39m', 'info ready'],
  ],
  ['an indented first line', '  first\nsecond', ['info   first', 'info second']],
];
for (const [name, text, entries] of traces)
  test(`${name} is one entry`, () => assert.deepEqual(entriesOf([Buffer.from(text)]), entries));

/** Level and first line of each entry, when the output comes in these chunks. */
function entriesOf(chunks: readonly Buffer[]): string[] {
  const found: string[] = [];
  const state = newLineState();
  const buffer = createLineBuffer((bytes) => {
    for (let from = 0; from < bytes.length; ) {
      const to = bytes.indexOf(10, from);
      if (builtIn.next(bytes, { from, to }, state))
        found.push(`${logLevels[state.rank]} ${bytes.toString('utf8', from, to)}`);
      from = to + 1;
    }
  });
  for (const chunk of chunks) buffer.push(chunk);
  buffer.finish();
  return found;
}

test('however the output is cut into chunks, entries and levels are the same', () => {
  const whole = Buffer.from(
    traces.map(([, text]) => `${text}\n`).join('') +
      levels.map(([line]) => `${line}\n`).join('') +
      'ログの終わり',
  );
  const wanted = entriesOf([whole]);
  assert.ok(wanted.length > 40);
  const cuts = fc.array(fc.nat(whole.length), { maxLength: 60 });
  fc.assert(
    fc.property(cuts, (places) => {
      const ends = [...places, whole.length].sort((one, other) => one - other);
      const chunks = ends.map((end, at) => whole.subarray(ends[at - 1] ?? 0, end));
      assert.deepEqual(entriesOf(chunks), wanted);
    }),
    { numRuns: 200 },
  );
});
