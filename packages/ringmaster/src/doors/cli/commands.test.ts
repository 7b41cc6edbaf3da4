import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { verdictOf } from '../../alerting/verdict.ts';
import { Problem } from '../../errors.ts';
import type { Handlers } from '../../operations/index.ts';
import type { ServerView } from '../../operations/servers.ts';
import { createBench, until, view } from './testing/stand-in.ts';

function statusOf(
  ...servers: ServerView[]
): Pick<Handlers, 'daemon.status' | 'server.list' | 'fleet.verdict'> {
  const facts = servers.map((one) => ({ ...one, needsSignIn: false, dependsOn: [] }));
  return {
    'fleet.verdict': async () => verdictOf({ nowMs: 0, servers: facts, firing: 0, taken: 0 }),
    'server.list': async () => ({ servers }),
    'daemon.status': async () => ({
      ...{ version: '0.1.0', pid: process.pid, life: 1, startedAtMs: 0, uptimeMs: 65_000 },
      ...{ fleet: 'demo', revision: 3, file: 'ringmaster.yaml', dataDir: '/data', sessions: 2 },
      ...{ url: 'http://127.0.0.1:7464/mcp', memoryBytes: 61_000_000, servers },
      cgroup: { kind: 'none', why: 'absent', controllers: [] },
    }),
  };
}

test('status shows each server and exits 0 while every wanted one is ready', async (context) => {
  const bench = createBench(context);
  const idle = view('idle', { wanted: 'stopped', state: 'stopped', why: 'as asked' });
  await bench.serve(statusOf(view('files'), idle));
  const ended = await bench.run('status');
  assert.equal(ended.stderr, '');
  assert.match(ended.stdout, /demo · revision 3 · http:\/\/127\.0\.0\.1:7464\/mcp · up 1m 5s/);
  assert.match(ended.stdout, /files +● ready +4242 +3m 12s +0 +– +– +58 MB +– +12\/1 +it answers/);
  assert.equal(ended.code, 0);
});

test('status exits 1 when a wanted server is not ready, and says how it ended', async (context) => {
  const bench = createBench(context);
  const death = {
    ...{ atMs: 5_000, exit: { kind: 'exited', code: 7 } as const, why: 'it crashed' },
    lastLines: ['\u001b[31mno arms\u001b[0m'],
  };
  const juggler = view('juggler', { state: 'waiting', why: 'crashed', lastDeath: death });
  await bench.serve({ ...statusOf(view('files'), juggler), 'server.get': async () => juggler });
  const table = await bench.run('status');
  assert.match(table.stdout, /juggler +↻ waiting .* code 7 .* crashed/);
  assert.equal(table.code, 1);
  const detail = await bench.run('status', 'juggler');
  assert.match(detail.stdout, /Last lines before it died:\n {4}no arms\n/);
  assert.equal(detail.code, 1);
  assert.equal((await bench.run('status', 'files', '--quiet', '--json')).code, 1);
});

test('status speaks Japanese and JSON when it is asked to', async (context) => {
  const bench = createBench(context);
  await bench.serve(statusOf(view('files')));
  const japanese = await bench.start(['status'], { env: { LANG: 'ja_JP.UTF-8' } }).ended;
  assert.match(japanese.stdout, /● 稼働中/);
  const json = await bench.run('--json', 'status');
  assert.equal(JSON.parse(json.stdout).servers[0].server, 'files');
});

test('an unknown server is refused with the words of the daemon and what to do', async (context) => {
  const bench = createBench(context);
  await bench.serve({
    ...statusOf(view('files')),
    'server.get': () => Promise.reject(new Problem('server_not_found', 'No server "fils"')),
  });
  const ended = await bench.run('status', 'fils');
  assert.equal(ended.stdout, '');
  assert.match(ended.stderr, /No server "fils"\n.*ringmaster status/);
  assert.equal(ended.code, 1);
  const json = await bench.run('status', 'fils', '--json');
  assert.equal(JSON.parse(json.stderr).error.code, 'server_not_found');
});

test('without a daemon the exit code is 2, dead or never started', async (context) => {
  const bench = createBench(context);
  const absent = await bench.run('status');
  assert.match(absent.stderr, /No daemon is running/);
  assert.equal(absent.code, 2);
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.once('exit', resolve));
  bench.record({ pid: child.pid, port: 1 });
  const dead = await bench.run('tools');
  assert.match(dead.stderr, new RegExp(`pid ${child.pid}.*no longer running`));
  assert.equal(dead.code, 2);
  assert.equal((await bench.run('status', '--port', '1')).code, 2);
});

test('away from its fleet file the only daemon that runs is the one that is meant', async (context) => {
  const bench = createBench(context);
  const server = await bench.serve(statusOf(view('files')));
  const elsewhere = createBench(context);
  const env = { XDG_STATE_HOME: join(bench.folder, 'state') };
  writeFileSync(join(elsewhere.folder, 'ringmaster.yaml'), 'fleet: other\n');
  assert.equal((await elsewhere.start(['status'], { env }).ended).code, 2);
  assert.equal((await elsewhere.run('status', '--data-dir', bench.dataDir)).code, 0);
  const address = server.address() as { port: number };
  assert.equal((await elsewhere.run('status', '--port', String(address.port))).code, 0);
});

