import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { closeHarnesses, type Harness, startHarness, testServer } from './testing/harness.ts';
import { askModern, type Message, openSession, send, until } from './testing/raw-client.ts';

afterEach(closeHarnesses);

const tag = 'io.modelcontextprotocol/subscriptionId';

/** A client that is told of resources, whatever its era. */
interface Told {
  /** URIs it heard of, in order. */
  readonly heard: string[];
  subscribe(uri: string): Promise<void>;
  unsubscribe(uri: string): Promise<void>;
  leave(): Promise<void>;
}

async function oldClient({ url }: { readonly url: string }): Promise<Told> {
  const client = await openSession(url, '2025-11-25');
  const heard: string[] = [];
  let abort = (): void => {};
  let isOpen = false;
  send(url, {
    method: 'GET',
    headers: client.headers,
    onMessage(message) {
      if (message.method === 'notifications/resources/updated') heard.push(message.params.uri);
    },
    onSent(by) {
      abort = by;
      isOpen = true;
    },
  }).catch(() => {});
  await until('the stream is asked for', () => isOpen);
  const ask = async (method: string, uri: string): Promise<void> => {
    const { error } = await client.ask(method, { uri });
    if (error !== undefined) throw new Error(`${error.code} ${error.message}`);
  };
  return {
    heard,
    subscribe: (uri) => ask('resources/subscribe', uri),
    unsubscribe: (uri) => ask('resources/unsubscribe', uri),
    async leave() {
      await send(url, { method: 'DELETE', headers: client.headers });
      abort();
    },
  };
}

async function newClient({ url }: { readonly url: string }): Promise<Told> {
  const heard: string[] = [];
  const streams = new Map<string, () => void>();
  return {
    heard,
    async subscribe(uri) {
      const messages: Message[] = [];
      const notifications = { resourceSubscriptions: [uri] };
      askModern(
        url,
        'subscriptions/listen',
        { notifications },
        {
          id: uri,
          onMessage(message) {
            messages.push(message);
            assert.equal((message.params ?? message.result)._meta[tag], uri);
            if (message.method === 'notifications/resources/updated')
              heard.push(message.params.uri);
          },
          onSent: (by) => void streams.set(uri, by),
        },
      ).catch(() => {});
      await until('it is acknowledged', () => messages.length > 0);
      assert.equal(messages[0].method, 'notifications/subscriptions/acknowledged');
      const honoured = messages[0].params.notifications.resourceSubscriptions;
      if (!honoured.includes(uri)) throw new Error('it is not honoured');
    },
    async unsubscribe(uri) {
      streams.get(uri)?.();
    },
    async leave() {
      for (const end of streams.values()) end();
    },
  };
}

async function call(harness: Harness, tool: string, args = {}): Promise<string> {
  const { result } = await harness.gateway.callTool({ server: 'it', tool, arguments: args });
  const [{ text }] = result['content'] as [{ text: string }];
  return text;
}

/** Waits until the server is asked to watch exactly these. */
async function wanted(harness: Harness, uris: string): Promise<void> {
  const sinceMs = performance.now();
  let found = '';
  do found = await call(harness, 'wanted');
  while (found !== uris && performance.now() - sinceMs < 60_000);
  assert.equal(found, uris);
}

