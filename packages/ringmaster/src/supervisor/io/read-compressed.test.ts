import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { newLineState } from '../log-trace.ts';
import { openLogFile } from './log-file.ts';
import { listLogs } from './log-files.ts';
import { lastCompressedLines } from './read-compressed.ts';
import { readLog } from './read-log.ts';

const limits = {
  ...{ maxSizeBytes: 400_000, keep: 1_000, maxAgeMs: 1e15, maxTotalBytes: 1e15 },
  ...{ daily: false, compress: false, levels: [] },
};

/** A log of numbered lines in files of some 400 kB, compressed but for the current one and the newest rotated. */
function writeCompressed(folder: string, count: number): number {
  const file = openLogFile(folder, limits, { nowMs: () => 0, onRotate: () => {} });
  const state = newLineState();
  for (let at = 0; at < count; at += 1) file.write(Buffer.from(`${line(at)}\n`), state);
  file.close();
  const older = listLogs(folder).slice(2);
  for (const { path } of older) {
    writeFileSync(`${path}.gz`, gzipSync(readFileSync(path)));
    unlinkSync(path);
  }
  return older.length;
}

function line(at: number): string {
  return `${at} ünd ${'x'.repeat(100 + (at % 7))}`;
}

/** What `log.read` does. */
async function lastLines(folder: string, count: number): Promise<readonly string[]> {
  const { lines, oldest } = readLog(folder, { lines: count });
  const older = { count: count - lines.length, before: oldest ?? Infinity };
  return [...(await lastCompressedLines(folder, older)), ...lines];
}

test('as many last lines as are asked for are read, over compressed files too, each once and whole', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-compressed-'));
  try {
    const total = 20_000;
    assert.ok(writeCompressed(folder, total) >= 3);
    for (const count of [0, 1, 3_000, 5_000, 9_999, total, total + 1]) {
      const from = Math.max(0, total - count);
      const wanted = Array.from({ length: total - from }, (_, at) => line(from + at));
      assert.deepEqual(await lastLines(folder, count), wanted, `${count} lines`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a log of which only compressed files are left is read, and one that is not there is empty', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-compressed-'));
  try {
    writeFileSync(join(folder, '000007.log.gz'), gzipSync('one\ntwo\n'));
    assert.deepEqual(await lastLines(folder, 10), ['one', 'two']);
    assert.deepEqual(await lastLines(join(folder, 'none'), 10), []);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