test('a daemon of another version is mentioned on stderr only', async (context) => {
  const bench = createBench(context);
  const server = await bench.serve(statusOf(view('files')));
  bench.record({ version: '9.9.9', port: (server.address() as { port: number }).port });
  const ended = await bench.run('status', '--json');
  assert.match(ended.stderr, /version 9\.9\.9/);
  assert.equal(JSON.parse(ended.stdout).fleet, 'demo');
});

for (const [words, found] of [
  [['staus'], /staus; did you mean status/],
  [['start'], /Missing argument: server/],
  [['status', '--prot', '3'], /--prot; did you mean --port/],
  [['status', '--port', 'x'], /--port found "x", needed a whole number/],
  [['status', '--lang', 'de'], /--lang found "de"/],
  [['down', 'now'], /down found 1 arguments, needed 0/],
  [['call', 'a.b', '--json', '[1]'], /needed an object/],
  [['call', 'a.b', '--output', 'xml'], /--output found "xml"/],
] as const) {
  test(`"ringmaster ${words.join(' ')}" is bad usage: 64`, async (context) => {
    const bench = createBench(context);
    await bench.serve({});
    const ended = await bench.run(...words);
    assert.match(ended.stderr, found);
    assert.equal(ended.code, 64);
    assert.equal(ended.stdout, '');
  });
}

test('help is a result: it goes to stdout in the language that is spoken', async (context) => {
  const bench = createBench(context);
  const ended = await bench.run('help', 'logs', '--lang', 'ja');
  assert.match(ended.stdout, /^使い方: ringmaster logs/);
  assert.equal(ended.code, 0);
  for (const words of [['help'], ['help', '--help'], ['help', 'help'], ['--help']]) {
    const whole = await bench.run(...words);
    assert.match(whole.stdout, /^Usage: ringmaster \[options\] <command>/, words.join(' '));
    assert.deepEqual([whole.code, whole.stderr], [0, ''], words.join(' '));
  }
  const mistyped = await bench.run('help', 'statsu');
  assert.match(mistyped.stderr, /Unknown command statsu; did you mean status\?/);
  assert.equal(mistyped.code, 64);
  const none = await bench.run();
  assert.match(none.stderr, /^Usage: ringmaster/);
  assert.equal(none.code, 64);
});

test('a broken fleet file is told with line and column: 3', async (context) => {
  const bench = createBench(context);
  writeFileSync(join(bench.folder, 'bad.yaml'), 'fleet: x\nservers:\n  a: { comand: b }\n');
  const ended = await bench.run('validate', 'bad.yaml');
  assert.match(ended.stderr, /bad\.yaml:3:8: servers\.a\.comand/);
  assert.equal(ended.code, 3);
  assert.equal((await bench.run('validate')).code, 0);
  assert.equal((await bench.run('validate', 'none.yaml')).code, 3);
});

test('init writes a fleet file that is valid, and never over another', async (context) => {
  const bench = createBench(context);
  const made = await bench.run('init', '--file', 'sub/ringmaster.yaml');
  assert.equal(made.code, 0);
  assert.equal((await bench.run('validate', 'sub/ringmaster.yaml')).code, 0);
  const again = await bench.run('init', '-f', 'sub/ringmaster.yaml');
  assert.match(again.stderr, /exists already/);
  assert.equal(again.code, 1);
});

test('stop and start say where each server is, and exit 1 when one did not get there', async (context) => {
  const bench = createBench(context);
  const asked: string[][] = [];
  await bench.serve({
    'server.stop': async ({ servers }) => {
      asked.push(servers);
      return { servers: [view('files', { wanted: 'stopped', state: 'stopped' })] };
    },
    'server.start': async () => ({ servers: [view('files', { state: 'failed' })] }),
  });
  const stopped = await bench.run('stop', 'files', 'other');
  assert.match(stopped.stdout, /files +○ stopped/);
  assert.equal(stopped.code, 0);
  assert.deepEqual(asked, [['files', 'other']]);
  assert.equal((await bench.run('start', 'all')).code, 1);
});

test('apply prints what is done and why', async (context) => {
  const bench = createBench(context);
  await bench.serve({
    'fleet.apply': async ({ dryRun }) => ({
      ...{ revision: 4, applied: !dryRun },
      actions: [{ action: 'restart', server: 'files', why: 'args changed' }],
    }),
  });
  const dry = await bench.run('apply', '--dry-run');
  assert.match(dry.stdout, /restart +files +args changed/);
  assert.match(dry.stderr, /Nothing was changed/);
  assert.match((await bench.run('apply')).stderr, /Applied as revision 4/);
});

test('a reader that has seen enough does not make a command fail', async (context) => {
  const bench = createBench(context);
  const lines = Array.from({ length: 9_000 }, (_, at) => `line ${at} ${'x'.repeat(80)}`);
  await bench.serve({ 'log.read': async () => ({ lines, cursor: '1', missed: false }) });
  const running = bench.start(['logs', 'files', '-n', '9000']);
  running.child.stdout?.once('data', () => running.child.stdout?.destroy());
  await until(
    () => running.child.exitCode !== null,
    () => 'still running',
  );
  assert.equal(running.child.exitCode, 0);
  assert.equal(running.said.stderr, '');
});

test('of a record that cannot be read nothing is printed as if it were one', async (context) => {
  const bench = createBench(context);
  await bench.serve({
    'audit.list': () => Promise.reject(new Problem('data_unwritable', 'No journal')),
  });
  const ended = await bench.run('audit', '--format', 'json');
  assert.match(ended.stderr, /No journal/);
  assert.equal(ended.stdout, '');
  assert.notEqual(ended.code, 0);
});