for (const [clientEra, connect] of [
  ['old', oldClient],
  ['new', newClient],
] as const) {
  for (const serverEra of ['old', 'new']) {
    const pair = `${clientEra} clients of an ${serverEra} server`;
    const server = (...args: string[]) =>
      testServer('watched', ...(serverEra === 'new' ? ['--modern'] : []), ...args);

    test(`${pair}: the first makes the server watch, the last lets it go`, async () => {
      const harness = await startHarness({ servers: { it: server() } });
      const [first, second] = [await connect(harness), await connect(harness)];
      await first.subscribe('note://a');
      await wanted(harness, 'note://a');
      await second.subscribe('note://a');
      await second.subscribe('note://c');
      await wanted(harness, 'note://a note://c');
      await call(harness, 'change', { uri: 'note://a' });
      await call(harness, 'change', { uri: 'note://b' });
      await call(harness, 'change', { uri: 'note://c' });
      await until('both have heard', () => first.heard.length + second.heard.length === 3);
      assert.deepEqual([first.heard, second.heard], [['note://a'], ['note://a', 'note://c']]);
      await first.unsubscribe('note://a');
      await call(harness, 'change', { uri: 'note://a' });
      await until('the other has heard', () => second.heard.length === 3);
      assert.equal(first.heard.length, 1);
      await second.leave();
      await wanted(harness, '');
    });

    test(`${pair}: a server that starts anew is asked again, and its clients look again`, async () => {
      const harness = await startHarness({ servers: { it: server() } });
      const client = await connect(harness);
      await client.subscribe('note://a');
      harness.processes.get('it')?.kill('SIGKILL');
      await harness.processes.get('it')?.ended;
      await client.subscribe('note://c');
      await harness.start('it');
      await wanted(harness, 'note://a note://c');
      await until('it looks again', () => client.heard.length === 2);
      await call(harness, 'change', { uri: 'note://a/part' });
      await until('it hears of a part', () => client.heard.at(-1) === 'note://a/part');
    });

    test(`${pair}: what the server refuses is refused, and nothing else`, async () => {
      const harness = await startHarness({ servers: { it: server('--refuse') } });
      const client = await connect(harness);
      await assert.rejects(client.subscribe('note://b'), /not honoured|-32602/);
      await assert.rejects(client.subscribe('none://x'), /not honoured|-32002/);
      await client.subscribe('note://a');
      await wanted(harness, 'note://a');
    });

    test(`${pair}: two servers have the same resource, each client hears by the name it knows`, async () => {
      const harness = await startHarness({ servers: { other: server(), it: server() } });
      const own = { url: `http://127.0.0.1:${harness.port}/servers/it/mcp` };
      const [all, one] = [await connect(harness), await connect(own)];
      await all.subscribe('it+note://a');
      await one.subscribe('note://a');
      await call(harness, 'change', { uri: 'note://a' });
      await until('both have heard', () => all.heard.length + one.heard.length === 2);
      assert.deepEqual([all.heard, one.heard], [['it+note://a'], ['note://a']]);
    });
  }
}

for (const how of ['result', 'cancelled']) {
  test(`a stream the server ends by ${how} is asked for again, and what was missed is looked at`, async () => {
    const harness = await startHarness({ servers: { it: testServer('watched', '--modern') } });
    const client = await oldClient(harness);
    await client.subscribe('note://a');
    assert.equal(await call(harness, 'streams'), '1');
    await call(harness, 'hang_up', { how });
    await wanted(harness, 'note://a');
    await until('it looks again', () => client.heard.length === 1);
    assert.equal(await call(harness, 'streams'), '1');
  });
}

test('however many listen, a stateless server is listened to once', async () => {
  const harness = await startHarness({ servers: { it: testServer('watched', '--modern') } });
  const clients = await Promise.all(
    [oldClient, newClient, newClient, oldClient].map((connect) => connect(harness)),
  );
  await Promise.all(clients.map((client) => client.subscribe('note://a')));
  await clients[0]?.subscribe('note://b');
  assert.equal(await call(harness, 'streams'), '1');
  await call(harness, 'change', { uri: 'note://a' });
  await until('all have heard', () => clients.every(({ heard }) => heard.length === 1));
});

test('a server that tells of nothing is not subscribed to', async () => {
  const harness = await startHarness({ servers: { it: testServer('kinds') } });
  const client = await openSession(`http://127.0.0.1:${harness.port}/servers/it/mcp`);
  assert.equal(client.hello.result.capabilities.resources, undefined);
  const { error } = await client.ask('resources/subscribe', { uri: 'note://a' });
  assert.deepEqual(
    [error.code, error.message],
    [-32602, 'The server of this resource does not tell of changes to it'],
  );
});

test('a session that goes on after the daemon ended is told as before', async () => {
  const facts = new Map<string, unknown>();
  const before = await startHarness({ servers: { it: testServer('watched') }, facts });
  const client = await openSession(before.url, '2025-11-25');
  assert.equal((await client.ask('resources/subscribe', { uri: 'note://a' })).error, undefined);
  await before.close();
  const harness = await startHarness({ servers: { it: testServer('watched') }, facts });
  const heard: string[] = [];
  send(harness.url, {
    method: 'GET',
    headers: client.headers,
    onMessage({ method, params }) {
      if (method === 'notifications/resources/updated') heard.push(params.uri);
    },
  }).catch(() => {});
  await until('it goes on', () => harness.events.some(({ kind }) => kind === 'session.restored'));
  await wanted(harness, 'note://a');
  const count = heard.length;
  await call(harness, 'change', { uri: 'note://a' });
  await until('it has heard', () => heard.length > count);
});
