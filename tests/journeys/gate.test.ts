import assert from 'node:assert/strict';
import { test } from 'node:test';
import { covers } from '../support/covers.ts';
import { createHome, entry } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';

interface Row {
  readonly state: string;
  readonly why: string;
}

test('a server whose entry changed runs again only when a person approved it', async () => {
  covers('server.approve');
  const spawn = { approve: 'changed' };
  await using home = createHome({ spawn, servers: { echo: entry('echo') } });
  const daemon = await home.up();
  assert.equal(home.servers('echo').length, 1);

  home.write({ spawn, servers: { echo: entry('echo', [], { env: { EXTRA: 'from outside' } }) } });
  const held = await waitFor('the changed server to be held', async () => {
    const row = await daemon.api<Row>('/servers/echo');
    return /changed since it was approved/.test(row.why) ? row : undefined;
  });
  assert.notEqual(held.state, 'ready');
  assert.equal(home.servers('echo').length, 0);

  const approved = await home.run('approve', 'echo');
  assert.equal(approved.code, 0, approved.stderr);
  const client = await daemon.legacy();
  assert.equal(await client.call('env', { name: 'EXTRA' }), 'from outside');
});

test('an entry that left and came back changed is asked about, too', async () => {
  const spawn = { approve: 'changed' };
  await using home = createHome({ spawn, servers: { echo: entry('echo') } });
  const daemon = await home.up();
  home.write({ spawn, servers: { other: entry('silent') } });
  await waitFor('the entry to be gone', () => home.servers('echo').length === 0);
  home.write({ spawn, servers: { echo: entry('echo', [], { env: { EXTRA: 'from outside' } }) } });
  await waitFor('the changed server to be held', async () => {
    const row = await daemon.api<Row>('/servers/echo');
    return /changed since it was approved/.test(row.why ?? '');
  });
  assert.equal(home.servers('echo').length, 0);
});

test('what the spawn section does not allow is not run, and the journal says why', async () => {
  await using home = createHome({
    spawn: { allowPaths: ['./nothing-here'] },
    servers: { echo: entry('echo', [], { restart: { failAfter: 1 } }) },
  });
  const daemon = await home.up('answers');
  await waitFor('the refused server', async () => {
    const row = await daemon.api<Row>('/servers/echo');
    return row.state === 'failed' && /spawn\.allowPaths/.test(row.why);
  });
  assert.equal(home.servers('echo').length, 0);
  const { stdout } = await home.run('events', '--kind', 'spawn.refused');
  assert.match(stdout, /allowPaths/);
});

test('an entry that sets LD_PRELOAD is refused', async () => {
  await using home = createHome({
    servers: { echo: entry('echo', [], { env: { LD_PRELOAD: './evil.so' } }) },
  });
  const daemon = await home.up('answers');
  await waitFor('the refused server', async () => {
    const row = await daemon.api<Row>('/servers/echo');
    return /LD_PRELOAD/.test(row.why);
  });
  assert.equal(home.servers('echo').length, 0);
});
