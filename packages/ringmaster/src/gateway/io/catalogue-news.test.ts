import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { closeHarnesses, startHarness, testServer } from './testing/harness.ts';
import { askModern, type Message, openSession, until } from './testing/raw-client.ts';

afterEach(closeHarnesses);

const named = (name: string, tools: string) =>
  testServer('collide', '--name', name, '--tools', tools);
const namesIn = (reply: Message): string[] =>
  reply.result.tools.map(({ name }: { name: string }) => name);

test('the first list waits for servers that are still starting, in the order of the fleet', async () => {
  const servers = { a: testServer('slow-start', '--ms', '300'), b: named('b', 'beta') };
  const harness = await startHarness({ servers, startServers: 'later' });
  const client = await openSession(harness.url.replace('/mcp', '/servers/b/mcp'));
  const everything = openSession(harness.url);
  const starting = [harness.start('b'), harness.start('a')];
  const all = await everything;
  const names = namesIn(await all.ask('tools/list'));
  assert.equal(names.at(-1), 'beta');
  assert.ok(names.length > 1);
  assert.deepEqual(namesIn(await client.ask('tools/list')), ['beta']);
  await Promise.all(starting);
  await harness.close();
});

test('the first list does not wait longer than it may for a server that hangs', async () => {
  const servers = { a: testServer('silent'), b: named('b', 'beta') };
  const harness = await startHarness({
    servers,
    startServers: 'later',
    fleet: { catalogueWaitMs: 300 },
  });
  harness.start('a').catch(() => {});
  await harness.start('b');
  const client = await openSession(harness.url);
  assert.deepEqual(namesIn(await client.ask('tools/list')), ['beta']);
  assert.equal(await client.call('beta'), 'b:beta');
  await harness.close();
});

test('who has a name keeps it: over restarts of the daemon, and against servers that come later', async () => {
  const facts = new Map<string, unknown>();
  const late = await startHarness({ servers: { b: named('b', 'same') }, facts });
  await late.close();
  const servers = { a: named('a', 'same,alpha'), b: named('b', 'same') };
  const harness = await startHarness({ servers, facts });
  const client = await openSession(harness.url);
  assert.deepEqual(namesIn(await client.ask('tools/list')), ['a__same', 'alpha', 'same']);
  assert.equal(await client.call('same'), 'b:same');
  assert.equal(await client.call('a__same'), 'a:same');
  assert.equal(await client.call('b__same'), 'b:same');
  const collided = harness.events.filter(({ kind }) => kind === 'name.collided');
  assert.deepEqual(
    collided.map(({ subject }) => subject),
    ['a'],
  );
  harness.processes.get('b')?.kill('SIGKILL');
  await harness.processes.get('b')?.ended;
  harness.gateway.conversations.expect('b', 'gone', 'it failed');
  assert.equal(await client.call('same'), '-32603 Server "b" is not running: it failed');
  await harness.close();
});

test('a server that leaves the fleet leaves the lists, one that comes is announced', async () => {
  const servers = { a: named('a', 'alpha'), b: named('b', 'beta') };
  const harness = await startHarness({ servers });
  const client = await openSession(harness.url);
  const isAnnounced = () =>
    harness.events.some((one) => one.kind === 'catalogue.changed' && one.tools === 2);
  await until('the first lists are announced', isAnnounced);
  const heard: Message[] = [];
  let abort = (): void => {};
  const listening = askModern(
    harness.url,
    'subscriptions/listen',
    { notifications: { toolsListChanged: true } },
    {
      id: 'L',
      onMessage: (message) => heard.push(message),
      onSent(by) {
        abort = by;
      },
    },
  );
  await until('it is acknowledged', () => heard.length === 1);
  harness.gateway.setFleet(harness.fleetOf({ a: servers.a }));
  assert.deepEqual(namesIn(await client.ask('tools/list')), ['alpha']);
  await until('it is told', () => heard.length === 2);
  assert.equal(heard[1].method, 'notifications/tools/list_changed');
  assert.equal(heard[1].params._meta['io.modelcontextprotocol/subscriptionId'], 'L');
  assert.equal(await client.call('beta'), '-32602 Unknown tool: beta');
  harness.gateway.setFleet(harness.fleetOf(servers));
  assert.deepEqual(namesIn(await client.ask('tools/list')), ['alpha', 'beta']);
  abort();
  await assert.rejects(listening);
  await harness.close();
});

test('after a restart a name with its server in front is called at once, though another server hangs', async () => {
  const servers = { a: named('a', 'same'), b: named('b', 'same'), c: named('c', 'other') };
  const facts = new Map<string, unknown>([['name tools:same', 'a']]);
  const fleet = { catalogueWaitMs: 60_000 };
  const harness = await startHarness({ servers, facts, fleet, startServers: 'later' });
  await Promise.all([harness.start('a'), harness.start('b')]);
  const { messages } = await askModern(harness.url, 'tools/call', { name: 'b__same' });
  assert.equal(messages[0].result.content[0].text, 'b:same');
  await harness.close();
});
