import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Orphan } from '../orphans.ts';
import { readProcess, startTimeOf } from './process-table.ts';
import { endOrphan, scanOrphans } from './scan-orphans.ts';

/** A server that will not hear SIGTERM, with a child; it writes both pids when they run. */
const stubborn = `
import { spawn } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
process.on('SIGTERM', () => {});
writeFileSync(process.argv[2] + '.new', JSON.stringify([process.pid, child.pid]));
renameSync(process.argv[2] + '.new', process.argv[2]);
setInterval(() => {}, 1000);
`;

async function until<T>(what: string, look: () => T | undefined): Promise<T> {
  for (const endsAtMs = Date.now() + 60_000; Date.now() < endsAtMs; ) {
    const found = look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`no ${what} in 60 s`);
}

test('a server whose client is gone is found with its family and memory, and ended although it is deaf', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-orphan-'));
  const script = join(folder, 'mcp-server-forgotten.mjs');
  const pidFile = join(folder, 'pids');
  writeFileSync(script, stubborn);
  context.after(() => rmSync(folder, { recursive: true }));
  // The client starts it and goes, as a crashed editor would.
  const client = `require('node:child_process').spawn(process.execPath, ${JSON.stringify([script, pidFile])}, { detached: true, stdio: 'ignore' }).unref()`;
  const editor = spawn(process.execPath, ['-e', client], { stdio: 'ignore' });
  const pids = await until('server', () => {
    try {
      return JSON.parse(readFileSync(pidFile, 'utf8')) as [number, number];
    } catch {
      return undefined;
    }
  });
  context.after(() => {
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // The test ended it, as it should.
      }
    }
  });
  const look = () =>
    scanOrphans({ known: [], dataDirs: [], nowMs: Date.now() }).find(({ pid }) => pid === pids[0]);
  const adopter = await until('adoption', () => {
    const parent = readProcess(pids[0])?.parentPid;
    return parent === editor.pid ? undefined : parent;
  });
  if (adopter !== 1) {
    context.skip(`process ${adopter} adopts orphans here, not init`);
    return;
  }
  const orphan = await until('orphan', look);
  assert.equal(orphan.told, 'command');
  assert.deepEqual(
    orphan.processes.map(({ pid }) => pid),
    pids,
  );
  assert.ok(orphan.memoryBytes > 10e6, `${orphan.memoryBytes} bytes`);
  assert.ok(orphan.ageMs < 60_000, `${orphan.ageMs} ms`);
  assert.equal(await endOrphan(orphan), true);
  assert.deepEqual(pids.map(startTimeOf), [undefined, undefined]);
});

test('a pid that belongs to another process by now is not signalled', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  const pid = child.pid ?? 0;
  try {
    const reused: Pick<Orphan, 'processes'> = { processes: [{ pid, startTime: 'long ago' }] };
    assert.equal(await endOrphan(reused), true);
    assert.notEqual(startTimeOf(pid), undefined);
  } finally {
    child.kill('SIGKILL');
  }
});
