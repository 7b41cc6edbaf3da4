import assert from 'node:assert/strict';
import { chmodSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { createHome, entry } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';

interface Row {
  readonly state: string;
  readonly why: string;
  readonly pid: number;
  readonly limits: readonly { readonly resource: string; readonly means: string }[];
}

const isRoot = process.getuid?.() === 0;

test('status says what limits a server, and by which means', async () => {
  const resources = { memoryBytes: '2GB', openFiles: 200 };
  await using home = createHome({ servers: { echo: entry('echo', [], { resources }) } });
  const daemon = await home.up();
  const { limits } = await daemon.api<Row>('/servers/echo');
  assert.deepEqual(limits[0], { resource: 'memoryBytes', limit: 2_000_000_000, means: 'sampling' });
  assert.equal(limits[1]?.resource, 'openFiles');
  assert.match((await home.run('status', 'echo')).stdout, /memoryBytes 2\.0 GB .*openFiles 200/);
  await daemon.kill();
  const second = await home.up();
  assert.deepEqual((await second.api<Row>('/servers/echo')).limits, limits);
});

test('a server that grows above its limit is restarted, and says why', async () => {
  const script =
    'setTimeout(()=>{globalThis.held=Buffer.alloc(300e6,1)},500);setInterval(()=>{},1e6)';
  await using home = createHome({
    servers: {
      grows: {
        ...{ kind: 'service', command: process.execPath, args: ['-e', script] },
        ...{ resources: { memoryBytes: '200MB' }, stop: { graceMs: 500 } },
      },
    },
  });
  await home.up();
  await waitFor('the restart', async () =>
    (await home.run('events', '--kind', 'instance.died')).stdout.includes('allows 200 MB'),
  );
  assert.match((await home.run('events', '--kind', 'instance.overLimit')).stdout, /told/);
});

test('a server runs as the user of its entry, talks MCP, and is stopped by root', {
  skip: !isRoot && 'needs root',
}, async () => {
  await using home = createHome({ servers: { echo: entry('echo', [], { user: 'nobody' }) } });
  chmodSync(home.folder, 0o755);
  const daemon = await home.up('answers');
  const row = await waitFor('the server to be ready or refused', async () => {
    const now = await daemon.api<Row>('/servers/echo');
    return now.state === 'ready' || /may not/.test(now.why) ? now : undefined;
  });
  // Where the checkout itself is closed to others, the refusal is the right answer.
  if (row.state !== 'ready') return assert.match(row.why, /user nobody may not/);
  assert.notEqual(statSync(`/proc/${row.pid}`).uid, 0);
  const client = await daemon.legacy();
  assert.equal(await client.call('echo', { text: 'as nobody' }), 'as nobody');
  assert.equal((await home.run('stop', 'echo')).code, 0);
  assert.deepEqual(home.servers('echo'), []);
});
