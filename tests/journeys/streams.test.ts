import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Events, openStream } from '../support/event-stream.ts';
import { createHome, type Daemon, entry, type Home } from '../support/home.ts';
import { signal } from '../support/processes.ts';
import { startServer } from '../support/stdio-server.ts';
import { waitFor } from '../support/wait.ts';

const protocolVersion = '2025-11-25';
const slowMs = 5_000;
const acknowledged = 'notifications/subscriptions/acknowledged';
const subscriptionId = 'io.modelcontextprotocol/subscriptionId';
const bin = fileURLToPath(
  new URL('../../../packages/ringmaster/bin/ringmaster.js', import.meta.url),
);

/** True once some text stands in the journal's files. */
function isWritten(home: Home, text: string): boolean {
  return ['journal.db', 'journal.db-wal'].some((name) =>
    readFileSync(join(home.dataDir, name)).includes(text),
  );
}

/** A call that is in flight on a stream, and written down as such. */
async function slowCall(
  daemon: Daemon,
  headers: Record<string, string>,
  ms = slowMs,
): Promise<Events> {
  const params = { name: 'slow', arguments: { ms, text: 'late' } };
  const body = { jsonrpc: '2.0', id: 7, method: 'tools/call', params };
  const stream = await openStream(`${daemon.origin}/mcp`, headers, body);
  await waitFor('where the stream stands', () => stream.lastEventId() !== undefined);
  // Asking for events makes the journal write everything it was told before.
  await daemon.api('/events?limit=1');
  return stream;
}

function sessionHeaders(session: string | undefined): Record<string, string> {
  return { 'mcp-session-id': session ?? '', 'mcp-protocol-version': protocolVersion };
}

function resume(daemon: Daemon, stream: Events, headers: Record<string, string>): Promise<Events> {
  const lastEventId = stream.lastEventId() ?? '';
  return openStream(`${daemon.origin}/mcp`, { ...headers, 'last-event-id': lastEventId });
}

test('the daemon is killed during a call: its session goes on, and the reply reaches the stream that is taken up', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  const first = await home.up();
  const client = await first.legacy();
  const headers = sessionHeaders(client.session);
  const stream = await slowCall(first, headers);
  const [server] = home.servers('echo');
  await first.kill();

  const second = await home.up();
  const resumed = await resume(second, stream, headers);
  const reply = await resumed.reply(7);
  assert.equal(reply.result?.content[0]?.text, 'late');
  assert.deepEqual(
    home.servers('echo').map(({ pid }) => pid),
    [server?.pid],
  );
  const own = await openStream(`${second.origin}/mcp`, headers);
  await waitFor('what may have changed', () => own.methods().length === 3);
  const { events } = await second.api<{ events: { kind: string; outcome?: string }[] }>('/events');
  const outcomes = events.flatMap(({ kind, outcome }) => (kind === 'call.finished' ? outcome : []));
  assert.deepEqual(outcomes, ['ok']);
  for (const one of [stream, resumed, own]) one.close();
});

test('the daemon and the server are killed during a call: the stream that is taken up says it may have executed', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  const first = await home.up();
  const headers = sessionHeaders((await first.legacy()).session);
  const stream = await slowCall(first, headers, 600_000);
  const [server] = home.servers('echo');
  await first.kill();
  signal(server?.pid ?? 0, 'SIGKILL');
  const second = await home.up();
  const resumed = await resume(second, stream, headers);
  const reply = await resumed.reply(7);
  assert.match(reply.error?.message ?? '', /may have executed/);
  for (const one of [stream, resumed]) one.close();
});

test('a stdio client does not notice that the daemon is killed and starts anew: call, session and subscription go on', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  const first = await home.up();
  await using client = startServer(bin, ['connect', '--data-dir', home.dataDir]);
  const heard = () => client.lines.map((line) => JSON.parse(line));
  const clientInfo = { name: 'desk', version: '1' };
  await client.request('initialize', { protocolVersion, capabilities: {}, clientInfo });
  client.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const listen = { notifications: { toolsListChanged: true }, _meta };
  client.send({ jsonrpc: '2.0', id: 'ear', method: 'subscriptions/listen', params: listen });
  await waitFor('the subscription', () => heard().some(({ method }) => method === acknowledged));
  const params = { name: 'slow', arguments: { ms: slowMs, text: 'late' } };
  client.send({ jsonrpc: '2.0', id: 'slow', method: 'tools/call', params });
  await waitFor('the call to be written down', () => isWritten(home, '"upstreamId"'));
  const news = () => heard().filter(({ params }) => params?._meta?.[subscriptionId] === 'ear');
  const newsBefore = news().length;
  await first.kill();

  await home.up();
  const reply = await waitFor('the reply', () => heard().find(({ id }) => id === 'slow'));
  assert.equal(reply.result?.content[0].text, 'late');
  assert.equal(await client.call('echo', { text: 'on' }), 'on');
  await waitFor('what may have changed', () => news().length > newsBefore);
  assert.equal(heard().filter(({ method }) => method === acknowledged).length, 1);
});

test('an orderly stop ends no session either; what the client ended stays ended', async () => {
  await using home = createHome({ servers: { echo: entry('echo') } });
  const first = await home.up();
  const [kept, ended] = [await first.legacy(), await first.legacy()];
  const bye = { method: 'DELETE', headers: sessionHeaders(ended.session) };
  await fetch(`${first.origin}/mcp`, bye);
  assert.equal(await first.stop(), 0);
  const second = await home.up();
  const statuses = await Promise.all(
    [kept, ended].map(async ({ session }) => {
      const answer = await fetch(`${second.origin}/mcp`, {
        method: 'POST',
        headers: {
          ...sessionHeaders(session),
          ...{ 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
      });
      return answer.status;
    }),
  );
  assert.deepEqual(statuses, [200, 404]);
});
