import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { after, before, test } from 'node:test';
import { Problem } from '../../errors.ts';
import { createListener, type Listener } from './listener.ts';
import { systemClock } from './testing/harness.ts';
import { send } from './testing/raw-client.ts';

let listener: Listener;
const seen: string[] = [];

function start(port = 0, clock = systemClock): Promise<Listener> {
  return createListener({
    ...{ host: '127.0.0.1', port },
    holderOf: () => ({ pid: 4711 }),
    clock,
    onCut: () => {},
    handlers: {
      mcp(_request, response, view) {
        seen.push(view.key);
        response.end('mcp');
      },
      sse: (_request, response, view, part) => void response.end(`${part} ${view.key}`),
      others: (_request, response, path) => void response.end(`others ${path}`),
      refuse: (response, { code }) => void response.writeHead(403).end(code),
    },
  });
}

before(async () => {
  listener = await start();
});
after(() => listener.close());

for (const [path, text] of [
  ['/mcp', 'mcp'],
  ['/mcp?x=1', 'mcp'],
  ['/servers/files/mcp', 'mcp'],
  ['/servers/a%20b/mcp', 'mcp'],
  ['/views/docs/mcp', 'mcp'],
  ['/mcp/', 'mcp'],
  ['/sse', 'sse all'],
  ['/servers/files/messages?sessionId=1', 'messages server files'],
  ['/api/status?x=1', 'others /api/status?x=1'],
  ['/health/live', 'others /health/live'],
  ['/health/ready', 'others /health/ready'],
] as const) {
  test(`${path} goes to its handler`, async () => {
    assert.equal((await send(`${listener.url}${path}`, { method: 'GET' })).text, text);
  });
}

test('the name in the path is decoded', () => {
  assert.deepEqual(seen, ['all', 'all', 'server files', 'server a b', 'view docs', 'all']);
});

for (const path of ['/', '/mcp//', '/servers//mcp', '/servers/a/b/mcp', '/apis', '/health']) {
  test(`${path} is no MCP endpoint`, async () => {
    const answer = await send(`${listener.url}${path}`, { method: 'GET' });
    assert.equal(answer.text, `others ${path}`);
  });
}

for (const [title, headers] of [
  ['a foreign Host', { host: 'evil.example' }],
  ['a foreign Host with our port', { host: 'evil.example:PORT' }],
  ['our Host with another port', { host: 'localhost:1' }],
  ['a foreign Origin', { origin: 'https://evil.example' }],
  ['the Origin null', { origin: 'null' }],
] as const) {
  test(`${title} is refused everywhere, before anything is looked at`, async () => {
    const before = seen.length;
    for (const path of ['/mcp', '/api/status', '/health/live', '/nothing']) {
      const sent = Object.entries(headers).map(([name, value]) => [
        name,
        value.replace('PORT', String(listener.port)),
      ]);
      const answer = await send(`${listener.url}${path}`, {
        body: 'not even JSON',
        headers: Object.fromEntries(sent),
      });
      assert.equal(answer.status, 403, path);
      assert.match(answer.text, path === '/mcp' ? /"jsonrpc"/ : /^forbidden_origin$/, path);
    }
    assert.equal(seen.length, before);
  });
}

test('our own names and pages of this machine are let in', async () => {
  for (const headers of [
    { host: `localhost:${listener.port}` },
    { host: `[::1]:${listener.port}` },
    { origin: 'http://localhost:3000' },
  ]) {
    assert.equal((await send(`${listener.url}/mcp`, { method: 'GET', headers })).status, 200);
  }
});

test('a port that is taken is a Problem that names who has it', async () => {
  await assert.rejects(start(listener.port), (error) => {
    assert.ok(error instanceof Problem && error.code === 'port_in_use');
    assert.match(error.message, new RegExp(`port ${listener.port}: process 4711`));
    return true;
  });
});

test('closing ends idle connections at once', async () => {
  // Nothing is due on this clock: what is not ended at once stays.
  const own = await start(0, { ...systemClock, after: () => () => {} });
  const agent = new Agent({ keepAlive: true });
  await send(`${own.url}/mcp`, { method: 'GET', agent });
  assert.equal(Object.keys(agent.freeSockets).length, 1, 'no connection was kept');
  await own.close();
  agent.destroy();
});
