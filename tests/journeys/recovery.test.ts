import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHome, entry } from '../support/home.ts';
import { isAlive, signal } from '../support/processes.ts';
import { waitFor } from '../support/wait.ts';

/** The call would take 60 s: who is told before a third of that was not left to wait for it. */
const lostWithinMs = 20_000;
/** Half of `orphanGraceMs`, after which there would be nothing to adopt. */
const adoptedWithinMs = 30_000;

test('a server killed in the middle of a call: the caller is told at once, the next call succeeds', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  const daemon = await home.up();
  const client = await daemon.legacy();
  const pid = Number(await client.call('pid'));

  const pending = client.request('tools/call', { name: 'slow', arguments: { ms: 60_000 } });
  await waitFor('the call in flight', async () => {
    const row = await daemon.api<{ inFlight: number }>('/servers/echo');
    return row.inFlight === 1;
  });
  // Messages are read in order: an answer to this one proves that the other was read.
  assert.equal(await client.call('add', { a: 1, b: 1 }), '2');
  const killedMs = performance.now();
  signal(pid, 'SIGKILL');
  const answer = await pending;
  assert.ok(performance.now() - killedMs < lostWithinMs);
  assert.match(answer.error?.message ?? '', /echo/);
  assert.match(answer.error?.message ?? '', /may have/);

  const next = Number(await client.call('pid'));
  assert.notEqual(next, pid);
  assert.equal(home.servers('echo').length, 1);
});

test('a call the dead server never read is sent again, and executed once', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  const daemon = await home.up();
  const client = await daemon.legacy();
  const pid = Number(await client.call('pid'));
  signal(pid, 'SIGSTOP');
  const pending = client.call('pid');
  await waitFor('the call in flight', async () => {
    const row = await daemon.api<{ inFlight: number }>('/servers/echo');
    return row.inFlight === 1;
  });
  signal(pid, 'SIGKILL');
  assert.notEqual(Number(await pending), pid);
});

test('what is asked for while everything is being stopped leaves nothing behind', async () => {
  await using home = createHome({
    servers: { stubborn: entry('stubborn', [], { stop: { graceMs: 4_000 } }), echo: entry('echo') },
  });
  const daemon = await home.up();
  const stopped = daemon.stop();
  await waitFor('the stop to begin', async () => {
    const row = await daemon.api<{ state: string }>('/servers/stubborn');
    return row.state === 'stopping';
  });
  const [started, applied] = await Promise.all([
    home.run('start', 'echo'),
    home.run('apply'),
    home.run('restart', 'stubborn'),
  ]);
  assert.notEqual(started.code, 0);
  assert.notEqual(applied.code, 0);
  await stopped;
  assert.deepEqual(home.processes(), []);
});

test('a server that keeps dying is failed and retried, and costs only its own tools', async () => {
  await using home = createHome({
    servers: {
      crash: entry('crash', ['--at-once', '--code', '9'], {
        restart: { baseDelayMs: 20, maxDelayMs: 200, failAfter: 3 },
      }),
      echo: entry('echo'),
    },
  });
  const daemon = await home.up('answers');
  const failed = await waitFor('the failed server', async () => {
    const row = await daemon.api<{ state: string; lastDeath?: { exit: { code?: number } } }>(
      '/servers/crash',
    );
    return row.state === 'failed' ? row : undefined;
  });
  assert.equal(failed.lastDeath?.exit.code, 9);
  const client = await daemon.legacy();
  assert.equal(await client.call('add', { a: 1, b: 1 }), '2');
  assert.equal((await home.run('status')).code, 1);
});

