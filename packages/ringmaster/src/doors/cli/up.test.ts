import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isAlive, seeDaemon } from './daemon-record.ts';
import { type Bench, createBench, until } from './testing/stand-in.ts';

/** A fleet of one service that needs nothing but Node; port 0 keeps tests apart. */
function writeFleet(bench: Bench, script: string): void {
  writeFileSync(join(bench.folder, 'service.mjs'), script);
  const fleet = {
    fleet: 'demo',
    listen: { port: 0 },
    servers: {
      service: {
        ...{ kind: 'service', command: process.execPath, args: ['service.mjs'] },
        ...{
          stop: { drainMs: 0, graceMs: 600_000 },
          restart: { baseDelayMs: 1, failAfter: 2 },
        },
      },
    },
  };
  writeFileSync(join(bench.folder, 'ringmaster.yaml'), JSON.stringify(fleet));
}

const runsOn = 'setInterval(() => {}, 1000);';
const stubborn = `process.on('SIGTERM', () => {}); console.error('deaf'); ${runsOn}`;

function pidOf(bench: Bench): number {
  const seen = seeDaemon(bench.dataDir);
  assert.equal(seen.kind, 'running');
  return seen.kind === 'running' ? seen.record.pid : 0;
}

test('up --detach leaves a daemon behind that the other commands find, and down ends it', async (context) => {
  const bench = createBench(context);
  bench.endAfterwards();
  writeFleet(bench, runsOn);
  const up = await bench.run('up', '--detach');
  assert.match(up.stdout, /service +● ready +service · pid \d+[\s\S]*1 of 1 servers ready/);
  assert.equal(up.code, 0, up.stderr);
  const daemon = pidOf(bench);
  const [row] = JSON.parse((await bench.run('status', '--json')).stdout).servers;
  const second = await bench.run('up');
  assert.match(second.stderr, new RegExp(`${daemon}`));
  assert.equal(second.code, 1);
  const down = await bench.run('down');
  assert.equal(down.code, 0);
  assert.deepEqual([isAlive(daemon), isAlive(row.pid)], [false, false]);
  assert.equal((await bench.run('status')).code, 2);
  assert.equal((await bench.run('down')).code, 0);
});

test('up --detach exits 1 when a server failed, and says how to see why', async (context) => {
  const bench = createBench(context);
  bench.endAfterwards();
  writeFleet(bench, 'process.exit(3);');
  const up = await bench.run('up', '--detach', '--lang', 'ja');
  assert.match(up.stdout, /✗ 失敗[\s\S]*理由の確認 .*status service/);
  assert.equal(up.code, 1);
});

test('a daemon that cannot start is told with its last words', async (context) => {
  const bench = createBench(context);
  writeFileSync(join(bench.folder, 'ringmaster.yaml'), 'fleet: demo\nserver: {}\n');
  for (const words of [['up'], ['up', '--detach']]) {
    const ended = await bench.run(...words);
    assert.match(ended.stderr, /ringmaster\.yaml:2:1: server: unknown key/);
    assert.equal(ended.stderr.match(/What to do:/g)?.length, 1, ended.stderr);
    assert.equal(ended.code, 3);
  }
});

test('down ends the servers that a killed daemon left behind', async (context) => {
  const bench = createBench(context);
  bench.endAfterwards();
  writeFleet(bench, runsOn);
  await bench.run('up', '--detach');
  const [row] = JSON.parse((await bench.run('status', '--json')).stdout).servers;
  const daemon = pidOf(bench);
  process.kill(daemon, 'SIGKILL');
  await until(
    () => !isAlive(daemon),
    () => 'the daemon lives',
  );
  assert.ok(isAlive(row.pid));
  const down = await bench.run('down');
  assert.match(down.stdout, new RegExp(`Ended service \\(pid ${row.pid}\\)`));
  assert.equal(isAlive(row.pid), false);
});

