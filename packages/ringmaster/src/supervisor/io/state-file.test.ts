import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { RunRecord } from '../record.ts';
import { writeDaemonRecord } from './daemon-file.ts';
import {
  makeDataDir,
  nextLife,
  readDaemonRecord,
  readRunRecord,
  runPaths,
  writeRunRecord,
} from './state-file.ts';

const instance: RunRecord['instances'][number] = {
  ...{ server: 'one', index: 0, kind: 'stdio', generation: 1, pid: 700, startTime: '4711' },
  ...{ mark: 'o/one/0/1', startedAtMs: 0, launchHash: 'h', pipes: { log: '/p' }, graceMs: 1 },
};

test('processes on record count no more when the machine was started since; lives count on', (context) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'ringmaster-state-'));
  context.after(() => rmSync(dataDir, { recursive: true, force: true }));
  makeDataDir(dataDir);
  writeRunRecord(dataDir, { life: 7, orphanGraceMs: 1, instances: [instance] });
  writeDaemonRecord(dataDir, { host: 'h', port: 1, version: 'v', file: 'f' });
  assert.equal(readRunRecord(dataDir)?.instances.length, 1);
  assert.equal(readDaemonRecord(dataDir)?.pid, process.pid);

  const { instances, daemon } = runPaths(dataDir);
  for (const path of [instances, daemon])
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), boot: 'old' }));
  assert.deepEqual(readRunRecord(dataDir)?.instances, []);
  assert.equal(nextLife(dataDir), 8);
  assert.equal(readDaemonRecord(dataDir), undefined);
});
