import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { after, test } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { ServerEvent } from './legs/event-reader.ts';
import { createStreams, type Stream } from './streams.ts';
import {
  closeHarnesses,
  type Harness,
  startHarness,
  systemClock,
  testServer,
} from './testing/harness.ts';
import { type Message, openSession, send, until } from './testing/raw-client.ts';

after(closeHarnesses);

const servers = {
  echo: testServer('echo'),
  things: testServer('resources', '--name', 'things'),
  changing: testServer('changing'),
};
const changed = (what: string) => `notifications/${what}/list_changed`;
const methodsOf = (events: readonly ServerEvent[]) =>
  events.flatMap(({ data }) => (data === '' ? [] : JSON.parse(data).method));

/** Reads an event stream until it ends or is left. */
function follow(
  url: string,
  headers: Readonly<Record<string, string>>,
  body?: Message,
): {
  readonly events: ServerEvent[];
  readonly ended: Promise<{ readonly status: number; readonly text: string }>;
  leave(): void;
} {
  const events: ServerEvent[] = [];
  let abort = (): void => {};
  const ended = send(url, {
    ...{ method: body === undefined ? 'GET' : 'POST', headers, body },
    onEvent: (event) => events.push(event),
    onSent: (means) => {
      abort = means;
    },
  }).catch(() => ({ status: 0, text: '' }));
  return { events, ended, leave: () => abort() };
}

const call = (id: number, name: string, args: Message, progressToken?: number) => ({
  ...{ jsonrpc: '2.0', id, method: 'tools/call' },
  params: {
    ...{ name, arguments: args },
    ...(progressToken === undefined ? {} : { _meta: { progressToken } }),
  },
});

/** Resolves when clients were told of the tools as they are now. */
async function settled(harness: Harness): Promise<void> {
  const toolCount = harness.gateway.tools().length;
  await until('changes are announced', () => {
    const told = harness.events.filter((event) => event.kind === 'catalogue.changed').at(-1);
    return told?.kind === 'catalogue.changed' && told.tools === toolCount;
  });
}

/** A call whose client is cut off while the server works at it. */
async function lostCall(harness: Harness, ms = 2_000) {
  const client = await openSession(harness.url, '2025-11-25');
  const posted = follow(harness.url, client.headers, call(7, 'slow', { ms }));
  await until('the long call has a stream', () => posted.events.length > 0);
  posted.leave();
  await posted.ended;
  return { client, lastEventId: posted.events.at(-1)?.id ?? '' };
}

test('a long call opens its stream: where it stands, and how soon to come back, come first', async () => {
  const harness = await startHarness({ servers });
  const client = await openSession(harness.url, '2025-11-25');
  const posted = follow(harness.url, client.headers, call(1, 'slow', { ms: 1_500 }));
  await posted.ended;
  assert.deepEqual(
    posted.events.map(({ id, data }) => [id, data === '' ? '' : JSON.parse(data).id]),
    [
      ['p1.0', ''],
      ['p1.1', 1],
    ],
  );
  assert.equal(posted.events[0]?.retryMs, 4_000);
  await harness.close();
});

test('clients of older revisions learn by a ping where a quiet stream stands', async () => {
  const harness = await startHarness({ servers });
  const client = await openSession(harness.url, '2025-03-26');
  const news = follow(harness.url, client.headers);
  await until('its own stream said something', () => news.events.length > 0);
  const posted = follow(harness.url, client.headers, call(1, 'slow', { ms: 2_500 }));
  await until('the stream of its call did, too', () => posted.events.length > 0);
  assert.deepEqual(methodsOf(posted.events), ['ping']);
  posted.leave();
  await posted.ended;
  const headers = { ...client.headers, 'last-event-id': posted.events[0]?.id ?? '' };
  const resumed = follow(harness.url, headers);
  await resumed.ended;
  assert.equal(JSON.parse(resumed.events.at(-1)?.data ?? '').result.content[0].text, 'slow');
  assert.ok(news.events.every(({ id }) => id !== undefined));
  news.leave();
  await harness.close();
});

test('clients of older revisions get no event without data, which they could not read', async () => {
  const harness = await startHarness({ servers });
  const client = await openSession(harness.url, '2025-06-18');
  const posted = follow(harness.url, client.headers, call(1, 'slow', { ms: 1_500 }));
  await posted.ended;
  // It opened no stream of its own: what comes first is the reply, as simple clients expect.
  assert.deepEqual(
    posted.events.map(({ id, data }) => [id, JSON.parse(data).id]),
    [['p1.1', 1]],
  );
  await harness.close();
});

