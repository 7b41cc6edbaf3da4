import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHome, type Daemon, entry, type Home } from '../support/home.ts';
import { type McpClient, post } from '../support/mcp-client.ts';
import { waitFor } from '../support/wait.ts';

interface Row {
  readonly state: string;
  readonly wanted: string;
  readonly why: string;
  readonly instances: number;
  readonly readyInstances: number;
  readonly pool: { readonly leased: number; readonly fixed?: number };
}

interface Event {
  readonly kind: string;
  readonly why?: string;
  readonly to?: number;
}

const rowOf = (daemon: Daemon, server: string) => daemon.api<Row>(`/servers/${server}`);

async function eventsOf(daemon: Daemon, kind: string): Promise<readonly Event[]> {
  const { events } = await daemon.api<{ events: Event[] }>(`/events?kind=${kind}&limit=100`);
  return events;
}

async function endSession(daemon: Daemon, client: McpClient): Promise<void> {
  const headers = { 'mcp-session-id': client.session ?? '' };
  const { status } = await fetch(`${daemon.origin}/mcp`, { method: 'DELETE', headers });
  assert.equal(status, 204);
}

const pidsOf = (home: Home, name: string) => home.servers(name).map(({ pid }) => pid);

test('a server with min 0 sleeps when nobody calls it, is listed all the while, and wakes for a call', async () => {
  await using home = createHome({
    servers: { echo: entry('echo', [], { pool: { min: 0, idleStopMs: '300ms' } }) },
  });
  const first = await home.up();
  const client = await first.legacy();
  const names = await client.toolNames();
  assert.ok(names.includes('echo'));
  await waitFor('sleep', async () => (await rowOf(first, 'echo')).state === 'asleep');
  await waitFor('no process', () => home.servers('echo').length === 0);
  const row = await rowOf(first, 'echo');
  assert.equal(row.wanted, 'running');
  assert.match(row.why, /^asleep until called: nobody used it for 300 ms$/);
  assert.equal((await home.run('status')).code, 0);
  assert.equal((await fetch(`${first.origin}/health/ready`)).status, 200);
  assert.deepEqual(await client.toolNames(), names);

  const calls = Array.from({ length: 20 }, (_, at) => client.call('echo', { text: `call ${at}` }));
  assert.deepEqual(
    await Promise.all(calls),
    calls.map((_, at) => `call ${at}`),
  );
  assert.equal(home.servers('echo').length, 1);
  await waitFor('sleep again', async () => (await rowOf(first, 'echo')).state === 'asleep');
  assert.equal(await first.stop(), 0);

  const second = await home.up();
  assert.equal((await rowOf(second, 'echo')).state, 'asleep');
  assert.deepEqual(await (await second.legacy()).toolNames(), names);
  assert.equal((await eventsOf(second, 'instance.spawned')).length, 2);
  assert.equal(home.servers('echo').length, 0);
});

test('an HTTP server sleeps too, and so does the connection to one that is only connected to', async () => {
  const pool = { min: 0, idleStopMs: '200ms' };
  const url = 'http://127.0.0.1:${PORT}/mcp';
  await using outside = createHome({ servers: { echo: entry('echo') } });
  const far = await outside.up();
  await using home = createHome({
    servers: {
      ours: entry('http-echo', [], { url, port: 'auto', pool }),
      theirs: { url: `${far.origin}/mcp`, pool },
    },
  });
  const daemon = await home.up();
  for (const server of ['ours', 'theirs']) {
    const client = await daemon.legacy(`/servers/${server}/mcp`);
    for (const round of [1, 2]) {
      await waitFor(
        `sleep of ${server}`,
        async () => (await rowOf(daemon, server)).state === 'asleep',
      );
      assert.equal(await client.call('echo', { text: `round ${round}` }), `round ${round}`);
    }
  }
  await waitFor('no process', () => home.servers('http-echo').length === 0);
});

