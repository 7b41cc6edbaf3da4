import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { LogLimits } from '../log-retention.ts';
import { newLineState } from '../log-trace.ts';
import { createLineBuffer } from './line-buffer.ts';
import { openLogFile } from './log-file.ts';
import { listLogs, readBatches } from './log-files.ts';
import { createLogKeeper } from './log-keeper.ts';
import { readLog } from './read-log.ts';

function inFolder(run: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-log-'));
  try {
    run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const wide = {
  maxSizeBytes: 100_000_000,
  keep: 100,
  daily: false,
  compress: false,
  maxAgeMs: 1e12,
  maxTotalBytes: 1e12,
  levels: [],
};
const needs = { nowMs: () => 1_000, onRotate: () => {} };

/** Writes `count` numbered lines in chunks that do not respect lines. */
function writeLines(folder: string, count: number, some: Partial<LogLimits>): void {
  const keeper = createLogKeeper(() => Date.now());
  const file = openLogFile(folder, { ...wide, ...some }, { ...needs, onRotate: keeper.look });
  const state = newLineState();
  const buffer = createLineBuffer((bytes) => file.write(bytes, state));
  const bytes = Buffer.from(
    Array.from({ length: count }, (_, index) => `line ${index}\n`).join(''),
  );
  for (let from = 0; from < bytes.length; from += 1_000)
    buffer.push(bytes.subarray(from, from + 1_000));
  buffer.finish();
  assert.equal(file.lostBytes(), 0);
  file.close();
}

const numbered = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => `line ${index + from}`);

test('rotation loses no line, cuts none, and no file is larger than its limit', () => {
  inFolder((folder) => {
    writeLines(folder, 20_000, { maxSizeBytes: 10_000 });
    const files = listLogs(folder).reverse();
    assert.ok(files.length > 20, `${files.length} files`);
    const lines = files.flatMap(({ path }) => {
      assert.ok(statSync(path).size <= 10_000);
      return readFileSync(path, 'utf8').trimEnd().split('\n');
    });
    assert.deepEqual(lines, numbered(20_000));
  });
});

test('only as many rotated files are kept as asked for', () => {
  inFolder((folder) => {
    writeLines(folder, 5_000, { maxSizeBytes: 4_000, keep: 2 });
    const names = readdirSync(folder).filter((name) => name.endsWith('.log'));
    assert.equal(names.length, 3, names.join());
    assert.equal(readdirSync(folder).length, 6, 'an index stays behind its log');
  });
});

test('a log file ends with its day', () => {
  inFolder((folder) => {
    let nowMs = new Date(2026, 10, 20, 23, 59, 59).getTime();
    const file = openLogFile(folder, { ...wide, daily: true }, { ...needs, nowMs: () => nowMs });
    file.write(Buffer.from('in the evening\n'), newLineState());
    nowMs += 2_000;
    file.write(Buffer.from('after midnight\n'), newLineState());
    file.write(Buffer.from('still\n'), newLineState());
    file.close();
    assert.deepEqual(
      listLogs(folder).map(({ path }) => readFileSync(path, 'utf8')),
      ['after midnight\nstill\n', 'in the evening\n'],
    );
  });
});

test('a log file that was begun by a wrong clock ends when the clock is right again', () => {
  inFolder((folder) => {
    let nowMs = new Date(2036, 0, 1, 12).getTime();
    const file = openLogFile(folder, { ...wide, daily: true }, { ...needs, nowMs: () => nowMs });
    file.write(Buffer.from('ten years early\n'), newLineState());
    for (const hour of [1, 23]) {
      nowMs = new Date(2026, 9, 25, hour).getTime();
      file.write(Buffer.from(`at ${hour}\n`), newLineState());
    }
    file.close();
    assert.deepEqual(
      listLogs(folder).map(({ path }) => readFileSync(path, 'utf8')),
      ['at 1\nat 23\n', 'ten years early\n'],
    );
  });
});

test('a new daemon goes on in the file and the numbers of the one before', () => {
  inFolder((folder) => {
    writeLines(folder, 100, { maxSizeBytes: 400 });
    const before = listLogs(folder).map(({ number }) => number);
    // As after a crash: lines that no index tells of.
    appendFileSync(join(folder, 'current.log'), 'ERROR unseen\nhalf a li');
    writeLines(folder, 100, { maxSizeBytes: 400 });
    const after = listLogs(folder).map(({ number }) => number);
    assert.equal(new Set(after).size, after.length);
    assert.ok((after[0] ?? 0) > (before[0] ?? 0));
    const unknown = listLogs(folder).filter((one) => readBatches(one).some((two) => two.isUnknown));
    assert.equal(unknown.length, 1);
    const lines = readLog(folder, { lines: 1_000 }).lines;
    assert.deepEqual(lines, [...numbered(100), ...['ERROR unseen', 'half a li'], ...numbered(100)]);
  });
});

test('the last lines reach back into rotated files', () => {
  inFolder((folder) => {
    writeLines(folder, 1_000, { maxSizeBytes: 1_000 });
    assert.deepEqual(readLog(folder, { lines: 300 }).lines, numbered(300, 700));
  });
});

test('a follower sees every line once, across rotations', () => {
  inFolder((folder) => {
    const file = openLogFile(folder, { ...wide, maxSizeBytes: 500 }, needs);
    const write = (text: string) => file.write(Buffer.from(text), newLineState());
    write('old\n');
    let { cursor } = readLog(folder, { lines: 0 });
    const seen: string[] = [];
    for (let round = 0; round < 50; round += 1) {
      for (let index = 0; index < 7; index += 1) write(`new ${round * 7 + index}\n`);
      for (let isMore = true; isMore; ) {
        const page = readLog(folder, { lines: 0, cursor });
        assert.equal(page.missed, false);
        isMore = page.cursor !== cursor;
        seen.push(...page.lines);
        cursor = page.cursor;
      }
    }
    file.close();
    assert.deepEqual(
      seen,
      Array.from({ length: 350 }, (_, index) => `new ${index}`),
    );
  });
});

test('a follower whose place was rotated away is told so', () => {
  inFolder((folder) => {
    writeLines(folder, 2_000, { maxSizeBytes: 1_024, keep: 1 });
    assert.equal(readLog(folder, { lines: 0, cursor: '1:5' }).missed, true);
    assert.equal(readLog(folder, { lines: 0, cursor: '0:0' }).missed, false);
  });
});

test('what a full disk swallows is counted, and the log says so when there is room again', (context) => {
  inFolder((folder) => {
    if (process.getuid?.() !== 0) return context.skip('mounting a small disk needs root');
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', folder]);
    if (mounted.status !== 0) return context.skip(`mount says ${String(mounted.stderr)}`);
    const file = openLogFile(join(folder, 'log'), wide, needs);
    try {
      const line = Buffer.from(`${'x'.repeat(999)}\n`);
      for (let count = 0; count < 100; count += 1) file.write(line, newLineState());
      const lost = file.lostBytes();
      assert.ok(lost > 0 && lost % 1_000 === 0, `${lost} bytes`);
      const kept = readFileSync(join(folder, 'log', 'current.log'), 'utf8');
      assert.equal(kept.length + lost, 100_000);
      assert.ok(kept.endsWith('x\n'), 'a line was cut');
      const descriptors = () => readdirSync('/proc/self/fd').length;
      const before = descriptors();
      for (let count = 0; count < 50; count += 1) file.write(line, newLineState());
      assert.equal(descriptors(), before, 'files are left open');
      truncateSync(join(folder, 'log', 'current.log'));
      file.setLimits({ ...wide, maxSizeBytes: 1_024 });
      file.write(Buffer.from('room again\n'), newLineState());
      const { lines } = readLog(join(folder, 'log'), { lines: 10 });
      assert.deepEqual(lines.slice(-2), [
        `[ringmaster] ERROR ${lost + 50_000} bytes of this log could not be written`,
        'room again',
      ]);
    } finally {
      file.close();
      assert.equal(spawnSync('umount', [folder]).status, 0);
    }
  });
});

test('what was handed over is in the file at once, and in its index when it is told', () => {
  inFolder((folder) => {
    const file = openLogFile(folder, wide, needs);
    const state = newLineState();
    for (const line of ['one\n', 'two\n']) {
      file.write(Buffer.from(line), state);
      assert.ok(readFileSync(join(folder, 'current.log'), 'utf8').endsWith(line));
    }
    const batches = () => listLogs(folder).flatMap((stored) => [...readBatches(stored)]);
    assert.deepEqual(
      batches().map(({ isUnknown }) => isUnknown),
      [true],
    );
    file.flush();
    assert.deepEqual(batches(), [
      { end: 8, atMs: 1_000, counts: [0, 0, 0, 2, 0], goesOn: false, isUnknown: false },
    ]);
    file.close();
  });
});