test('the daemon is killed: servers live on, the next daemon adopts them and doubles none', async () => {
  await using home = createHome({
    servers: {
      echo: entry('echo'),
      modern: entry('modern'),
      api: entry('service', [], { kind: 'service', port: 'auto', health: { http: '/health' } }),
    },
  });
  const first = await home.up();
  const names = ['echo', 'modern', 'service'];
  const pids = () => names.map((name) => home.servers(name).map(({ pid }) => pid));
  const before = pids();
  assert.deepEqual(
    before.map((list) => list.length),
    [1, 1, 1],
  );

  await first.kill();
  for (const [pid] of before) assert.ok(isAlive(pid ?? 0), 'a server died with the daemon');
  const startedMs = performance.now();
  const second = await home.up();
  assert.ok(performance.now() - startedMs < adoptedWithinMs);
  const client = await second.legacy('/servers/echo/mcp');
  assert.equal(Number(await client.call('pid')), before[0]?.[0]);
  assert.equal(await second.modern('/servers/modern/mcp').call('echo', { text: 'x' }), 'x');
  assert.deepEqual(pids(), before);

  assert.equal(await second.stop(), 0, second.output());
  await waitFor('no process of this home', () => home.processes().length === 0);
});

test('down without a daemon ends the servers of the dead one at once', async () => {
  await using home = createHome({
    servers: { echo: entry('echo'), stubborn: entry('stubborn', [], { stop: { graceMs: 300 } }) },
  });
  const daemon = await home.up();
  await (await daemon.legacy('/servers/stubborn/mcp')).call('family');
  await daemon.kill();
  assert.ok(home.servers('echo').length === 1);
  const down = await home.run('down');
  assert.equal(down.code, 0, down.stderr);
  await waitFor('no process of this home', () => home.processes().length === 0);
});

test('when no daemon comes back within orphanGraceMs, the servers are ended', async () => {
  await using home = createHome({ orphanGraceMs: 5_000, servers: { echo: entry('echo') } });
  const daemon = await home.up();
  await daemon.kill();
  assert.equal(home.servers('echo').length, 1);
  await waitFor('no process of this home', () => home.processes().length === 0);
});

test('a stubborn tree is ended whole, its detached grandchild too', async () => {
  await using home = createHome({
    servers: {
      stubborn: entry('stubborn', [], { stop: { drainMs: 0, graceMs: 300 } }),
      leaver: entry('leaver', ['--detached'], { stop: { graceMs: 300 } }),
    },
  });
  const daemon = await home.up();
  for (const name of ['stubborn', 'leaver'])
    await (await daemon.legacy(`/servers/${name}/mcp`)).call('family');
  assert.equal(home.servers('grandchild').length, 3);
  assert.equal((await home.run('stop', 'all')).code, 0);
  assert.deepEqual(home.servers('grandchild'), []);
  assert.deepEqual(home.servers('stubborn'), []);
});

test('what somebody stopped stays stopped when the daemon is killed, and is said to', async () => {
  await using home = createHome({ servers: { echo: entry('echo'), other: entry('echo') } });
  const daemon = await home.up();
  // Killed in the moment of the answer: what was answered is on the disk.
  await daemon.api('/servers/stop', { servers: ['other'] });
  await daemon.kill();
  const next = await home.up();
  const row = await next.api<{ state: string; why: string }>('/servers/other');
  assert.deepEqual(
    [row.state, row.why],
    ['stopped', 'stays stopped: it was stopped on request before'],
  );
  assert.match((await home.run('status', 'other', '--lang', 'ja')).stdout, /停止したままです/);
});

test('a second daemon on the same data directory is refused with the pid of the first', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  const daemon = await home.up();
  const second = await home.run('up');
  assert.equal(second.code, 1);
  assert.match(second.stderr, new RegExp(`\\b${daemon.pid}\\b`));
  const client = await daemon.legacy();
  assert.equal(await client.call('echo', { text: 'still here' }), 'still here');
  assert.equal(home.servers('echo').length, 1);
});

test('two signals at once, as npm sends for one Ctrl-C, are one orderly stop', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  const daemon = await home.up();
  const client = await daemon.legacy();
  const pending = client.call('slow', { ms: 4_000, text: 'drained' });
  await waitFor('the call in flight', async () => {
    const row = await daemon.api<{ inFlight: number }>('/servers/echo');
    return row.inFlight === 1;
  });
  daemon.child.kill('SIGINT');
  // The kernel would merge two of one kind that wait; these two arrive as two.
  daemon.child.kill('SIGTERM');
  assert.equal(await pending, 'drained');
  await waitFor('the exit', () => daemon.child.exitCode !== null);
  assert.equal(daemon.child.exitCode, 0, daemon.output());
});