test('a client whose connection broke comes back for the reply, and once it has it, is told to stop', async () => {
  const harness = await startHarness({ servers });
  const { client, lastEventId } = await lostCall(harness);
  const headers = { ...client.headers, 'last-event-id': lastEventId };
  const resumed = follow(harness.url, headers);
  assert.equal((await resumed.ended).status, 200);
  const last = resumed.events.at(-1);
  assert.equal(JSON.parse(last?.data ?? '').result.content[0].text, 'slow');
  const again = { ...client.headers, 'last-event-id': last?.id ?? '' };
  assert.equal((await follow(harness.url, again).ended).status, 204);
  assert.deepEqual(
    harness.events.flatMap((event) =>
      event.kind === 'stream.resumed' ? [[event.sent, event.lost]] : [],
    ),
    [[0, false]],
  );
  await harness.close();
});

test('a reply that came while the client was away waits for it, with the progress before it', async () => {
  const harness = await startHarness({ servers });
  const client = await openSession(harness.url, '2025-11-25');
  const body = call(3, 'progress', { steps: 3 }, 5);
  const posted = follow(harness.url, client.headers, body);
  await posted.ended;
  assert.equal(posted.events.length, 5);
  const headers = { ...client.headers, 'last-event-id': posted.events[1]?.id ?? '' };
  const resumed = follow(harness.url, headers);
  await resumed.ended;
  assert.deepEqual(
    resumed.events.filter(({ data }) => data !== '').map(({ id }) => id),
    posted.events.slice(2).map(({ id }) => id),
  );
  await harness.close();
});

test('a reply that was not kept is told as an error to the very request, never as silence', async () => {
  const harness = await startHarness({ servers, fleet: { sessions: { eventBytes: 0 } } });
  const { client, lastEventId } = await lostCall(harness);
  await until('it is answered', () => harness.events.some(({ kind }) => kind === 'call.finished'));
  const headers = { ...client.headers, 'last-event-id': lastEventId };
  const resumed = follow(harness.url, headers);
  await resumed.ended;
  const { id, error } = JSON.parse(resumed.events.at(-1)?.data ?? '');
  assert.equal(id, 7);
  assert.match(error.message, /not kept any more; the call has executed/);
  await harness.close();
});

for (const lastEventId of ['nonsense', 'p99.1', 'p1.99', 'constructor.1']) {
  test(`Last-Event-ID ${lastEventId}: refused with what it means`, async () => {
    const harness = await startHarness({ servers });
    const client = await openSession(harness.url, '2025-11-25');
    await follow(harness.url, client.headers, call(1, 'slow', { ms: 1_500 })).ended;
    const headers = { ...client.headers, 'last-event-id': lastEventId };
    const { status, text } = await follow(harness.url, headers).ended;
    assert.equal(status, 400);
    assert.match(text, /are not kept any more/);
    await harness.close();
  });
}

test('an event id of another session is of no use', async () => {
  const harness = await startHarness({ servers });
  const { lastEventId } = await lostCall(harness);
  const other = await openSession(harness.url, '2025-11-25');
  const headers = { ...other.headers, 'last-event-id': lastEventId };
  assert.equal((await follow(harness.url, headers).ended).status, 400);
  await harness.close();
});

test('news that came while the client was away are heard once, whether it takes its stream up or opens one', async () => {
  for (const resumes of [true, false]) {
    const harness = await startHarness({ servers });
    await settled(harness);
    const client = await openSession(harness.url, '2025-11-25');
    const first = follow(harness.url, client.headers);
    await until('it is open', () => first.events.length > 0);
    first.leave();
    await first.ended;
    const toolCount = harness.gateway.tools().length;
    await client.call('grow');
    await until('it has grown', () => harness.gateway.tools().length === toolCount + 1);
    await settled(harness);
    const from = { 'last-event-id': first.events.at(-1)?.id ?? '' };
    const second = follow(harness.url, { ...client.headers, ...(resumes ? from : {}) });
    await until('it is told', () => methodsOf(second.events).includes(changed('tools')));
    const [third, before] = [follow(harness.url, client.headers), methodsOf(second.events)];
    await until('the third is open', () => third.events.length > 0);
    assert.equal(before.filter((method) => method === changed('tools')).length, 1);
    assert.deepEqual(methodsOf(third.events), []);
    second.leave();
    third.leave();
    await harness.close();
  }
});

test('of two streams of one client exactly one gets each message; when it breaks, the other does', async () => {
  const harness = await startHarness({ servers });
  await settled(harness);
  const client = await openSession(harness.url, '2025-11-25');
  const old = follow(harness.url, client.headers);
  await until('the first is open', () => old.events.length > 0);
  const newer = follow(harness.url, client.headers);
  await until('the second is open', () => newer.events.length > 0);
  await client.call('grow');
  await until('it is told', () => methodsOf(newer.events).length === 1);
  newer.leave();
  await newer.ended;
  await client.call('grow');
  await until('the other is told', () => methodsOf(old.events).length === 1);
  old.leave();
  await harness.close();
});

