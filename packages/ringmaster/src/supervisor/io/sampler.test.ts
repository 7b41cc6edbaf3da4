import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { createSampler, openFilesOf, pssBytesOf } from './sampler.ts';

const onLinux = { skip: process.platform === 'linux' ? false : 'needs /proc' };

/** A process that works for so long and then waits; it says a word when it has worked. */
async function worker(
  context: TestContext,
  workMs: number,
): Promise<ChildProcess & { pid: number }> {
  const code = `const until = performance.now() + ${workMs};
    while (performance.now() < until);
    process.stdout.write('done');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['-e', code], { detached: true });
  context.after(() => child.kill('SIGKILL'));
  await new Promise((done) => child.stdout.once('data', done));
  assert.ok(child.pid);
  return Object.assign(child, { pid: child.pid });
}

const keptPaths = () =>
  readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return /^\/proc\/\d+\/stat$/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[0] ?? [];
    } catch {
      // The descriptor of the listing itself.
      return [];
    }
  });

test(
  'a busy tree costs CPU, an idle one none; elapsed time is not that of the clock',
  onLinux,
  async (context) => {
    let tickMs = 0;
    const sampler = createSampler(() => tickMs);
    context.after(sampler.close);
    const idle = await worker(context, 0);
    const busy = spawn(process.execPath, ['-e', 'for(;;);'], { detached: true });
    context.after(() => busy.kill('SIGKILL'));
    const pid = busy.pid ?? 0;
    sampler.take([idle.pid, pid]);
    assert.equal(sampler.latest(pid)?.cpuPercent, undefined);
    const deadlineMs = performance.now() + 60_000;
    let used = 0;
    while (used < 20 && performance.now() < deadlineMs) {
      await new Promise((done) => setTimeout(done, 10));
      tickMs += 1_000;
      sampler.take([idle.pid, pid]);
      used = sampler.latest(pid)?.cpuTicks ?? 0;
    }
    assert.ok(used >= 20, `${used} ticks`);
    assert.ok((sampler.latest(idle.pid)?.cpuTicks ?? 99) < 20);
    const sample = sampler.latest(idle.pid);
    assert.ok((sample?.memoryBytes ?? 0) > 10_000_000);
    assert.ok((sample?.threads ?? 0) > 1);
    assert.equal(sample?.processCount, 1);
  },
);

test(
  'old trees are read through descriptors that stay open, and are closed with their process',
  onLinux,
  async (context) => {
    let tickMs = 0;
    const sampler = createSampler(() => tickMs);
    context.after(sampler.close);
    const [one, other] = [await worker(context, 0), await worker(context, 0)];
    sampler.take([one.pid, other.pid]);
    tickMs = 61_000;
    sampler.take([one.pid, other.pid]);
    tickMs = 62_000;
    sampler.take([one.pid, other.pid]);
    assert.deepEqual(
      keptPaths().sort(),
      [`/proc/${one.pid}/stat`, `/proc/${other.pid}/stat`].sort(),
    );
    assert.equal(sampler.latest(one.pid)?.processCount, 1);
    const gone = new Promise((done) => one.once('exit', done));
    one.kill('SIGKILL');
    await gone;
    tickMs = 63_000;
    sampler.take([one.pid, other.pid]);
    assert.equal(sampler.latest(one.pid), undefined);
    assert.equal(sampler.latest(other.pid)?.processCount, 1);
    sampler.take([other.pid]);
    assert.deepEqual(keptPaths(), [`/proc/${other.pid}/stat`]);
    sampler.close();
    assert.deepEqual(keptPaths(), []);
  },
);

test(
  'proportional memory and open files are sums, or missing when one process cannot be read',
  onLinux,
  async (context) => {
    const child = await worker(context, 0);
    const alone = (await pssBytesOf([child.pid])) ?? 0;
    assert.ok(alone > 1_000_000);
    assert.ok(((await pssBytesOf([child.pid, process.pid])) ?? 0) > alone);
    assert.ok((openFilesOf([child.pid]) ?? 0) >= 3);
    const gone = 2 ** 22 + 1;
    assert.equal(await pssBytesOf([child.pid, gone]), undefined);
    assert.equal(openFilesOf([child.pid, gone]), undefined);
  },
);
