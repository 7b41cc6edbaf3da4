import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { startTimeOf } from '../../supervisor/io/process-table.ts';
import { isNewEnough, judgeClock, judgeDisk, type Verdict } from './checkup.ts';
import { loadSpeech } from './messages/index.ts';
import { careForOrphans } from './orphan-care.ts';
import { createTerminal } from './terminal.ts';
import { type Bench, createBench } from './testing/stand-in.ts';

interface Report {
  readonly checks: readonly { check: string; verdict: Verdict; found: string; hint?: string }[];
  readonly fail: number;
}

async function doctor(bench: Bench, ...words: string[]) {
  const { code, stdout, stderr } = await bench.run('doctor', '--json', ...words);
  assert.notEqual(stdout, '', stderr);
  const report = JSON.parse(stdout) as Report;
  return { code, of: (check: string) => report.checks.find((one) => one.check === check) };
}

test('a machine on which everything is right passes, and says what was looked at in both languages', async (context) => {
  const bench = createBench(context);
  writeFileSync(join(bench.folder, 'ringmaster.yaml'), 'fleet: demo\nlisten: { port: 0 }\n');
  chmodSync(bench.dataDir, 0o700);
  const { code, of } = await doctor(bench);
  const passed = ['node', 'pipes', 'fleet', 'dataDir', 'clock', 'port', 'daemon', 'guardian'];
  for (const check of passed) assert.equal(of(check)?.verdict, 'pass', check);
  assert.ok(of('disk') !== undefined && of('leftovers') !== undefined);
  // A full disk of the machine that runs the tests is no fault of ours.
  assert.equal(code, of('disk')?.verdict === 'fail' ? 1 : 0);
  assert.match((await bench.run('doctor')).stdout, /● ok +Named pipes +mkfifo/);
  assert.match((await bench.run('doctor', '--lang', 'ja')).stdout, /● 正常 +名前付きパイプ/);
});

test('an invalid fleet file is told with its place, and the check-up goes on', async (context) => {
  const bench = createBench(context);
  writeFileSync(join(bench.folder, 'ringmaster.yaml'), 'fleet: demo\nserver: {}\n');
  const { code, of } = await doctor(bench);
  assert.equal(code, 1);
  assert.equal(of('fleet')?.verdict, 'fail');
  assert.match(of('fleet')?.found ?? '', /ringmaster\.yaml:2:1/);
  assert.equal(of('pipes')?.verdict, 'pass');
});

test('a port that another process holds is told with its pid', async (context) => {
  const bench = createBench(context);
  const holder = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => holder.once('listening', resolve));
  context.after(() => void holder.close());
  const { port } = holder.address() as AddressInfo;
  writeFileSync(
    join(bench.folder, 'ringmaster.yaml'),
    `fleet: demo\nlisten: { port: 0 }\nservers: { api: { kind: service, command: x, port: ${port} } }\n`,
  );
  const { code, of } = await doctor(bench);
  assert.equal(code, 1);
  assert.match(of('port')?.found ?? '', new RegExp(`${port} is held by process ${process.pid}`));
});

test('a program and a folder that are not there are told by server', async (context) => {
  const bench = createBench(context);
  writeFileSync(
    join(bench.folder, 'ringmaster.yaml'),
    [
      'fleet: demo',
      'listen: { port: 0 }',
      'servers:',
      '  here: { command: node }',
      '  lost: { command: no-such-program-here }',
      '  path: { command: ./none.sh }',
      '  away: { command: node, cwd: ./none }',
      '  later: { command: "${WHICH:-x}" }',
      '  off: { command: no-such-program-here, enabled: false }',
      '  remote: { url: "http://127.0.0.1:1/mcp" }',
    ].join('\n'),
  );
  const { code, of } = await doctor(bench);
  assert.equal(code, 1);
  const told = of('commands')?.found.split('\n') ?? [];
  assert.deepEqual(
    told.map((line) => line.split(':')[0]),
    ['lost', 'path', 'away'],
  );
});

test('a data folder that others can read, and one written in the future, are looked at', async (context) => {
  const bench = createBench(context);
  chmodSync(bench.dataDir, 0o755);
  writeFileSync(join(bench.dataDir, 'journal.db'), '');
  const later = Date.now() / 1_000 + 3_600;
  utimesSync(join(bench.dataDir, 'journal.db'), later, later);
  const { of } = await doctor(bench);
  assert.equal(of('dataDir')?.verdict, 'warn');
  assert.match(of('dataDir')?.hint ?? '', /chmod 700/);
  assert.equal(of('clock')?.verdict, 'warn');
});