for (const row of [
  { what: 'one client that stops reading', slow: 1, cut: 1 },
  { what: 'many that read too little, each within its limit,', slow: 24, cut: 8 },
]) {
  test(`${row.what}: cut off, and the one that reads gets everything`, async () => {
    const cuts: number[] = [];
    const streams = createStreams(systemClock, (unreadBytes) => cuts.push(unreadBytes));
    const opened: Stream[] = [];
    const server = createHttpServer((_, response) => void opened.push(streams.open(response, {})));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const sockets = Array.from({ length: row.slow }, () => connect(port, '127.0.0.1'));
    for (const socket of sockets) {
      socket.on('error', () => {}).pause();
      socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    }
    await until('they are open', () => opened.length === row.slow);
    const heard: ServerEvent[] = [];
    const reading = send(`http://127.0.0.1:${port}`, {
      method: 'GET',
      onEvent: (event) => heard.push(event),
    });
    await until('the reader is there', () => opened.length === row.slow + 1);
    const text = JSON.stringify('x'.repeat(500_000));
    let sent = 0;
    for (; cuts.length < row.cut && sent < 200; sent += 1) {
      for (const stream of opened) stream.send(text);
      await until('it is read', () => heard.length === sent + 1);
    }
    assert.ok(cuts.length >= row.cut, `${cuts.length} cut`);
    opened.at(-1)?.end();
    assert.equal((await reading).messages.length, sent);
    streams.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
}

test('sessions and what they declared outlive the daemon; ended ones stay ended; the id is written nowhere', async () => {
  const facts = new Map<string, unknown>();
  const first = await startHarness({ servers, facts });
  const client = await openSession(first.url, '2025-11-25');
  const ended = await openSession(first.url);
  await send(first.url, { method: 'DELETE', headers: ended.headers });
  const stream = follow(first.url, client.headers);
  await until('it is open', () => stream.events.length > 0);
  await first.close();
  const id = String(client.headers['mcp-session-id']);
  assert.equal(JSON.stringify([...facts]).includes(id), false);

  const second = await startHarness({ servers, facts });
  await settled(second);
  const body = { jsonrpc: '2.0', id: 1, method: 'ping' };
  const answer = await send(second.url, { headers: client.headers, body });
  assert.deepEqual([answer.status, answer.messages[0].result], [200, {}]);
  const gone = await send(second.url, { headers: ended.headers, body });
  assert.equal(gone.status, 404);
  const from = { 'last-event-id': stream.events.at(-1)?.id ?? '' };
  const resumed = follow(second.url, { ...client.headers, ...from });
  const news = ['tools', 'resources', 'prompts'].map(changed);
  await until('it hears what may have changed', () => methodsOf(resumed.events).length === 3);
  assert.deepEqual(methodsOf(resumed.events), news);
  assert.equal(second.events.filter(({ kind }) => kind === 'session.restored').length, 1);
  resumed.leave();
  await second.close();
});

test('a call whose server the next daemon does not take over is told to be lost, when its stream is taken up', async () => {
  const facts = new Map<string, unknown>();
  const first = await startHarness({ servers, facts });
  const { client, lastEventId } = await lostCall(first, 60_000);
  const inFlight = new Map(structuredClone([...facts]));
  await first.close();
  const second = await startHarness({ servers, facts: inFlight });
  const resumed = follow(second.url, { ...client.headers, 'last-event-id': lastEventId });
  await resumed.ended;
  const { id, error } = JSON.parse(resumed.events.at(-1)?.data ?? '');
  assert.equal(id, 7);
  assert.match(error.message, /daemon ended during the call; the call may have executed/);
  await second.close();
});

test('a client of the SDK gets its reply although the connection breaks in the middle of the call', async () => {
  const harness = await startHarness({ servers });
  const sockets = new Set<Socket>();
  const proxy = createServer((near) => {
    const far = connect(harness.port, '127.0.0.1');
    const own = (chunk: Buffer) => chunk.toString('latin1').replace(`:${port}`, `:${harness.port}`);
    near.on('data', (chunk) => far.write(own(chunk), 'latin1'));
    far.pipe(near);
    for (const one of [near, far]) {
      one.on('error', () => {}).once('close', () => near.destroy() && far.destroy());
      sockets.add(one);
    }
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  const client = new Client({ name: 'sdk', version: '1' });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${port}/mcp`)) as never,
  );
  let cuts = 0;
  const result = await client.callTool(
    { name: 'slow', arguments: { ms: 2_000 } },
    undefined as never,
    {
      onresumptiontoken() {
        if (cuts > 0) return;
        cuts += 1;
        for (const socket of sockets) socket.destroy();
      },
    },
  );
  assert.equal(cuts, 1);
  assert.deepEqual(result['content'], [{ type: 'text', text: 'slow' }]);
  await client.close();
  proxy.close();
  for (const socket of sockets) socket.destroy();
  await harness.close();
});
