import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { type Bench, createBench } from './testing/stand-in.ts';

// What launchd is told is tested as text in supervisor/service-unit.test.ts.
const skip = process.platform === 'linux' ? false : 'systemd is for Linux';

/**
 * A bench whose PATH has a `loginctl`, and a `systemctl` that writes down how it was called. What it starts comes up, or
 * ends at once.
 */
function withSystemctl(bench: Bench, { linger = 'no', daemon = 'comes up' } = {}) {
  const folder = join(bench.folder, 'bin');
  const called = join(bench.folder, 'called');
  mkdirSync(folder);
  const [record, ready] = [join(bench.dataDir, 'run/daemon.json'), join(folder, 'daemon.json')];
  bench.record({ port: 1 });
  renameSync(record, ready);
  const start = daemon === 'comes up' ? `cp '${ready}' '${record}'` : 'true';
  writeFileSync(
    join(folder, 'systemctl'),
    `#!/bin/sh\necho "$@" >> '${called}'\n` +
      `case " $* " in *' start '*) ${start} ;; *' is-active '*) exit 3 ;; esac\n`,
  );
  writeFileSync(join(folder, 'loginctl'), `#!/bin/sh\necho Linger=${linger}\n`);
  for (const name of ['systemctl', 'loginctl']) chmodSync(join(folder, name), 0o755);
  const env = {
    PATH: `${folder}:${process.env['PATH']}`,
    XDG_CONFIG_HOME: join(bench.folder, 'config'),
  };
  return {
    unit: join(bench.folder, 'config/systemd/user/ringmaster-demo.service'),
    run: (...words: string[]) => bench.start(words, { env }).ended,
    /** Since it was asked last. */
    calls() {
      const lines = existsSync(called) ? readFileSync(called, 'utf8').trim().split('\n') : [];
      writeFileSync(called, '');
      return lines.filter((line) => line !== '');
    },
  };
}

test('a service is installed with whole paths, enabled and started; once more changes nothing', {
  skip,
}, async (context) => {
  const bench = createBench(context);
  const { unit, run, calls } = withSystemctl(bench);
  const first = await run('install-service');
  assert.equal(first.code, 0, first.stderr);
  assert.deepEqual(calls(), [
    '--user daemon-reload',
    '--user enable ringmaster-demo.service',
    '--user start ringmaster-demo.service',
  ]);
  const text = readFileSync(unit, 'utf8');
  const start = /^ExecStart=(.*)$/m.exec(text)?.[1] ?? '';
  const words = [...start.matchAll(/"([^"]*)"/g)].map(([, word]) => word ?? '');
  assert.equal(words[0], process.execPath);
  assert.ok(existsSync(words[1] ?? ''), start);
  assert.deepEqual(words.slice(2, 8), [
    ...['up', '--service', '--file', join(bench.folder, 'ringmaster.yaml')],
    ...['--data-dir', bench.dataDir],
  ]);
  assert.match(first.stderr, /serves .*demo[\s\S]*enable-linger/);

  const again = await run('install-service', '--json');
  assert.equal(JSON.parse(again.stdout).change, 'unchanged');
  writeFileSync(unit, text.replace('RestartSec=2', 'RestartSec=9'));
  assert.equal(JSON.parse((await run('install-service', '--json')).stdout).change, 'replaced');
  assert.equal(readFileSync(unit, 'utf8'), text);
});

test('a service whose daemon ends at once is installed, and not said to run', {
  skip,
}, async (context) => {
  const { unit, run } = withSystemctl(createBench(context), { daemon: 'ends' });
  const { code, stdout, stderr } = await run('install-service');
  assert.deepEqual([code, existsSync(unit)], [1, true]);
  assert.match(stdout, /not up.* journalctl --user --unit ringmaster-demo\.service/);
  assert.doesNotMatch(stderr, /serves/);
  const again = JSON.parse((await run('install-service', '--json')).stdout);
  assert.deepEqual([again.left, again.isUp], [[], false]);
});

