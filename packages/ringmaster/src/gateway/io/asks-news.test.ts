import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Harness, startHarness, testServer } from './testing/harness.ts';
import {
  type Message,
  openSession,
  type SessionClient,
  send,
  until,
} from './testing/raw-client.ts';

/** What goes between clients and servers of the eras with a handshake beside calls and questions. */
let harness: Harness;

before(async () => {
  const own = { pool: { mode: 'per-session' } };
  harness = await startHarness({
    servers: {
      pages: { ...testServer('asks-v1'), settings: own },
      own: { ...testServer('asks-v1'), settings: own },
      quiet: { ...testServer('asks-v1'), settings: own },
    },
  });
});
after(() => harness.close());

const at = (server: string) => harness.url.replace('/mcp', `/servers/${server}/mcp`);

/** Opens the client's own stream; what comes on it is pushed into the list. */
async function hears(client: SessionClient): Promise<{ heard: Message[]; stop: () => void }> {
  const heard: Message[] = [];
  let stop: (() => void) | undefined;
  send(at('pages'), {
    ...{ method: 'GET', headers: client.headers },
    onMessage(message) {
      if (!message.method.endsWith('list_changed')) heard.push(message);
    },
    onSent: (abort) => {
      stop = abort;
    },
  }).catch(() => {});
  await until('the stream is asked for', () => stop !== undefined);
  return { heard, stop: () => stop?.() };
}

test('a server is done at an address: the client that was sent there hears it once, and nobody else', async () => {
  const capabilities = { elicitation: { form: {}, url: {} } };
  const sent = await openSession(at('pages'), '2025-11-25', capabilities);
  const other = await openSession(at('pages'), '2025-11-25', capabilities);
  const ears = [await hears(sent), await hears(other)] as const;
  const { error } = await sent.ask('tools/call', { name: 'sign_in', arguments: {} });
  assert.equal(error.code, -32042);
  for (const id of ['unknown', 'e-2', 'e-2']) assert.equal(await sent.call('done', { id }), 'told');
  await until('it is told', () => ears[0].heard.length > 0);
  // What is behind it on the same pipe has come too.
  assert.equal(await sent.call('moves'), '0');
  const told = { method: 'notifications/elicitation/complete', params: { elicitationId: 'e-2' } };
  assert.deepEqual(ears[0].heard, [{ jsonrpc: '2.0', ...told }]);
  assert.deepEqual(ears[1].heard, []);
  for (const { stop } of ears) stop();
});

for (const { server, roots, moves } of [
  { server: 'own', roots: { listChanged: true }, moves: '1' },
  { server: 'quiet', roots: {}, moves: '0' },
]) {
  test(`folders change: a process of its own hears it ${moves} times of a client with ${JSON.stringify(roots)}`, async () => {
    const client = await openSession(at(server), '2025-11-25', { roots });
    const stranger = await openSession(at(server), '2025-11-25', { roots: { listChanged: true } });
    assert.equal(await client.call('moves'), '0');
    const body = { jsonrpc: '2.0', method: 'notifications/roots/list_changed' };
    for (const { headers } of [stranger, client]) await send(at(server), { body, headers });
    assert.equal(await client.call('moves'), moves);
  });
}
