import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fleetOf } from '../../fleet/testing/fleet-of.ts';
import { createLogCapture } from './log-capture.ts';
import { createLogQuestions } from './log-questions.ts';

const giveUpMs = 20_000;

test('a log that was quiet is told anew as soon as a line is captured, however often it was asked before', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-capture-'));
  const logs = createLogCapture(join(folder, 'logs'));
  const spec = fleetOf({ servers: { it: { command: 'x' } } }).servers[0];
  assert.ok(spec);
  const questions = createLogQuestions(logs, () => spec);
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY);
  context.after(async () => {
    await questions.close();
    await logs.close();
    rmSync(folder, { recursive: true });
  });
  logs.open('it', reader, spec.logs);
  const errors = async () => (await questions.summarizeLog('it', { sinceMs: 1 })).counts.error;
  for (let round = 1; round <= 20; round += 1) {
    const before = await logs.flush('it');
    assert.deepEqual(await logs.flush('it'), before, 'nothing was captured between the two');
    writeSync(writer, `ERROR ${round}\n`);
    const giveUpAtMs = Date.now() + giveUpMs;
    while ((await logs.flush('it')).captures === before.captures)
      assert.ok(Date.now() < giveUpAtMs, `line ${round} was never captured`);
    const text = readFileSync(join(folder, 'logs/it/current.log'), 'utf8');
    assert.equal(text.split('\n').length - 1, round, 'what was captured is in the file');
    assert.equal(await errors(), round);
  }
  const other = await logs.flush('other');
  logs.note('it', 'a line\n', spec.logs);
  await logs.flush('it');
  assert.deepEqual(await logs.flush('other'), other, 'the words of one are none of the other');
  // Its last words have no newline.
  const before = await logs.flush('it');
  writeSync(writer, 'ERROR last');
  closeSync(writer);
  const giveUpAtMs = Date.now() + giveUpMs;
  while ((await errors()) !== 21) assert.ok(Date.now() < giveUpAtMs, 'the last words are missing');
  assert.notEqual((await logs.flush('it')).captures, before.captures);
});