test('who has services that start at boot is not told how to have them', {
  skip,
}, async (context) => {
  const { run } = withSystemctl(createBench(context), { linger: 'yes' });
  assert.doesNotMatch((await run('install-service')).stderr, /linger/);
});

test('a service is removed though its fleet file has mistakes by now', {
  skip,
}, async (context) => {
  const bench = createBench(context);
  const { unit, run, calls } = withSystemctl(bench);
  await run('install-service');
  calls();
  const file = join(bench.folder, 'ringmaster.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('servers:', 'servres:'));
  assert.equal((await run('validate')).code, 3);
  assert.equal((await run('uninstall-service')).code, 0);
  assert.deepEqual([existsSync(unit), calls().length], [false, 2]);
});

test('a dry run shows the file and the commands, and does nothing', { skip }, async (context) => {
  const { unit, run, calls } = withSystemctl(createBench(context));
  const { stdout, stderr } = await run('install-service', '--dry-run', '--lang', 'ja');
  assert.match(stdout, /^KillMode=process$/m);
  assert.match(stderr, /systemctl --user enable/);
  assert.deepEqual([existsSync(unit), calls()], [false, []]);
});

test('a service is stopped before its file is removed; one that is not there is no error', {
  skip,
}, async (context) => {
  const { unit, run, calls } = withSystemctl(createBench(context));
  await run('install-service');
  calls();
  assert.equal((await run('uninstall-service', '--dry-run')).code, 0);
  assert.deepEqual([existsSync(unit), calls()], [true, []]);
  assert.equal((await run('uninstall-service')).code, 0);
  assert.equal(existsSync(unit), false);
  assert.deepEqual(calls(), [
    '--user disable --now ringmaster-demo.service',
    '--user daemon-reload',
  ]);
  const again = await run('uninstall-service');
  assert.equal(again.code, 0);
  assert.match(again.stdout, /Nothing is installed/);
});

test('a file of the same name that is not ours stays', { skip }, async (context) => {
  const { unit, run, calls } = withSystemctl(createBench(context));
  mkdirSync(dirname(unit), { recursive: true });
  writeFileSync(unit, '[Unit]\nDescription=mine\n');
  for (const command of ['install-service', 'uninstall-service']) {
    const { code, stderr } = await run(command);
    assert.equal(code, 1);
    assert.match(stderr, /not written by Ringmaster/);
  }
  assert.equal(readFileSync(unit, 'utf8'), '[Unit]\nDescription=mine\n');
  assert.deepEqual(calls(), []);
});

test('without a service manager the file is written and the commands are said', {
  skip,
}, async (context) => {
  const bench = createBench(context);
  const { unit } = withSystemctl(bench);
  const empty = join(bench.folder, 'empty');
  mkdirSync(empty);
  const env = { PATH: empty, XDG_CONFIG_HOME: join(bench.folder, 'config') };
  const { code, stdout } = await bench.start(['install-service'], { env }).ended;
  assert.equal(code, 1);
  assert.equal(existsSync(unit), true);
  assert.match(stdout, /^ {2}systemctl --user daemon-reload$/m);
});

test('a service is not started beside a daemon that runs already, and that is said', {
  skip,
}, async (context) => {
  const bench = createBench(context);
  const { run, calls } = withSystemctl(bench);
  bench.record({ pid: process.pid, port: 1 });
  const { stderr } = await run('install-service');
  assert.ok(!calls().some((line) => line.includes('start')));
  assert.match(stderr, new RegExp(`pid ${process.pid}.*ringmaster down`));
});

test('a service of the machine runs as the user that is named, who must exist', {
  skip,
}, async (context) => {
  const { run } = withSystemctl(createBench(context));
  const user = userInfo().username;
  const text = (await run('install-service', '--system', '--user', user, '--dry-run')).stdout;
  assert.match(text, /^WantedBy=multi-user\.target$/m);
  assert.equal(/^User=/m.test(text), user !== 'root');
  const nobody = await run('install-service', '--system', '--user', 'no-such-user-here');
  assert.equal(nobody.code, 64);
  assert.equal((await run('install-service', '--user', user)).code, 64);
});
