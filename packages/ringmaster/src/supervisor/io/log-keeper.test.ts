import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { newLineState } from '../log-trace.ts';
import { openLogFile } from './log-file.ts';
import { listLogs } from './log-files.ts';
import { createLogKeeper } from './log-keeper.ts';

const limits = {
  maxSizeBytes: 1_024,
  keep: 100,
  daily: false,
  compress: true,
  maxAgeMs: 1e12,
  maxTotalBytes: 1e12,
  levels: [],
};
const deadlineMs = 60_000;

function folderOf(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-keeper-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  const giveUpAtMs = Date.now() + deadlineMs;
  while (!isSo()) {
    if (Date.now() > giveUpAtMs) throw new Error(`Waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test('rotated files are compressed except the newest, and hold what they held', async (context) => {
  const folder = folderOf(context);
  const keeper = createLogKeeper(() => Date.now(), { compressAfterMs: 1 });
  const file = openLogFile(folder, limits, { nowMs: () => Date.now(), onRotate: keeper.look });
  // What an earlier daemon had begun.
  writeFileSync(join(folder, '000001.log.gz.tmp'), 'half');
  const lines = Array.from({ length: 1_000 }, (_, at) => `line ${at}\n`);
  for (const line of lines) file.write(Buffer.from(line), newLineState());
  await until('compression', () => {
    const rotated = listLogs(folder).filter(({ isCurrent }) => !isCurrent);
    return rotated.slice(1).every(({ isCompressed }) => isCompressed);
  });
  file.close();
  const files = listLogs(folder);
  assert.deepEqual(
    files.slice(0, 3).map(({ isCurrent, isCompressed }) => [isCurrent, isCompressed]),
    [
      [true, false],
      [false, false],
      [false, true],
    ],
  );
  const text = files.reverse().map(({ path, isCompressed }) => {
    const bytes = readFileSync(path);
    return (isCompressed ? gunzipSync(bytes) : bytes).toString();
  });
  assert.equal(text.join(''), lines.join(''));
  assert.ok(files.every(({ path }) => (statSync(path).mode & 0o077) === 0));
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.endsWith('.tmp')),
    [],
  );
});

test('the oldest files go when all together are too large', async (context) => {
  const folder = folderOf(context);
  const keeper = createLogKeeper(() => Date.now(), { compressAfterMs: 1 });
  const some = { ...limits, compress: false, maxTotalBytes: 5_000 };
  const file = openLogFile(folder, some, { nowMs: () => Date.now(), onRotate: keeper.look });
  for (let at = 0; at < 1_000; at += 1) file.write(Buffer.from(`line ${at}\n`), newLineState());
  file.close();
  const total = listLogs(folder).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  assert.ok(total <= 6_024 && total > 2_000, `${total} bytes`);
});

test('a log that grows old by itself is dropped at the next look', (context) => {
  const folder = folderOf(context);
  let aheadMs = 0;
  const keeper = createLogKeeper(() => Date.now() + aheadMs);
  const old = { ...limits, maxAgeMs: 3_600_000 };
  const file = openLogFile(folder, old, { nowMs: () => Date.now(), onRotate: keeper.look });
  for (let at = 0; at < 500; at += 1) file.write(Buffer.from(`line ${at}\n`), newLineState());
  file.close();
  keeper.sweep();
  assert.ok(listLogs(folder).length > 3);
  aheadMs = 7_200_000;
  keeper.sweep();
  assert.deepEqual(
    listLogs(folder).map(({ isCurrent }) => isCurrent),
    [true],
  );
});