test('calls that come while a server falls asleep are answered', async () => {
  await using home = createHome({
    servers: { echo: entry('echo', [], { pool: { min: 0, idleStopMs: '100ms' } }) },
  });
  const daemon = await home.up();
  const client = await daemon.legacy();
  for (let pauseMs = 80; pauseMs < 160; pauseMs += 8) {
    assert.equal(await client.call('echo', { text: `${pauseMs}` }), `${pauseMs}`);
    // The pause is what is tested: it ends before, while and after the server is put to sleep.
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  await waitFor('sleep', async () => (await eventsOf(daemon, 'instance.asleep')).length > 0);
});

test('each session of a per-session server has a process of its own, which ends with it', async () => {
  await using home = createHome({
    servers: {
      echo: entry('echo', [], {
        pool: { mode: 'per-session', max: 3, idleStopMs: '1h' },
        limits: { waitMs: '4s' },
      }),
    },
  });
  const daemon = await home.up();
  const clients = await Promise.all([1, 2, 3].map(() => daemon.legacy()));
  const pids = await Promise.all(clients.map((client) => client.call('pid')));
  assert.equal(new Set(pids).size, 3);
  assert.deepEqual(await Promise.all(clients.map((client) => client.call('pid'))), pids);
  assert.equal((await rowOf(daemon, 'echo')).pool.leased, 3);
  assert.match((await home.run('status', 'echo')).stdout, /3 of 1–3, 3 leased, per-session/);

  const fourth = await daemon.legacy();
  await assert.rejects(
    fourth.call('pid'),
    /3 of its 3 processes serve one client each .*pool\.max allows no more/,
  );
  const waiting = fourth.call('pid');
  await endSession(daemon, clients[1] as McpClient);
  const pid = await waiting;
  assert.ok(!pids.includes(pid));
  await waitFor('the end of its process', () => !pidsOf(home, 'echo').includes(Number(pids[1])));
  assert.equal(home.servers('echo').length, 3);
});

test('abandoned sessions of a per-session server leave what is wanted', async () => {
  await using home = createHome({
    servers: {
      echo: entry('echo', [], { pool: { mode: 'per-session', max: 4, idleStopMs: '200ms' } }),
    },
  });
  const daemon = await home.up();
  for (let round = 0; round < 5; round += 1) {
    const clients = await Promise.all([1, 2, 3, 4].map(() => daemon.legacy()));
    const pids = await Promise.all(clients.map((client) => client.call('pid')));
    assert.equal(new Set(pids).size, 4);
    assert.ok(home.servers('echo').length <= 4);
    // Half of them say goodbye, the others are never heard of again.
    for (const client of clients.slice(0, 2)) await endSession(daemon, client);
  }
  await waitFor('one process, which is free', async () => {
    const { instances, pool } = await rowOf(daemon, 'echo');
    return instances === 1 && pool.leased === 0 && home.servers('echo').length === 1;
  });
});

test('a pool grows while calls queue up, and shrinks when they do not', async () => {
  await using home = createHome({
    servers: { serial: entry('serial', [], { pool: { max: 3, idleStopMs: '500ms' } }) },
  });
  const daemon = await home.up();
  const client = await daemon.legacy();
  // Work that takes longer than all that is around it, on a busy machine, too: its queue is what shows.
  const work = () => client.call('work', { ms: 250 });
  for (let alone = 0; alone < 3; alone += 1) await work();
  let isOver = false;
  const load = Promise.all(
    Array.from({ length: 12 }, async () => {
      while (!isOver) await work();
    }),
  );
  await waitFor('a second process', () => home.servers('serial').length >= 2);
  isOver = true;
  await load;
  // The newest comes first, and it may have begun to shrink.
  const grown = (await eventsOf(daemon, 'pool.scaled')).at(-1);
  assert.match(grown?.why ?? '', /calls at once at each process; half of the calls take over/);
  await waitFor('one process', async () => (await rowOf(daemon, 'serial')).instances === 1);
  assert.equal(home.servers('serial').length, 1);
});

test('what scale fixed holds against load and idleness until scale auto, also over a restart', async () => {
  await using home = createHome({
    servers: { echo: entry('echo', [], { pool: { max: 4, idleStopMs: '100ms' } }) },
  });
  const first = await home.up();
  assert.equal((await home.run('scale', 'echo', '3')).code, 0);
  await first.kill();
  const second = await home.up();
  const row = await rowOf(second, 'echo');
  assert.deepEqual([row.readyInstances, row.pool.fixed], [3, 3]);
  assert.match((await home.run('status', 'echo')).stdout, /3 of 3, fixed by scale, auto/);
  const auto = await home.run('scale', 'echo', 'auto');
  assert.equal(auto.code, 0, auto.stderr);
  await waitFor('one process', () => home.servers('echo').length === 1);
  assert.equal((await rowOf(second, 'echo')).pool.fixed, undefined);
});

test('a session keeps its process over the death of the daemon; what nobody comes back for ends', async () => {
  const own = (idleStopMs: string) =>
    entry('echo', [], { pool: { mode: 'per-session', max: 4, idleStopMs } });
  await using home = createHome({ servers: { kept: own('1h'), left: own('300ms') } });
  const first = await home.up();
  const one = await first.legacy('/servers/kept/mcp');
  const others = [await first.legacy('/servers/kept/mcp'), await first.legacy('/servers/left/mcp')];
  const pids = await Promise.all([one, ...others].map((client) => client.call('pid')));
  assert.equal(new Set(pids).size, 3);
  await first.kill();
  const second = await home.up();
  // The same session at the port of the new daemon.
  const headers = { 'mcp-session-id': one.session ?? '', 'mcp-protocol-version': '2025-11-25' };
  const params = { name: 'pid', arguments: {} };
  const answer = await post(`${second.origin}/servers/kept/mcp`, headers, {
    id: 9,
    method: 'tools/call',
    params,
  });
  const content = answer.result?.['content'] as readonly { readonly text: string }[] | undefined;
  assert.equal(content?.[0]?.text, pids[0]);
  await waitFor('one process of the other server, which is free', async () => {
    const { instances, pool } = await rowOf(second, 'left');
    return instances === 1 && pool.leased === 0;
  });
});
