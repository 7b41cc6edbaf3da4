import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { linkGuardian } from './guardian-link.ts';
import { createPipeShop } from './pipes.ts';
import { makeDataDir, runPaths } from './state-file.ts';

const skip = process.platform === 'linux' ? false : 'counts processes in /proc';

/** Processes that were started with this data directory, which nobody but a guardian is here. */
function guardians(dataDir: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(dataDir);
    } catch {
      // No process, or one that is gone.
      return false;
    }
  });
}

test('a guardian that has not yet said who it is, is not started a second time', {
  skip,
}, async (context) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'ringmaster-guardian-'));
  context.after(() => rmSync(dataDir, { recursive: true, force: true }));
  makeDataDir(dataDir);
  const shop = createPipeShop(runPaths(dataDir).pipes, 1);
  const link = linkGuardian({ dataDir, graceMs: 60_000, takePipe: shop.take });
  link.hold(undefined);
  await nextTurn();
  for (let look = 0; look < 3; look += 1) link.check();
  const started = guardians(dataDir);
  link.dismiss();
  for (const deadline = performance.now() + 30_000; guardians(dataDir).length > 0; ) {
    assert.ok(performance.now() < deadline, 'a guardian stayed');
    await pause(20);
  }
  assert.equal(started.length, 1);
});
