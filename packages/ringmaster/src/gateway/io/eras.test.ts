import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { Problem } from '../../errors.ts';
import { closeHarnesses, startHarness, type TestServer, testServer } from './testing/harness.ts';
import { openSession, until } from './testing/raw-client.ts';

afterEach(closeHarnesses);

for (const row of [
  { server: 'echo', args: [], era: 'auto', found: 'legacy' },
  { server: 'modern', args: [], era: 'auto', found: 'modern' },
  { server: 'dual', args: [], era: 'auto', found: 'modern' },
  { server: 'dual', args: [], era: 'legacy', found: 'legacy' },
  { server: 'dual', args: [], era: '2026-07-28', found: 'modern' },
  { server: 'sdk-v1', args: [], era: 'auto', found: 'legacy' },
  { server: 'sdk-v2', args: [], era: 'auto', found: 'modern' },
  { server: 'sdk-v2', args: [], era: 'legacy', found: 'legacy' },
] as const) {
  test(`${row.server}, era ${row.era}: found to be ${row.found}, and calls get through`, async () => {
    const server: TestServer = { ...testServer(row.server, ...row.args), era: row.era };
    const harness = await startHarness({ servers: { it: server } });
    const view = harness.gateway.upstream('it', 0);
    assert.equal(view?.era, row.found);
    assert.ok((view?.tools ?? 0) > 0);
    const client = await openSession(harness.url);
    assert.equal(await client.call('echo', { text: 'hé' }), 'hé');
    await harness.gateway.conversations.probe('it', 0, 30_000);
    await harness.close();
  });
}

test('a verdict is remembered: the next start does not ask again', async () => {
  const facts = new Map<string, unknown>();
  const servers = { it: testServer('crash', '--on-discover') };
  const first = await startHarness({ servers, facts, startServers: 'later' });
  await assert.rejects(first.start('it'), (error) => {
    assert.ok(error instanceof Problem);
    assert.match(error.message, /ended when asked for its era/);
    return true;
  });
  assert.equal((await first.start('it')).era, 'legacy');
  await first.close();
  const second = await startHarness({ servers, facts });
  assert.equal(second.gateway.upstream('it', 0)?.era, 'legacy');
  await second.close();
});

/** A server that does not read until it was asked in the way of both eras. */
async function askedBothWays(server: string) {
  const facts = new Map<string, unknown>();
  const servers = { it: testServer(server) };
  const harness = await startHarness({ servers, facts, startServers: 'later' });
  const opening = harness.start('it');
  const process = harness.processes.get('it');
  process?.kill('SIGSTOP');
  await until('it is asked both ways', () => methodsOf(process?.sent).includes('initialize'));
  process?.kill('SIGCONT');
  return { harness, facts, opening };
}

test('a server of both eras that is slow to start is taken for what it is, though it was asked both ways', async () => {
  const { harness, facts, opening } = await askedBothWays('sdk-v2');
  assert.equal((await opening).era, 'modern');
  assert.equal((facts.get('era hash of it') as { era: string }).era, 'modern');
  const client = await openSession(harness.url);
  assert.equal(await client.call('echo', { text: 'slow' }), 'slow');
  await harness.close();
});

test('a server that answers both ways at once serves as it was asked last, and is asked anew', async () => {
  const { harness, facts, opening } = await askedBothWays('dual');
  assert.equal((await opening).era, 'legacy');
  assert.equal(facts.get('era hash of it'), undefined);
  await harness.close();
});

test('a server that is silent until its handshake is served in its era', async () => {
  const facts = new Map<string, unknown>();
  const harness = await startHarness({
    servers: { it: testServer('silent', '--until-initialize') },
    facts,
  });
  assert.equal(harness.gateway.upstream('it', 0)?.era, 'legacy');
  assert.equal((facts.get('era hash of it') as { era: string }).era, 'legacy');
  const asked = methodsOf(harness.processes.get('it')?.sent);
  assert.deepEqual(asked.slice(0, 3), ['server/discover', 'ping', 'initialize']);
  await harness.close();
});

function methodsOf(sent: readonly string[] = []): string[] {
  return sent.map((text) => JSON.parse(text).method);
}

test('a server that changed its era since is found out again', async () => {
  const facts = new Map<string, unknown>();
  facts.set('era hash of it', { era: 'legacy', guessed: false, atMs: Date.now() });
  const harness = await startHarness({ servers: { it: testServer('modern') }, facts });
  assert.equal(harness.gateway.upstream('it', 0)?.era, 'modern');
  assert.equal((facts.get('era hash of it') as { era: string }).era, 'modern');
  await harness.close();
});

test('a server that never answers is given up when its process is', async () => {
  const harness = await startHarness({
    servers: { it: testServer('silent') },
    startServers: 'later',
  });
  const opening = harness.start('it');
  harness.gateway.conversations.close({
    server: 'it',
    index: 0,
    generation: 1,
    reason: 'it was not ready in time',
    expected: 'back',
    unread: [],
  });
  await assert.rejects(opening, Problem);
  await harness.close();
});

/** Has a second gateway take over a server of a first, which left `unfinished` on its input; one call must work. */
async function takeOver(server: string, unfinished: string | undefined): Promise<void> {
  const servers = { it: testServer(server) };
  const facts = new Map<string, unknown>();
  const first = await startHarness({ servers, facts });
  const resume = {
    era: 'legacy' as const,
    protocolVersion: '2025-11-25',
    result: { capabilities: { tools: {} } },
  };
  const channel = first.processes.get('it')?.channel;
  const second = await startHarness({ servers, facts, startServers: 'later' });
  if (unfinished !== undefined) channel?.send(unfinished);
  const opened = await second.gateway.conversations.open({
    ...{ server: 'it', index: 0, generation: 7, kind: 'stdio', channel, url: undefined },
    ...{ headers: {}, era: 'auto', launchHash: 'hash of it', resume, firstRequestId: 1_000 },
    startTimeoutMs: 30_000,
    limits: { callTimeoutMs: 60_000, waitMs: 60_000, maxInFlight: 10, maxMessageBytes: 1_000_000 },
  });
  assert.equal(opened, resume);
  const client = await openSession(second.url);
  assert.equal(await client.call('echo', { text: 'adopted' }), 'adopted');
  await second.close();
  await first.close();
}

test('a process taken over from an earlier daemon needs no handshake, and no id is used twice', () =>
  // The line the first daemon did not finish.
  takeOver('garbage', '{"jsonrpc":"2.0","id":3,"method":"tools/call"'));

test('a server that takes each line for JSON survives being taken over', () =>
  takeOver('strict', undefined));
