import assert from 'node:assert/strict';
import { test } from 'node:test';
import { covers } from '../support/covers.ts';
import { createHome, entry } from '../support/home.ts';
import { waitFor } from '../support/wait.ts';

interface Status {
  readonly servers: readonly {
    readonly server: string;
    readonly state: string;
    readonly pid?: number;
    readonly calls: number;
    readonly tools: number;
  }[];
}

test('one file, one command: every server is supervised and served, then ended', async () => {
  covers('daemon.status', 'server.list', 'server.get', 'tool.list', 'tool.call', 'event.list');
  await using home = createHome({
    servers: {
      echo: entry('echo'),
      modern: entry('modern'),
      api: entry('service', [], { kind: 'service', port: 'auto', health: { http: '/health' } }),
    },
  });
  const daemon = await home.up();

  const status = await home.json<Status>('status');
  assert.deepEqual(
    status.servers.map(({ server, state }) => [server, state]),
    [
      ['echo', 'ready'],
      ['modern', 'ready'],
      ['api', 'ready'],
    ],
  );
  const called = await home.run('call', 'echo.add', '--json', '{"a":2,"b":3}');
  assert.equal(called.code, 0, called.stderr);
  assert.match(called.stdout, /5/);
  assert.match((await home.run('tools')).stdout, /slow/);

  const client = await daemon.legacy('/servers/modern/mcp');
  assert.equal(await client.call('echo', { text: 'across eras' }), 'across eras');
  const modern = daemon.modern('/servers/echo/mcp');
  assert.equal(await modern.call('echo', { text: 'and back' }), 'and back');

  const after = await daemon.api<Status>('/servers');
  assert.deepEqual(
    after.servers.map(({ calls }) => calls > 0),
    [true, true, false],
  );
  const one = await daemon.api<{ server: string }>('/servers/echo');
  assert.equal(one.server, 'echo');
  const events = await daemon.api<{ events: { kind: string }[] }>('/events');
  for (const kind of ['daemon.started', 'instance.ready', 'call.finished'])
    assert.ok(
      events.events.some((event) => event.kind === kind),
      `${kind} is not in the journal`,
    );

  assert.equal(await daemon.stop(), 0, daemon.output());
  await waitFor('no process of this home', () => home.processes().length === 0);
});

test('servers stop, start and restart when told, and stay stopped across a restart of the daemon', async () => {
  covers('server.stop', 'server.start', 'server.restart', 'daemon.shutdown', 'log.read');
  await using home = createHome({ servers: { echo: entry('echo'), other: entry('echo') } });
  await home.up();
  assert.equal((await home.run('stop', 'echo')).code, 0);
  await waitFor('one server left', () => home.servers('echo').length === 1);

  assert.equal((await home.run('down')).code, 0);
  await waitFor('no process of this home', () => home.processes().length === 0);
  const daemon = await home.up();
  assert.equal(home.servers('echo').length, 1);

  assert.equal((await home.run('start', 'echo')).code, 0);
  await waitFor('two servers', () => home.servers('echo').length === 2);
  const client = await daemon.legacy('/servers/echo/mcp');
  const before = await client.call('pid');
  assert.equal((await home.run('restart', 'echo')).code, 0);
  assert.notEqual(await client.call('pid'), before);

  await client.call('log', { text: 'a line for the log' });
  await waitFor('the line in the log', async () =>
    (await home.run('logs', 'echo')).stdout.includes('a line for the log'),
  );
});

test('up --detach does not wait for a server that never answers: it says which one, and exits with 1', async () => {
  await using home = createHome({
    servers: { echo: entry('echo'), mute: entry('silent', [], { start: { timeoutMs: 300 } }) },
  });
  const up = await home.run('up', '--detach');
  assert.equal(up.code, 1, up.stderr);
  assert.match(up.stdout, /mute .*not ready within 300 ms/);
});
