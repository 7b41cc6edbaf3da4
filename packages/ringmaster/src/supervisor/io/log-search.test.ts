import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { LogListing, LogQuery } from '../log-query.ts';
import { newLineState } from '../log-trace.ts';
import { openLogFile } from './log-file.ts';
import { listLogs } from './log-files.ts';
import { searchLog, summarizeLog } from './log-search.ts';

const limits = {
  maxSizeBytes: 2_000,
  keep: 1_000,
  daily: false,
  compress: false,
  maxAgeMs: 1e15,
  maxTotalBytes: 1e15,
  levels: [],
};

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-search-'));
  try {
    await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One write a moment: the text at place 0 is captured at 0 ms, the next at 1000 ms. */
function write(folder: string, texts: readonly string[], maxSizeBytes = limits.maxSizeBytes): void {
  let nowMs = 0;
  const needs = { nowMs: () => nowMs, onRotate: () => {} };
  const file = openLogFile(folder, { ...limits, maxSizeBytes }, needs);
  const state = newLineState();
  for (const text of texts) {
    file.write(Buffer.from(`${text}\n`), state);
    file.flush();
    nowMs += 1_000;
  }
  file.close();
}

/** Every rotated file but the newest becomes a compressed one, as the keeper does it. */
function compressRotated(folder: string): number {
  const rotated = listLogs(folder).filter(({ isCurrent }) => !isCurrent);
  for (const { path } of rotated.slice(1)) {
    writeFileSync(`${path}.gz`, gzipSync(readFileSync(path)));
    unlinkSync(path);
  }
  return rotated.length - 1;
}

const questionOf = (folder: string, query: LogQuery) => ({
  server: 'it',
  folder,
  levels: [],
  query,
});
const newest = { order: 'newest', limit: 100 } as const;

async function find(folder: string, query: LogQuery, listing: LogListing = newest) {
  const { entries } = await searchLog(questionOf(folder, query), listing);
  return entries.map(({ text }) => text);
}

test('entries are found by text in any case and width, by level and by time, newest first', async () => {
  await inFolder(async (folder) => {
    write(folder, [
      'INFO start',
      'ERROR Disk is full\n    at write (a.js:1)',
      'WARN ディスクの残りが少ない',
      'エラー: ディスクがいっぱいです',
      'CRITICAL disk is gone',
    ]);
    const rows: readonly (readonly [LogQuery, readonly number[]])[] = [
      [{}, [4, 3, 2, 1, 0]],
      [{ text: 'DISK IS' }, [4, 1]],
      [{ text: 'a.js:1' }, [1]],
      [{ text: 'ディスク' }, [3, 2]],
      [{ text: 'ﾃﾞｨｽｸ' }, [3, 2]],
      [{ level: 'warn' }, [4, 2, 1]],
      [{ level: 'critical' }, [4]],
      [{ sinceMs: 2_000 }, [4, 3, 2]],
      [{ sinceMs: 1_000, untilMs: 3_000, level: 'warn' }, [2, 1]],
      [{ text: 'nowhere' }, []],
    ];
    for (const [query, places] of rows) {
      const { entries } = await searchLog(questionOf(folder, query), newest);
      assert.deepEqual(
        entries.map(({ atMs }) => atMs / 1_000),
        places,
        JSON.stringify(query),
      );
    }
    assert.deepEqual(await find(folder, { text: 'full' }), [
      'ERROR Disk is full\n    at write (a.js:1)',
    ]);
  });
});

const texts = Array.from({ length: 400 }, (_, at) =>
  at % 7 === 0 ? `ERROR number ${at}\n    at place ${at}` : `INFO number ${at}`,
);

for (const order of ['newest', 'oldest'] as const)
  test(`page by page, ${order} first, nothing is missing or doubled in rotated and compressed files`, async () => {
    await inFolder(async (folder) => {
      // One line each, as rotation may part an entry of two.
      const lines = texts.map((text) => text.split('\n')[0] ?? '');
      write(folder, lines, 900);
      assert.ok(compressRotated(folder) > 3);
      const found: string[] = [];
      let cursor: string | undefined;
      let isComplete = false;
      do {
        const listing = { order, limit: 7, ...(cursor === undefined ? {} : { cursor }) };
        const page = await searchLog(questionOf(folder, {}), listing);
        assert.ok(page.entries.length <= 7);
        found.push(...page.entries.map(({ text }) => text));
        cursor = page.cursor;
        isComplete = page.isComplete;
      } while (!isComplete);
      assert.deepEqual(found, order === 'oldest' ? lines : lines.toReversed());
    });
  });

test('text is found in its stretch of a long file, joined lines and full width included', async () => {
  await inFolder(async (folder) => {
    const filler = 'INFO all is well, as it was before\n'.repeat(20_000).trimEnd();
    const sought = ['ERROR ｄｉｓｋ is full\r\n    at write', filler, 'WARN Disk'];
    write(folder, [filler, filler, ...sought, filler, filler], 100_000_000);
    assert.deepEqual(await find(folder, { text: 'disk' }), [
      'WARN Disk',
      'ERROR ｄｉｓｋ is full\n    at write',
    ]);
    assert.equal((await find(folder, { text: 'full\n    AT' })).length, 1);
    assert.deepEqual(await find(folder, { text: 'never written' }), []);
  });
});

test('rotation and compression lose no line', async () => {
  await inFolder(async (folder) => {
    write(folder, texts);
    compressRotated(folder);
    const files = listLogs(folder).reverse();
    const read = files.map(({ path, isCompressed }) => {
      const bytes = readFileSync(path);
      return (isCompressed ? gunzipSync(bytes) : bytes).toString();
    });
    assert.equal(read.join(''), texts.map((text) => `${text}\n`).join(''));
  });
});

test('a search finds the same whatever the sizes of files, and as a plain look at the lines does', async () => {
  const line = fc.constantFrom(
    'INFO a b',
    'ERROR b\n  at c',
    'plain c',
    'WARN 日本',
    'x'.repeat(300),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 40, max: 3_000 }),
      fc.constantFrom('a', 'b', 'c', '日本', 'xx'),
      async (lines, sizeBytes, text) => {
        await inFolder(async (folder) => {
          write(folder, lines, Math.max(1, sizeBytes));
          compressRotated(folder);
          // An entry that rotation parted is two: its lines are all there, each found where it stands.
          const wanted = lines
            .flatMap((one) => one.split('\n'))
            .filter((one) => one.includes(text));
          const found = (await find(folder, { text }, { order: 'oldest', limit: 1_000 }))
            .flatMap((one) => one.split('\n'))
            .filter((one) => one.includes(text));
          assert.deepEqual(found, wanted);
        });
      },
    ),
    { numRuns: 40 },
  );
});

