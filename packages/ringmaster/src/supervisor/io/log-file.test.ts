import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createLineBuffer } from './line-buffer.ts';
import { openLogFile } from './log-file.ts';
import { readLog } from './read-log.ts';

function inFolder(run: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-log-'));
  try {
    run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes `count` numbered lines in chunks that do not respect lines. */
function writeLines(
  path: string,
  count: number,
  limits: { maxSizeBytes: number; keep: number },
): void {
  const file = openLogFile(path, limits);
  const buffer = createLineBuffer((bytes) => file.write(bytes));
  const bytes = Buffer.from(
    Array.from({ length: count }, (_, index) => `line ${index}\n`).join(''),
  );
  for (let from = 0; from < bytes.length; from += 1_000)
    buffer.push(bytes.subarray(from, from + 1_000));
  buffer.finish();
  assert.equal(file.lostBytes(), 0);
  file.close();
}

test('rotation loses no line, cuts none, and no file is larger than its limit', () => {
  inFolder((folder) => {
    const path = join(folder, 'current.log');
    writeLines(path, 20_000, { maxSizeBytes: 10_000, keep: 100 });
    const names = readdirSync(folder).sort(
      (one, other) => Number(other.split('.')[2] ?? 0) - Number(one.split('.')[2] ?? 0),
    );
    assert.ok(names.length > 20, `${names.length} files`);
    const lines = names.flatMap((name) => {
      assert.ok(statSync(join(folder, name)).size <= 10_000);
      return readFileSync(join(folder, name), 'utf8').trimEnd().split('\n');
    });
    assert.deepEqual(
      lines,
      Array.from({ length: 20_000 }, (_, index) => `line ${index}`),
    );
  });
});

test('only as many rotated files are kept as asked for', () => {
  inFolder((folder) => {
    writeLines(join(folder, 'current.log'), 5_000, { maxSizeBytes: 4_000, keep: 2 });
    assert.deepEqual(readdirSync(folder).sort(), ['current.log', 'current.log.1', 'current.log.2']);
  });
});

test('the last lines reach back into rotated files', () => {
  inFolder((folder) => {
    const path = join(folder, 'current.log');
    writeLines(path, 1_000, { maxSizeBytes: 1_000, keep: 100 });
    const { lines } = readLog(path, { lines: 300 });
    assert.deepEqual(
      lines,
      Array.from({ length: 300 }, (_, index) => `line ${index + 700}`),
    );
  });
});

test('a follower sees every line once, across rotations', () => {
  inFolder((folder) => {
    const path = join(folder, 'current.log');
    const limits = { maxSizeBytes: 500, keep: 100 };
    const file = openLogFile(path, limits);
    file.write(Buffer.from('old\n'));
    let { cursor } = readLog(path, { lines: 0 });
    const seen: string[] = [];
    for (let round = 0; round < 50; round += 1) {
      for (let index = 0; index < 7; index += 1)
        file.write(Buffer.from(`new ${round * 7 + index}\n`));
      for (let isMore = true; isMore; ) {
        const page = readLog(path, { lines: 0, cursor });
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
    const path = join(folder, 'current.log');
    writeLines(path, 10, { maxSizeBytes: 1_024, keep: 0 });
    assert.equal(readLog(path, { lines: 0, cursor: '1:5' }).missed, true);
  });
});

test('a line that never ends is broken, so that memory stays bounded', () => {
  const written: Buffer[] = [];
  const buffer = createLineBuffer((bytes) => written.push(bytes));
  for (let index = 0; index < 40; index += 1) buffer.push(Buffer.alloc(65_536, 120));
  const bytes = written.reduce((sum, part) => sum + part.length, 0);
  assert.ok(bytes >= 2_097_152, `${bytes} bytes were handed over`);
});

test('the last lines of a buffer include what is not yet written', () => {
  const buffer = createLineBuffer(() => {});
  buffer.push(Buffer.from('one\ntwo\nthr'));
  assert.deepEqual(buffer.lastLines(2), ['two', 'thr']);
});
