import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, test } from 'node:test';
import { closeHarnesses, startHarness, testServer } from './testing/harness.ts';
import { openSession, until } from './testing/raw-client.ts';

const children = new Set<ChildProcess>();
const open: { close(): unknown }[] = [];

afterEach(async () => {
  await closeHarnesses();
  for (const child of children) child.kill('SIGKILL');
  for (const one of open) one.close();
  children.clear();
});

/** The server with everything of the handshake era, on a port of its own. */
async function startLegacy(): Promise<number> {
  const child = spawn(process.execPath, testServer('everything/legacy').args ?? [], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  children.add(child);
  const said = await new Promise<Buffer>((resolve) => child.stderr?.once('data', resolve));
  return Number(/"port":(\d+)/.exec(String(said))?.[1]);
}

/** A way to the server that can be cut. */
async function startCutter(target: number): Promise<{ port: number; cut(): void }> {
  const sockets = new Set<Socket>();
  const proxy = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    near.pipe(far).pipe(near);
    for (const one of [near, far]) {
      sockets.add(one.on('error', () => {}));
      one.once('close', () => near.destroy() && far.destroy());
    }
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  open.push({
    close() {
      cut();
      proxy.close();
    },
  });
  return { port: (proxy.address() as AddressInfo).port, cut };
}

test('a server ends its stream before it answers: it is taken up again, and the reply comes', async () => {
  const url = `http://127.0.0.1:${await startLegacy()}/mcp`;
  const harness = await startHarness({ servers: { it: { url } } });
  const client = await openSession(harness.url);
  assert.match(await client.call('test_reconnection'), /./);
  assert.equal(harness.gateway.conversations.inFlight('it', 0), 0);
});

test('a server of the transport with events is found by its answers, and everything gets through', async () => {
  const url = `http://127.0.0.1:${await startLegacy()}/sse`;
  const harness = await startHarness({ servers: { it: { url } } });
  assert.equal(harness.gateway.upstream('it', 0)?.era, 'legacy');
  const client = await openSession(harness.url);
  const texts = await Promise.all([1, 2, 3].map(() => client.call('test_simple_text')));
  assert.equal(new Set(texts).size, 1);
  const heard: string[] = [];
  const params = { name: 'test_tool_with_progress', arguments: {}, _meta: { progressToken: 't' } };
  const onMessage = ({ method }: { method?: string }) => void (method && heard.push(method));
  assert.ok((await client.ask('tools/call', params, { onMessage })).result);
  assert.ok(heard.includes('notifications/progress'));
  await harness.gateway.conversations.probe('it', 0, 30_000);
});

test('the stream of a server with events breaks: calls in flight are lost, later ones find a new session', async () => {
  const way = await startCutter(await startLegacy());
  const url = `http://localhost:${way.port}/sse`;
  const harness = await startHarness({ servers: { it: { url } } });
  const client = await openSession(harness.url);
  const calling = client.ask('tools/call', { name: 'test_reconnection', arguments: {} });
  await until('in flight', () => harness.gateway.conversations.inFlight('it', 0) === 1);
  way.cut();
  const { error } = await calling;
  assert.match(error.message, /gave no reply.*may have executed/);
  // A message may still be written to a connection whose end has not been heard of: that call is lost as well.
  const params = { name: 'test_simple_text', arguments: {} };
  let later = await client.ask('tools/call', params);
  for (const untilMs = Date.now() + 60_000; later.result === undefined; ) {
    assert.match(later.error.message, /ECONNRESET|gave no reply|not running/);
    assert.ok(Date.now() < untilMs, 'no call found a new session within 60 s');
    later = await client.ask('tools/call', params);
  }
  assert.match(later.result.content[0].text, /./);
});

for (const row of [
  { what: 'another origin', data: 'http://127.0.0.1:9/messages' },
  { what: 'nothing', data: undefined },
]) {
  test(`a stream that sends messages to ${row.what}: no conversation, and nothing is sent there`, async () => {
    const posted: string[] = [];
    const server = createHttpServer((request, response) => {
      if (request.method !== 'GET') {
        posted.push(String(request.url));
        response.writeHead(405).end();
        return;
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      if (row.data === undefined) response.end();
      else response.write(`event: endpoint\ndata: ${row.data}\n\n`);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    open.push({ close: () => server.closeAllConnections() ?? server.close() });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/sse`;
    const harness = await startHarness({ servers: { it: { url } }, startServers: 'later' });
    await assert.rejects(harness.start('it'), /answered HTTP 405/);
    assert.deepEqual(new Set(posted), new Set(['/sse']));
  });
}
