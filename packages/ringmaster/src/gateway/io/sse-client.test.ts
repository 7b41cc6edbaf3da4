import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import type { ServerEvent } from './legs/event-reader.ts';
import { closeHarnesses, type Harness, startHarness, testServer } from './testing/harness.ts';
import { send, until } from './testing/raw-client.ts';

let harness: Harness;
let origin: string;

before(async () => {
  harness = await startHarness({
    servers: {
      echo: testServer('echo'),
      things: testServer('resources', '--name', 'things'),
      changing: testServer('changing'),
    },
    fleet: { listen: { legacySse: true, maxBodyBytes: 10_000 } },
  });
  origin = new URL(harness.url).origin;
});
after(closeHarnesses);

async function connectSdk(path: string): Promise<Client> {
  const client = new Client({ name: 'old', version: '1' });
  await client.connect(new SSEClientTransport(new URL(path, origin)) as never);
  return client;
}

/** A stream as it is on the wire, and where its messages go. */
async function openRaw(path = '/sse') {
  const events: ServerEvent[] = [];
  let leave = (): void => {};
  const ended = send(new URL(path, origin).href, {
    method: 'GET',
    onEvent: (event) => events.push(event),
    onSent: (abort) => {
      leave = abort;
    },
  }).catch(() => {});
  await until('the endpoint is told', () => events.length > 0);
  const endpoint = new URL(events[0]?.data ?? '', origin).href;
  const heard = () => events.slice(1).map(({ data }) => JSON.parse(data));
  return { events, ended, endpoint, heard, leave: () => leave() };
}

const initialize = {
  ...{ jsonrpc: '2.0', id: 'hello', method: 'initialize' },
  params: {
    ...{ protocolVersion: '2024-11-05', capabilities: {} },
    clientInfo: { name: 'raw', version: '1' },
  },
};

test('a client of the SDK lists, calls, hears of changes, and takes a call back', async () => {
  const client = await connectSdk('/sse');
  const { tools } = await client.listTools();
  assert.ok(tools.some(({ name }) => name === 'grow'));
  const result = await client.callTool({ name: 'slow', arguments: { ms: 300, text: 'hé' } });
  assert.deepEqual(result['content'], [{ type: 'text', text: 'hé' }]);
  let changes = 0;
  client.fallbackNotificationHandler = async ({ method }) => {
    if (method === 'notifications/tools/list_changed') changes += 1;
  };
  await client.callTool({ name: 'grow' });
  await until('the change is told', () => changes === 1);
  const taken = new AbortController();
  const slow = { name: 'slow', arguments: { ms: 60_000 } };
  const calling = client.callTool(slow, undefined as never, { signal: taken.signal });
  const inFlight = () => harness.gateway.conversations.inFlight('echo', 0);
  await until('it is in flight', () => inFlight() === 1);
  taken.abort();
  await assert.rejects(calling);
  await until('it is taken back', () => inFlight() === 0);
  await client.close();
});

test('one server alone is at its own address', async () => {
  const client = await connectSdk('/servers/things/sse');
  assert.equal(client.getServerVersion()?.name, 'things');
  await client.close();
  const nobody = await send(new URL('/servers/nobody/sse', origin).href, { method: 'GET' });
  assert.equal(nobody.status, 404);
});

test('a session lives as long as its stream, and is not kept', async () => {
  const before = harness.gateway.sessionCount();
  const raw = await openRaw();
  assert.equal((await send(raw.endpoint, { body: initialize })).status, 202);
  await until('it is answered', () => raw.heard().length > 0);
  assert.equal(raw.heard()[0].result.protocolVersion, '2024-11-05');
  assert.equal(harness.gateway.sessionCount(), before + 1);
  const params = { name: 'progress', arguments: { steps: 3 }, _meta: { progressToken: 'p' } };
  const call = { jsonrpc: '2.0', id: 'call', method: 'tools/call', params };
  await send(raw.endpoint, { body: call });
  await until('it is done', () => raw.heard().at(-1)?.id === 'call');
  const methods = raw.heard().flatMap(({ method }) => method ?? []);
  assert.equal(methods.filter((method) => method === 'notifications/progress').length, 3);
  const kept = [...harness.facts].filter(([key, value]) => key.startsWith('session') && value);
  assert.equal(kept.length, 0);
  raw.leave();
  await until('it is over', () => harness.gateway.sessionCount() === before);
  assert.equal((await send(raw.endpoint, { body: initialize })).status, 404);
});

test('what cannot be used is refused where the client hears it', async () => {
  const raw = await openRaw();
  const other = raw.endpoint.replace('/messages', '/servers/things/messages');
  const nowhere = new URL('/messages?sessionId=constructor', origin).href;
  const statuses = await Promise.all([
    send(raw.endpoint, { body: '{oops' }),
    send(raw.endpoint, { body: '[]' }),
    send(raw.endpoint, { body: '{"jsonrpc":"2.0","id":8,"method":"ping","Method":"x"}' }),
    send(raw.endpoint, { body: 'x', headers: { 'content-type': 'text/plain' } }),
    send(raw.endpoint, { body: `"${'x'.repeat(20_000)}"` }),
    send(raw.endpoint, { method: 'GET' }),
    send(other, { body: initialize }),
    send(nowhere, { body: initialize }),
    send(raw.endpoint, { body: initialize, headers: { origin: 'http://evil.example' } }),
    send(raw.endpoint, { body: { jsonrpc: '2.0', id: 9, method: 'ping' } }),
  ]);
  assert.deepEqual(
    statuses.map(({ status }) => status),
    [400, 400, 400, 415, 413, 405, 404, 404, 403, 202],
  );
  await until('the ping is refused', () => raw.heard().length === 1);
  assert.match(raw.heard()[0].error.message, /begin with initialize/);
  raw.leave();
  await raw.ended;
});

test('it is off until it is asked for, and says how', async () => {
  const off = await startHarness({ servers: {} });
  const url = new URL('/sse', off.url).href;
  const { status, text } = await send(url, { method: 'GET' });
  assert.equal(status, 404);
  assert.match(text, /listen\.legacySse/);
  await off.close();
});
