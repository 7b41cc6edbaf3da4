import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Handlers } from '../../operations/index.ts';
import { createBench, until } from './testing/stand-in.ts';

type Entry = Awaited<ReturnType<Handlers['log.search']>>['entries'][number];

const entryOf = (atMs: number, text: string): Entry => ({
  ...{ server: 'files', atMs, level: 'error', text, isCut: false },
});

/** Logs whose entries are numbered: a cursor is the count of those that were read. */
function logOf(entries: readonly Entry[], asked: unknown[]) {
  return {
    'log.read': async () => ({ lines: [], cursor: `1:${entries.length}`, missed: false }),
    'log.search': async (input) => {
      asked.push(input);
      const place = Number(input.cursor?.split(':')[1] ?? 0);
      const isNewest = input.order === 'newest';
      const rest = isNewest ? entries.toReversed() : entries.slice(place);
      const shown = rest.slice(0, input.limit);
      return {
        entries: shown,
        cursor: isNewest ? undefined : `1:${place + shown.length}`,
        isComplete: shown.length === rest.length,
        lostBytes: 0,
      };
    },
  } satisfies Partial<Handlers>;
}

test('a search shows entries oldest first, and says when there are more', async (context) => {
  const bench = createBench(context);
  const asked: unknown[] = [];
  const entries = [1, 2, 3].map((at) => entryOf(at, `ERROR ${at}\n    at place ${at}`));
  await bench.serve(logOf(entries, asked));
  const words = ['logs', 'files', '--level', 'ERROR', '--search', 'Æ', '--since', '1970-01-01'];
  const shown = await bench.run(...words, '-n', '2');
  assert.match(shown.stdout, /^\S+ \S+ ERROR {4}ERROR 2\n {4}at place 2\n\S+ \S+ ERROR/);
  assert.match(shown.stderr, /There are more/);
  const [input] = asked as { level: string; text: string; sinceMs: number; limit: number }[];
  assert.deepEqual([input?.level, input?.text, input?.limit], ['error', 'Æ', 2]);
  assert.equal(input?.sinceMs, new Date(1970, 0, 1).getTime());
  const json = JSON.parse((await bench.run(...words, '--json')).stdout);
  assert.deepEqual(json.entries, entries.toReversed());
});

test('logs -f with a level shows the last errors, then what comes, each once', async (context) => {
  const bench = createBench(context);
  const entries = [entryOf(1, 'ERROR before')];
  await bench.serve(logOf(entries, []));
  const running = bench.start(['logs', '-f', '--level', 'error', 'files']);
  const saw = (text: string) =>
    until(
      () => running.said.stdout.includes(text),
      () => JSON.stringify(running.said),
    );
  await saw('before');
  entries.push(entryOf(2, 'ERROR after'));
  await saw('after');
  running.child.kill('SIGINT');
  const { stdout } = await running.ended;
  assert.equal(stdout.match(/before|after/g)?.join(), 'before,after');
});

test('an export holds every entry of several servers by time, and is for its owner only', async (context) => {
  const bench = createBench(context);
  const entries = Array.from({ length: 60_000 }, (_, at) => entryOf(at, `ERROR ${at}`));
  await bench.serve(logOf(entries, []));
  const ended = await bench.run('logs', 'files', '--export', 'copy.txt', '--json');
  assert.equal(ended.code, 0, ended.stderr);
  assert.match(ended.stderr, /60000 entries/);
  const copy = readFileSync(join(bench.folder, 'copy.txt'), 'utf8').trimEnd().split('\n');
  assert.deepEqual(
    copy.map((line) => JSON.parse(line).atMs),
    entries.map(({ atMs }) => atMs),
  );
  const refused = await bench.run('logs', 'files', '--export', 'no/such/folder/x');
  assert.equal(refused.code, 1);
  assert.ok(!existsSync(join(bench.folder, 'no')));
});

test('a summary is a table by level with the most frequent errors, in both languages', async (context) => {
  const bench = createBench(context);
  const counts = { critical: 0, error: 12, warn: 3, info: 900, debug: 0 };
  const topErrors = [
    { shape: 'ERROR user # not found', count: 12, firstAtMs: 0, lastAtMs: 9, example: 'x' },
  ];
  const row = { counts, entries: 915, entriesPerMinute: 1.5, firstAtMs: 0, lastAtMs: 60_000 };
  const servers = [{ server: 'files', ...row, topErrors, lostBytes: 17 }];
  await bench.serve({ 'log.summary': async () => ({ servers }) });
  const english = await bench.run('logs', '--summary', 'files');
  assert.match(english.stdout, /files +0 +12 +3 +900 +0 +1\.5/);
  assert.match(english.stdout, /12 {2}ERROR user # not found\n +first 19/);
  assert.match(english.stderr, /17 bytes could not be written/);
  const japanese = await bench.run('logs', '--summary', 'files', '--lang', 'ja');
  assert.match(japanese.stdout, /致命的 +エラー +警告/);
  assert.equal(
    JSON.parse((await bench.run('logs', '--summary', 'files', '--json')).stdout).servers[0].entries,
    915,
  );
});

test('bytes that were lost are told once while following, and again when there are more', async (context) => {
  const bench = createBench(context);
  let lostBytes = 5;
  let reads = 0;
  await bench.serve({
    'log.read': async () => {
      reads += 1;
      return { lines: [], cursor: '1:0', missed: false, lostBytes };
    },
  });
  const running = bench.start(['logs', '-f', 'files']);
  const said = () => running.said.stderr.match(/\d+ bytes/g) ?? [];
  const waitFor = (isSo: () => boolean) => until(isSo, () => JSON.stringify(running.said));
  await waitFor(() => reads > 2);
  lostBytes = 9;
  await waitFor(() => said().length > 1);
  running.child.kill('SIGINT');
  await running.ended;
  assert.deepEqual(said(), ['5 bytes', '9 bytes']);
});

const refusals: readonly (readonly [readonly string[], RegExp])[] = [
  [['--level', 'bad'], /--level found "bad", needed one of critical, error/],
  [['--since', 'yesterday'], /--since found "yesterday", needed a duration such as 1h/],
  [['--until', '2026-13-45'], /--until found "2026-13-45"/],
  [['--follow', '--summary'], /--follow cannot be combined with --summary/],
  [['--summary', '--level', 'error'], /--summary cannot be combined with --level/],
];
test('flags that make no sense are refused with what is needed', async (context) => {
  const bench = createBench(context);
  for (const [flags, words] of refusals) {
    const ended = await bench.run('logs', 'files', ...flags);
    assert.equal(ended.code, 64, ended.stderr);
    assert.match(ended.stderr, words);
  }
});
