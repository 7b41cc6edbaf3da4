import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { Problem } from '../../errors.ts';
import { fleetOf } from '../../fleet/testing/fleet-of.ts';
import { encodeBatch, encodeHeader, recordBytes } from '../log-index.ts';
import { createLogCapture } from './log-capture.ts';
import { currentPaths } from './log-files.ts';
import { createLogQuestions } from './log-questions.ts';
import { createLogSearcher } from './log-searcher.ts';

test('what two generations of a server wrote at once is found, whole lines each, while they write', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-questions-'));
  const logs = createLogCapture(join(folder, 'logs'));
  const spec = fleetOf({
    servers: { it: { command: 'x', logs: { maxSizeBytes: 100_000 } } },
  }).servers[0];
  assert.ok(spec);
  const questions = createLogQuestions(logs, (server) => {
    if (server === 'it') return spec;
    throw new Problem('server_not_found', `No server is named "${server}"`);
  });
  context.after(async () => {
    await questions.close();
    await logs.close();
    rmSync(folder, { recursive: true });
  });
  const writers = ['old', 'new'].map((name) => {
    const path = join(folder, name);
    execFileSync('mkfifo', [path]);
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const fd = openSync(path, constants.O_WRONLY);
    logs.open('it', reader, spec.logs);
    return { name, fd };
  });
  for (let at = 0; at < 2_000; at += 1)
    for (const { name, fd } of writers) {
      const line = `ERROR ${name} ${at} ${'x'.repeat(80)}\n`;
      writeSync(fd, line.slice(0, 20));
      writeSync(fd, line.slice(20));
    }
  for (const { fd } of writers) closeSync(fd);
  const listing = { order: 'oldest', limit: 10_000 } as const;
  const found = async (text: string) =>
    (await questions.searchLog('it', { text }, listing)).entries;
  const giveUpAtMs = Date.now() + 60_000;
  while ((await found('ERROR')).length < 4_000)
    assert.ok(Date.now() < giveUpAtMs, 'lines are missing');
  for (const { name } of writers) {
    const numbers = (await found(`ERROR ${name} `)).map(({ text }) => Number(text.split(' ')[2]));
    assert.deepEqual(
      numbers,
      Array.from({ length: 2_000 }, (_, at) => at),
    );
  }
  const summary = await questions.summarizeLog('it', {});
  assert.deepEqual([summary.counts.error, summary.lostBytes], [4_000, 0]);
  await assert.rejects(questions.searchLog('other', {}, listing), { code: 'server_not_found' });
});

test('a summary of a time in which nothing was written starts no thread', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-questions-'));
  const logs = createLogCapture(join(folder, 'logs'));
  const spec = fleetOf({ servers: { it: { command: 'x' } } }).servers[0];
  assert.ok(spec);
  let asked = 0;
  const questions = createLogQuestions(
    logs,
    () => spec,
    (answerTimeoutMs) => {
      const searcher = createLogSearcher(answerTimeoutMs);
      return {
        ...searcher,
        summarize(question) {
          asked += 1;
          return searcher.summarize(question);
        },
      };
    },
  );
  context.after(async () => {
    await questions.close();
    await logs.close();
    rmSync(folder, { recursive: true });
  });
  logs.note('it', 'ERROR one\n', spec.logs);
  await logs.flush('it');
  const afterMs = statSync(join(folder, 'logs/it/current.log')).mtimeMs + 1;
  const quiet = await questions.summarizeLog('it', { sinceMs: afterMs });
  assert.deepEqual([quiet.entries, quiet.counts.error, quiet.lastAtMs], [0, 0, undefined]);
  assert.equal(asked, 0);
  const all = await questions.summarizeLog('it', { sinceMs: afterMs - 60_000 });
  assert.deepEqual([all.counts.error, asked], [1, 1]);
});

test('a search that waits when the daemon stops is told so, and too many are refused', async () => {
  const searcher = createLogSearcher(60_000);
  const question = { server: 'it', folder: '/nowhere', levels: [], query: {} };
  const search = () => searcher.search(question, { order: 'newest', limit: 1 });
  const waiting = Array.from({ length: 64 }, () =>
    assert.rejects(search(), { code: 'search_busy' }),
  );
  await assert.rejects(search(), /64 searches wait already/);
  await searcher.close();
  await Promise.all(waiting);
});

test('a log of two million lines that came one by one is opened and summed up in the memory of its threads', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-questions-'));
  const logs = createLogCapture(join(folder, 'logs'));
  const spec = fleetOf({ servers: { it: { command: 'x' } } }).servers[0];
  assert.ok(spec);
  const questions = createLogQuestions(logs, () => spec);
  context.after(async () => {
    await questions.close();
    await logs.close();
    rmSync(folder, { recursive: true });
  });
  const count = 2_000_000;
  const { path, indexPath } = currentPaths(join(folder, 'logs', 'it'));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, 'INFO line\n'.repeat(count));
  const index = Buffer.alloc((1 + count) * recordBytes);
  index.set(encodeHeader(1));
  const batch = { counts: [0, 0, 0, 1, 0], goesOn: false, isUnknown: false };
  for (let at = 1; at <= count; at += 1)
    index.set(encodeBatch({ ...batch, end: at * 10, atMs: at }), at * recordBytes);
  writeFileSync(indexPath, index);
  logs.note('it', 'ERROR the last\n', spec.logs);
  const { counts, firstAtMs } = await questions.summarizeLog('it', { sinceMs: 1 });
  assert.deepEqual([counts.info, counts.error, firstAtMs], [count, 1, 1]);
  const listing = { order: 'newest', limit: 2 } as const;
  const found = await questions.searchLog('it', { level: 'error' }, listing);
  assert.deepEqual(
    found.entries.map(({ text }) => text),
    ['ERROR the last'],
  );
});
