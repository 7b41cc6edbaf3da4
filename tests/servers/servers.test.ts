import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startServer } from '../support/stdio-server.ts';
import { waitFor } from '../support/wait.ts';

const legacy = {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 't', version: '1' },
};
const modern = {
  _meta: {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  },
};

for (const row of [
  { server: 'echo', initialize: '2025-06-18', discover: -32601 },
  { server: 'modern', initialize: -32022, discover: ['2026-07-28'] },
  { server: 'noisy', initialize: '2025-06-18', discover: -32601 },
  { server: 'sdk-v1', initialize: '2025-06-18', discover: -32601 },
] as const)
  test(`${row.server} answers initialize with ${row.initialize} and discover with ${row.discover}`, async () => {
    await using server = startServer(row.server);
    const discovered = await server.request('server/discover', modern);
    assert.deepEqual(
      discovered.error?.code ?? discovered.result?.['supportedVersions'],
      row.discover,
    );
    const opened = await server.request('initialize', legacy);
    assert.equal(opened.error?.code ?? opened.result?.['protocolVersion'], row.initialize);
  });

for (const name of ['dual', 'sdk-v2'])
  test(`${name} speaks 2026-07-28 to who asks for it`, async () => {
    await using server = startServer(name);
    const reply = await server.request('tools/call', {
      ...modern,
      name: 'echo',
      arguments: { text: 'x' },
    });
    assert.equal(reply.result?.['resultType'], 'complete');
  });

test('a crash server dies unanswered on the call it was told', async () => {
  await using server = startServer('crash', ['--calls', '2', '--code', '7']);
  assert.equal(await server.call('add', { a: 1, b: 2 }), '3');
  server.send({ jsonrpc: '2.0', id: 'last', method: 'tools/call', params: { name: 'pid' } });
  await waitFor('the exit', () => server.child.exitCode !== null);
  assert.equal(server.child.exitCode, 7);
  assert.ok(!server.lines.some((line) => line.includes('last')));
});

test('a crash server can misbehave for its first starts only', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rm-crash-'));
  const args = ['--at-once', '--starts', '1', '--counter', join(folder, 'starts')];
  {
    await using first = startServer('crash', args);
    await waitFor('the exit', () => first.child.exitCode !== null);
  }
  await using second = startServer('crash', args);
  assert.equal(await second.call('echo', { text: 'alive' }), 'alive');
  rmSync(folder, { recursive: true });
});

test('a stubborn server and both its grandchildren survive SIGTERM and the end of stdin', async () => {
  await using server = startServer('stubborn');
  const family = JSON.parse(await server.call('family')) as Record<string, number>;
  const pids = Object.values(family);
  assert.equal(pids.length, 3);
  const pid = server.child.pid ?? 0;
  assert.ok(pid > 1);
  process.kill(-pid, 'SIGTERM');
  server.child.stdin?.end();
  await waitFor('the end of stdin', () => server.errors.some((line) => line.includes('stdin')));
  for (const one of pids) assert.ok(existsSync(`/proc/${one}`), `${one} is gone`);
  process.kill(family['detached'] ?? 0, 'SIGKILL');
});

test('an eof server ignores SIGTERM and leaves a marker when stdin ends', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rm-eof-'));
  const marker = join(folder, 'marker');
  await using server = startServer('eof', ['--marker', marker]);
  assert.equal(await server.call('echo', { text: 'up' }), 'up');
  server.child.kill('SIGTERM');
  await waitFor('the signal', () => server.errors.some((line) => line.includes('SIGTERM ignored')));
  server.child.stdin?.end();
  await waitFor('the exit', () => server.child.exitCode !== null);
  assert.equal(readFileSync(marker, 'utf8'), 'stdin ended\n');
  rmSync(folder, { recursive: true });
});

