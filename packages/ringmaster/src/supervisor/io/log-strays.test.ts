import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStrayCapture } from './log-strays.ts';

test('only what cannot be a message goes into the log', () => {
  const noted: string[] = [];
  const see = createStrayCapture(
    (text) => void noted.push(text),
    () => 0,
  );
  see('{"jsonrpc":"2.0","id":1,"result":{}}');
  see('  [{"jsonrpc":"2.0","method":"x"}]');
  see('   ');
  see('starting up');
  see('{"level":"info"}');
  see('x'.repeat(10_000));
  assert.deepEqual(noted.slice(0, 2), ['[stdout] starting up\n', '[stdout] {"level":"info"}\n']);
  assert.equal(noted.length, 3);
  assert.ok((noted[2] ?? '').length < 5_000);
});

test('a flood of lines between messages is thinned out, and the log says by how many', () => {
  const noted: string[] = [];
  let nowMs = 0;
  const see = createStrayCapture(
    (text) => void noted.push(text),
    () => nowMs,
  );
  for (let line = 0; line < 1_000; line += 1) see(`line ${line}`);
  assert.equal(noted.length, 200);
  nowMs = 1_000;
  see('a second later');
  assert.equal(
    noted.at(-1),
    '[ringmaster] left out 800 lines of stdout: too many a second\n[stdout] a second later\n',
  );
});