test('a daemon that died is told, and so is one that does not answer', async (context) => {
  const bench = createBench(context);
  bench.record({ pid: 2 ** 22 + 1, port: 1 });
  assert.equal((await doctor(bench)).of('daemon')?.verdict, 'warn');
  // The number of the dead one may be another process's by now, as after a power failure.
  bench.record({ pid: process.pid, port: 1, startTime: '1' });
  assert.equal((await doctor(bench)).of('daemon')?.verdict, 'warn');
  bench.record({ pid: process.pid, port: 1 });
  const silent = await doctor(bench);
  assert.equal(silent.of('daemon')?.verdict, 'fail');
  assert.equal(silent.code, 1);
});

test('pipes of an earlier life beside a daemon that runs are told', async (context) => {
  const bench = createBench(context);
  const pipes = join(bench.dataDir, 'run', 'pipes');
  mkdirSync(pipes, { recursive: true });
  for (const name of ['1-0', '2-0', '2-1']) writeFileSync(join(pipes, name), '');
  const record = { life: 2, orphanGraceMs: 1, instances: [] };
  writeFileSync(join(bench.dataDir, 'run', 'instances.json'), JSON.stringify(record));
  bench.record({ pid: process.pid, port: 1 });
  const { of } = await doctor(bench);
  assert.equal(of('leftovers')?.verdict, 'warn');
  assert.match(of('leftovers')?.found ?? '', /^1 /);
});

test('orphans are only listed where nobody can be asked', async (context) => {
  const bench = createBench(context);
  const { code, stdout } = await bench.run('doctor', '--orphans', '--json');
  const { orphans, ended } = JSON.parse(stdout);
  assert.deepEqual(ended, []);
  assert.equal(code, orphans.length === 0 ? 0 : 1);
});

test('with --yes an orphan is ended, and its secrets are not shown', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  try {
    const [pid, startTime] = [child.pid ?? 0, startTimeOf(child.pid ?? 0) ?? ''];
    const said: string[] = [];
    const plain = { json: false, quiet: false, verbose: false };
    const terminal = {
      ...createTerminal(await loadSpeech('en'), plain),
      result: (text: string) => void said.push(text),
    };
    const words = ['mcp-server-x', '--token', 'hush'];
    const about = { words, ageMs: 1, memoryBytes: 1, told: 'command' as const };
    const orphan = { pid, startTime, ...about, server: undefined, file: undefined };
    const processes = [{ pid, startTime }];
    assert.equal(await careForOrphans([{ ...orphan, processes }], { yes: true }, terminal), 0);
    assert.match(said.join('\n'), new RegExp(`mcp-server-x --token \\*{3}[\\s\\S]*Ended ${pid}`));
    assert.equal(startTimeOf(pid), undefined);
  } finally {
    child.kill('SIGKILL');
  }
});

for (const [version, expected] of [
  ['20.18.3', false],
  ['20.19.0', true],
  ['18.20.0', false],
  ['22.0.0', true],
  ['24.1.0', true],
] as const) {
  test(`Node ${version} ${expected ? 'runs' : 'does not run'} us`, () => {
    assert.equal(isNewEnough(version), expected);
  });
}

for (const [freeBytes, totalBytes, verdict] of [
  [50e6, 1e9, 'fail'],
  [4e9, 100e9, 'fail'],
  [9e9, 100e9, 'warn'],
  [0.9e9, 5e9, 'warn'],
  [11e9, 1_000e9, 'pass'],
  [50e9, 100e9, 'pass'],
] as const) {
  test(`${freeBytes / 1e9} GB free of ${totalBytes / 1e9} GB: ${verdict}`, () => {
    assert.equal(judgeDisk(freeBytes, totalBytes), verdict);
  });
}

test('a clock that was never set is bad, one behind its files is to be looked at', () => {
  const nowMs = Date.UTC(2026, 0, 1);
  assert.equal(judgeClock(0, 0), 'fail');
  assert.equal(judgeClock(nowMs, 60_000), 'warn');
  assert.equal(judgeClock(nowMs, -60_000), 'pass');
});