test('a silent server with a handshake answers everything but tool calls', async () => {
  await using server = startServer('silent', ['--handshake']);
  assert.ok((await server.request('initialize', legacy)).result);
  server.send({ jsonrpc: '2.0', id: 'lost', method: 'tools/call', params: { name: 'pid' } });
  assert.ok((await server.request('ping')).result);
  assert.ok(!server.lines.some((line) => line.includes('lost')));
});

for (const row of [
  { trick: 'half', lines: 2 },
  { trick: 'wrong_id', lines: 3 },
  { trick: 'duplicate', lines: 2 },
  { trick: 'late', lines: 2 },
])
  test(`garbage ${row.trick} writes ${row.lines} lines for one call`, async () => {
    await using server = startServer('garbage');
    assert.equal(await server.call(row.trick), row.trick);
    await waitFor('all lines', () => server.lines.length === row.lines);
  });

test('a huge server answers ten million bytes in one line', async () => {
  await using server = startServer('huge');
  assert.equal((await server.call('huge')).length, 10_000_000);
});

test('a flood server writes exactly the lines it was asked for', async () => {
  await using server = startServer('flood', ['--lines', '5000']);
  await waitFor('5000 lines', () => server.errors.length === 5_000);
  assert.equal(await server.call('written'), '5000');
});

test('a changing server announces the tool it grew', async () => {
  await using server = startServer('changing');
  const before = Number(await server.call('grow'));
  assert.ok(server.lines.some((line) => line.includes('list_changed')));
  assert.equal(Number(await server.call('shrink')), before - 1);
});

test('a slow-start server answers initialize late', async () => {
  await using server = startServer('slow-start', ['--ms', '150']);
  const startedMs = performance.now();
  await server.request('initialize', legacy);
  assert.ok(performance.now() - startedMs >= 140);
});

test('a resources server completes, reads a template and tells progress', async () => {
  await using server = startServer('resources', ['--name', 'r']);
  const read = await server.request('resources/read', { uri: 'test://users/7' });
  assert.match(JSON.stringify(read.result), /r: user 7/);
  await server.request('tools/call', {
    name: 'progress',
    arguments: { steps: 2 },
    _meta: { progressToken: 'p' },
  });
  assert.equal(server.lines.filter((line) => line.includes('notifications/progress')).length, 2);
});

test('prints-args tells its arguments and environment', async () => {
  await using server = startServer('prints-args', ['a', 'b c'], { MARK: 'm' });
  const started = JSON.parse(await server.call('started')) as Record<string, unknown>;
  assert.deepEqual(started['args'], ['a', 'b c']);
  assert.equal((started['env'] as Record<string, string>)['MARK'], 'm');
});

test('a service can be told to be sick', async () => {
  await using server = startServer('service', [], { PORT: '0' });
  const line = await waitFor('the port', () => server.lines.find((one) => one.includes('port')));
  const port = Number(/"port":(\d+)/.exec(line)?.[1]);
  const health = async () => (await fetch(`http://127.0.0.1:${port}/health`)).status;
  assert.equal(await health(), 200);
  await fetch(`http://127.0.0.1:${port}/sick`, { method: 'POST' });
  assert.equal(await health(), 503);
});

for (const row of [
  { server: 'http-echo', headers: {}, status: [200, 400] },
  { server: 'http-modern', headers: {}, status: [400, 400] },
])
  test(`${row.server} answers initialize with ${row.status[0]} and a stranger's call with ${row.status[1]}`, async () => {
    await using server = startServer(row.server, [], { PORT: '0' });
    const line = await waitFor('the port', () => server.errors.find((one) => one.includes('port')));
    const url = `http://127.0.0.1:${/"port":(\d+)/.exec(line)?.[1]}/mcp`;
    const post = async (method: string, params: object) => {
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
      return (await fetch(url, { method: 'POST', body })).status;
    };
    assert.equal(await post('initialize', legacy), row.status[0]);
    assert.equal(await post('tools/call', { name: 'pid' }), row.status[1]);
  });
