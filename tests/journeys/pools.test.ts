import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { covers } from '../support/covers.ts';
import { createHome, entry } from '../support/home.ts';
import type { McpClient } from '../support/mcp-client.ts';
import { waitFor } from '../support/wait.ts';

interface Row {
  readonly state: string;
  readonly instances: number;
  readonly readyInstances: number;
  readonly adopted: boolean;
}

/** Calls without a pause until told to stop; resolves with how many were answered. */
function callOn(client: McpClient): { stop(): Promise<number> } {
  let isOver = false;
  const done = (async () => {
    let count = 0;
    for (; !isOver; count += 1) {
      const text = await client.call('echo', { text: `call ${count}` });
      assert.equal(text, `call ${count}`);
    }
    return count;
  })();
  return {
    stop() {
      isOver = true;
      return done;
    },
  };
}

test('a reload under load replaces the process and drops no call', async () => {
  covers('server.reload');
  await using home = createHome({ servers: { echo: entry('echo') } });
  const daemon = await home.up();
  const clients = await Promise.all([1, 2, 3, 4].map(() => daemon.legacy()));
  const [before] = home.servers('echo');
  const loads = clients.map(callOn);
  const reloaded = await home.run('reload', 'echo');
  assert.equal(reloaded.code, 0, reloaded.stderr);
  const counts = await Promise.all(loads.map((load) => load.stop()));
  assert.ok(counts.every((count) => count > 0));
  const after = home.servers('echo');
  assert.equal(after.length, 1);
  assert.notEqual(after[0]?.pid, before?.pid);
});

test('a reload whose new process does not get ready leaves the old one serving', async () => {
  await using home = createHome({
    servers: { echo: entry('echo', [], { envFile: './echo.env', restart: { failAfter: 1 } }) },
  });
  const variables = join(home.folder, 'echo.env');
  writeFileSync(variables, 'GREETING=hello\n');
  const daemon = await home.up();
  const client = await daemon.legacy();
  const pid = Number(await client.call('pid'));
  rmSync(variables);
  const reloaded = await home.run('reload', 'echo');
  assert.equal(reloaded.code, 1, reloaded.stdout);
  assert.match(reloaded.stderr, /echo\.env/);
  assert.equal(Number(await client.call('pid')), pid);
  assert.equal(home.servers('echo').length, 1);
});

test('a pool is scaled up and down, and its size outlives the daemon', async () => {
  covers('server.scale', 'server.signal');
  await using home = createHome({ servers: { echo: entry('echo') } });
  const first = await home.up();
  assert.equal((await home.run('scale', 'echo', '3')).code, 0);
  assert.equal(home.servers('echo').length, 3);
  const pids = home.servers('echo').map(({ pid }) => pid);
  const client = await first.legacy();
  const slow = [1, 2, 3].map(() => client.call('slow', { ms: 200, text: 'done' }));
  const row = await first.api<Row>('/servers/echo');
  assert.deepEqual([row.instances, row.readyInstances], [3, 3]);
  await Promise.all(slow);

  await first.kill();
  const second = await home.up();
  assert.deepEqual(
    home.servers('echo').map(({ pid }) => pid),
    pids,
  );
  assert.equal((await second.api<Row>('/servers/echo')).readyInstances, 3);

  assert.equal((await home.run('scale', 'echo', '1')).code, 0);
  assert.equal(home.servers('echo').length, 1);
  const tooMany = await home.run('scale', 'echo', '60');
  assert.equal(tooMany.code, 1);
  assert.match(tooMany.stderr, /pool\.max/);

  const [left] = home.servers('echo');
  assert.equal((await home.run('signal', 'echo', 'KILL')).code, 0);
  await waitFor('another process', () => {
    const [now] = home.servers('echo');
    return now !== undefined && now.pid !== left?.pid;
  });
});