test('in the foreground Ctrl-C stops in order, and a second one does not wait', async (context) => {
  const bench = createBench(context);
  bench.endAfterwards();
  writeFleet(bench, stubborn);
  const running = bench.start(['up']);
  const said = (text: string) =>
    until(
      () => `${running.said.stdout}${running.said.stderr}`.includes(text),
      () => JSON.stringify(running.said),
    );
  await said('Endpoint');
  const [row] = JSON.parse((await bench.run('status', '--json')).stdout).servers;
  await untilLogged(bench, 'deaf');
  running.child.kill('SIGINT');
  await said('SIGINT: stopping');
  // A person takes longer for a second Ctrl-C than npm for passing on the first.
  const firstMs = performance.now();
  await until(
    () => performance.now() - firstMs > 200,
    () => 'time stood still',
  );
  running.child.kill('SIGINT');
  const ended = await running.ended;
  assert.match(ended.stderr, /Ending the servers now/);
  assert.notEqual(ended.code, null, 'it ended by itself, not by the time limit of the test');
  assert.equal(isAlive(row.pid), false);
  assert.doesNotMatch(ended.stderr, /Ctrl-C/, 'nobody sits at a pipe');
});

async function untilLogged(bench: Bench, line: string): Promise<void> {
  const running = bench.start(['logs', '-f', 'service']);
  await until(
    () => running.said.stdout.includes(line),
    () => JSON.stringify(running.said),
  );
  running.child.kill('SIGINT');
  await running.ended;
}

test('a service that cannot start rests until its fleet file changes, and ends when it is told to', async (context) => {
  const bench = createBench(context);
  const file = join(bench.folder, 'ringmaster.yaml');
  for (const how of ['a change', 'SIGTERM'] as const) {
    writeFileSync(file, 'fleet: demo\nserver: {}\n');
    const running = bench.start(['up', '--service']);
    await until(
      () => running.said.stderr.includes('The next try is in'),
      () => JSON.stringify(running.said),
    );
    assert.match(running.said.stderr, /server: unknown key/);
    if (how === 'SIGTERM') running.child.kill(how);
    else writeFileSync(file, 'fleet: demo\nservers: {}\n');
    assert.equal((await running.ended).code, how === 'SIGTERM' ? 0 : 3);
  }
});

test('servers go from a client into the fleet file and from there into another client', async (context) => {
  const bench = createBench(context);
  const config = { mcpServers: { echo: { command: 'node', args: ['echo.js'] } } };
  writeFileSync(join(bench.folder, '.mcp.json'), JSON.stringify(config));
  const planned = await bench.run('import', '--dry-run', '--from', '.mcp.json');
  assert.match(planned.stdout, /command: node/);
  assert.equal((await bench.run('validate')).stdout.includes('servers: 0'), true);
  const imported = await bench.run('import', '--from', '.mcp.json');
  assert.equal(imported.code, 0, imported.stderr);
  assert.match((await bench.run('validate')).stdout, /servers: 1 \(1 stdio\)/);
  const exported = await bench.run('export', '--client', 'cursor', '--json');
  assert.deepEqual(JSON.parse(JSON.parse(exported.stdout).addition), {
    mcpServers: { ringmaster: { url: 'http://127.0.0.1:7464/mcp' } },
  });
  const again = await bench.run('export', '--client', 'cursor');
  assert.match(again.stdout, /Nothing to write/);
  assert.equal((await bench.run('export', '--client', 'emacs')).code, 64);
});

test('a daemon in the foreground goes on when nobody reads its words any more', async (context) => {
  const bench = createBench(context);
  bench.endAfterwards();
  writeFleet(bench, runsOn);
  const running = bench.start(['up']);
  running.child.stdout?.destroy();
  running.child.stderr?.destroy();
  await until(
    () => seeDaemon(bench.dataDir).kind === 'running',
    () => 'no daemon',
  );
  const stopped = await bench.run('stop', 'service');
  assert.match(stopped.stdout, /○ stopped/);
  const started = await bench.run('start', 'service');
  assert.equal(started.code, 0, started.stderr);
  assert.equal((await bench.run('down')).code, 0);
  assert.equal((await running.ended).code, 0);
});