test('a summary counts by level, groups errors by shape and knows their times', async () => {
  await inFolder(async (folder) => {
    write(folder, texts);
    compressRotated(folder);
    const all = await summarizeLog(questionOf(folder, {}));
    assert.deepEqual(all.counts, { critical: 0, error: 58, warn: 0, info: 342, debug: 0 });
    assert.equal(all.entries, 400);
    assert.equal(Math.round(all.entriesPerMinute), 60);
    assert.deepEqual([all.firstAtMs, all.lastAtMs], [0, 399_000]);
    assert.deepEqual(
      all.topErrors.map(({ shape, count, firstAtMs, lastAtMs }) => [
        shape,
        count,
        firstAtMs,
        lastAtMs,
      ]),
      [['ERROR number #', 58, 0, 399_000]],
    );
    const some = await summarizeLog(questionOf(folder, { sinceMs: 10_000, untilMs: 19_999 }));
    assert.deepEqual([some.entries, some.counts.error], [10, 1]);
  });
});

test('oldest first, a search reads on in what was written since', async () => {
  await inFolder(async (folder) => {
    write(folder, ['ERROR one', 'INFO two', 'ERROR three']);
    const listing = { order: 'oldest', limit: 10 } as const;
    const errors = questionOf(folder, { level: 'error' });
    const first = await searchLog(errors, listing);
    assert.equal(first.isComplete, true);
    write(folder, ['ERROR four', ...texts.slice(1, 7), 'ERROR five']);
    const second = await searchLog(errors, { ...listing, cursor: first.cursor ?? '' });
    assert.deepEqual(
      [...first.entries, ...second.entries].map(({ text }) => text),
      ['ERROR one', 'ERROR three', 'ERROR four', 'ERROR five'],
    );
  });
});

test('a log whose index is gone is searched all the same', async () => {
  await inFolder(async (folder) => {
    write(folder, texts);
    for (const { indexPath } of listLogs(folder)) unlinkSync(indexPath);
    assert.deepEqual(await find(folder, { level: 'error', text: 'number 399' }), [texts[399]]);
    assert.equal((await summarizeLog(questionOf(folder, {}))).counts.error, 58);
  });
});

test('an endless entry is shown by its beginning', async () => {
  await inFolder(async (folder) => {
    const frame = `    at ${'f'.repeat(990)}\n`;
    write(folder, ['INFO a', `ERROR deep\n${frame.repeat(900)}`.trimEnd(), 'INFO z'], 100_000_000);
    const { entries } = await searchLog(questionOf(folder, {}), newest);
    assert.deepEqual(
      entries.map(({ text, isCut }) => [text.slice(0, 10), isCut]),
      [
        ['INFO z', false],
        ['ERROR deep', true],
        ['INFO a', false],
      ],
    );
  });
});
