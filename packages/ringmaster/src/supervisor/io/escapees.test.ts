import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { endOrphans } from './end-orphans.ts';
import { isSameProcess, startTimeOf } from './process-table.ts';
import { fleetOf, forget, type Supervised, supervise } from './testing/supervise.ts';

const linux = process.platform === 'linux' ? {} : { skip: 'escapees are told by /proc' };

/** A process that runs for longer than any test, with no environment, in a session of its own; says its pid in `pid`. */
const escapee = `env -i setsid sh -c 'echo $$ >pid.new; mv pid.new pid; exec sleep 600'`;
const silent = '</dev/null >/dev/null 2>&1';
/** Waits without leaving its shell, ended by any signal. */
const wait = 'while :; do sleep 600; done';

interface Escape extends Supervised {
  readonly escaped: { readonly pid: number; readonly startTime: string };
  readonly folder: string;
}

/** Runs a shell script as a service, and looks when the escapee it starts has said its pid. */
async function whenEscaped(script: string, look: (world: Escape) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-escape-'));
  const world = supervise();
  const shell = { kind: 'service' as const, command: '/bin/sh', args: ['run.sh'], cwd: folder };
  writeFileSync(join(folder, 'run.sh'), script);
  const file = join(folder, 'pid');
  let escaped = { pid: 0, startTime: '' };
  try {
    await world.begin(fleetOf({ it: { ...shell, stop: { graceMs: 300 } } }));
    await world.until(() => existsSync(file), 'the escape');
    const pid = Number(readFileSync(file, 'utf8'));
    escaped = { pid, startTime: startTimeOf(pid) ?? '' };
    assert.equal(world.marked().includes(pid), false, 'it has lost its mark');
    assert.notEqual(escaped.startTime, '', 'it runs');
    await look({ ...world, escaped, folder });
  } finally {
    await world.supervisor.shutdown('the test is over');
    if (isSameProcess(escaped.pid, escaped.startTime)) process.kill(escaped.pid, 'SIGKILL');
    forget(world.dataDir);
    rmSync(folder, { recursive: true, force: true });
  }
}

const lives = ({ escaped }: Escape) => isSameProcess(escaped.pid, escaped.startTime);

const escapes = {
  'whose parents are gone, as it holds the output it inherited': `(${escapee} &); ${wait}`,
  'that holds nothing, as its parent is there when it is stopped': `${escapee} ${silent} & ${wait}`,
};

for (const [what, script] of Object.entries(escapes))
  test(`a stop ends an escapee without mark and session ${what}`, linux, async () => {
    await whenEscaped(script, async (world) => {
      assert.ok(lives(world));
      await world.supervisor.stop('it', 'test');
      assert.equal(lives(world), false);
    });
  });

test('a stop ends an escapee that was seen before its parents went', linux, async () => {
  const parent = `(${escapee} ${silent} & while [ ! -e go ]; do sleep 0.02; done; touch gone)`;
  await whenEscaped(`${parent}; ${wait}`, async (world) => {
    await world.until(() => (world.view('it').processCount ?? 0) >= 3, 'a look at it');
    writeFileSync(join(world.folder, 'go'), '');
    await world.until(() => existsSync(join(world.folder, 'gone')), 'its parent to go');
    await world.supervisor.stop('it', 'test');
    assert.equal(lives(world), false);
  });
});

test('what a server left is ended when it dies by itself', linux, async () => {
  await whenEscaped(`(${escapee} &); ${wait}`, async (world) => {
    process.kill(world.view('it').pid ?? 0, 'SIGKILL');
    await world.until(() => !lives(world), 'the end of its escapee');
  });
});

for (const [what, script] of Object.entries(escapes))
  test(`an escapee of a dead daemon's server is ended ${what}`, linux, async () => {
    await whenEscaped(script, async (world) => {
      await endOrphans(world.dataDir, { graceMaxMs: 0 });
      assert.equal(lives(world), false);
    });
  });
