import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { covers } from '../support/covers.ts';
import { createHome, entry } from '../support/home.ts';
import { serverFile } from '../support/stdio-server.ts';
import { waitFor } from '../support/wait.ts';

test('a server is added to the running fleet and removed again, in the file too', async () => {
  covers('server.add', 'server.remove');
  await using home = createHome({ servers: { echo: entry('echo') } });
  const daemon = await home.up();
  const command = ['--', process.execPath, serverFile('collide'), 'hello'];
  const added = await home.run('add', 'second', '--env', 'GREETING=hi', ...command);
  assert.equal(added.code, 0, added.stderr);
  await waitFor('the added server', async () => {
    const row = await daemon.api<{ state: string }>('/servers/second');
    return row.state === 'ready';
  });
  assert.match(readFileSync(home.file, 'utf8'), /second/);

  const again = await home.run('add', 'second', ...command);
  assert.equal(again.code, 1);
  const nothing = await home.run('add', 'third');
  assert.equal(nothing.code, 64);

  const removed = await home.run('remove', 'second');
  assert.equal(removed.code, 0, removed.stderr);
  assert.doesNotMatch(readFileSync(home.file, 'utf8'), /second/);
  const { servers } = await daemon.api<{ servers: { server: string }[] }>('/servers');
  assert.deepEqual(
    servers.map(({ server }) => server),
    ['echo'],
  );
});

test('a server that others depend on is not removed, and nothing is written', async () => {
  await using home = createHome({
    servers: { base: entry('echo'), late: entry('echo', [], { dependsOn: ['base'] }) },
  });
  await home.up();
  const before = readFileSync(home.file, 'utf8');
  const removed = await home.run('remove', 'base');
  assert.equal(removed.code, 3, removed.stdout);
  assert.match(removed.stderr, /late/);
  assert.equal(readFileSync(home.file, 'utf8'), before);
  assert.equal(home.servers('echo').length, 2);
});
