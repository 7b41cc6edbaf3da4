import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Harness, startHarness, testServer } from './testing/harness.ts';
import {
  askModern,
  type Message,
  openSession,
  type SessionClient,
  until,
} from './testing/raw-client.ts';

/** Servers with a handshake do not say whose question they ask: it must reach the right client, or nobody. */
let harness: Harness;

before(async () => {
  harness = await startHarness({
    servers: {
      busy: testServer('asks-v1'),
      idle: testServer('asks-v1'),
      again: testServer('asks-v1'),
      rooted: {
        ...testServer('asks-v1'),
        settings: { roots: [{ uri: 'file:///of-this-server', name: 'here' }] },
      },
      lone: {
        ...testServer('asks-v1'),
        settings: { roots: [{ uri: 'file:///of-this-server', name: 'here' }] },
      },
      shared: { ...testServer('asks-v1'), settings: { pool: { mode: 'shared' } } },
    },
  });
});
after(() => harness.close());

const everything = { elicitation: { form: {}, url: {} }, sampling: {}, roots: {} };
const accepted = { action: 'accept', content: { name: 'Ada' } };
const at = (server: string) => harness.url.replace('/mcp', `/servers/${server}/mcp`);
const textOf = (reply: Message): string => reply.result.content[0].text;
const refusals = (): Message[] =>
  harness.events.filter((one) => one.kind === 'ask.finished' && one.outcome === 'refused');

function answering(client: SessionClient, answer: unknown, asked: Message[] = []) {
  return (name: string, args: object = {}): Promise<Message> =>
    client.ask(
      'tools/call',
      { name, arguments: args },
      {
        onMessage(message) {
          if (message.method === undefined || message.id === undefined) return;
          asked.push(message);
          void client.answer(message.id, { result: answer });
        },
      },
    );
}

test('two sessions in flight on one process: the question is refused, and the server is known to ask', async () => {
  const first = await openSession(at('busy'), '2025-11-25', everything);
  const second = await openSession(at('busy'), '2025-11-25', everything);
  const asked: Message[] = [];
  const waiting = answering(first, accepted, asked)('wait', { ms: 1_500 });
  const inFlight = () => harness.gateway.conversations.inFlight('busy', 0);
  await until('the first is in flight', () => inFlight() === 1);
  const reply = await answering(second, accepted, asked)('form');
  assert.match(reply.error.message, /2 clients have calls in flight on this connection/);
  assert.equal(textOf(await waiting), 'waited');
  assert.deepEqual(asked, []);
  assert.ok(harness.facts.has('asks hash of busy'));
  assert.match(refusals().at(-1).why, /nothing says whose question it is/);
});

test('a call that may be repeated is made again when its question could not be attributed, and its client is asked then', async () => {
  const first = await openSession(at('again'), '2025-11-25', everything);
  const second = await openSession(at('again'), '2025-11-25', everything);
  const [bystander, asked]: Message[][] = [[], []];
  const waiting = answering(first, accepted, bystander)('wait', { ms: 1_500 });
  const inFlight = () => harness.gateway.conversations.inFlight('again', 0);
  await until('the first is in flight', () => inFlight() === 1);
  const reply = await answering(second, accepted, asked)('form_safely');
  assert.equal(textOf(reply), 'accept {"name":"Ada"}');
  assert.equal(textOf(await waiting), 'waited');
  assert.deepEqual([bystander?.length, asked?.length], [0, 1]);
  const events = harness.events.filter(({ subject }) => subject === 'again');
  const told = events.map(({ kind }) => kind).filter((kind) => /^(call|ask)\./.test(kind));
  const end = 'call.finished';
  assert.deepEqual(told, [
    ...['ask.finished', 'call.repeated', end, 'ask.asked', 'ask.finished', end],
  ]);
});

test('two stateless calls may be of two clients, so neither is asked', async () => {
  const meta = { 'io.modelcontextprotocol/clientCapabilities': everything };
  const call = (name: string, args: object = {}) =>
    askModern(at('idle'), 'tools/call', { name, arguments: args }, { meta });
  const waiting = call('wait', { ms: 1_500 });
  const inFlight = () => harness.gateway.conversations.inFlight('idle', 0);
  await until('the first is in flight', () => inFlight() === 1);
  const { error } = (await call('form')).messages[0];
  assert.match(error.message, /2 clients have calls in flight/);
  await waiting;
});

test('several calls of one session: the newest is asked', async () => {
  const client = await openSession(at('rooted'), '2025-11-25', everything);
  const call = answering(client, accepted);
  const waiting = call('wait', { ms: 1_500 });
  const inFlight = () => harness.gateway.conversations.inFlight('rooted', 0);
  await until('the first is in flight', () => inFlight() === 1);
  assert.equal(textOf(await call('form')), 'accept {"name":"Ada"}');
  await waiting;
});

test('a shared server is offered nothing, another what can be put to whoever calls', async () => {
  const client = await openSession(at('shared'), '2025-11-25', everything);
  const offered = async (server: string) =>
    JSON.parse(textOf(await answering(await openSession(at(server), '2025-11-25'), {})('offered')));
  assert.deepEqual(await offered('shared'), {});
  assert.deepEqual(await offered('idle'), { elicitation: { form: {} }, sampling: {} });
  assert.deepEqual(await offered('rooted'), {
    ...{ roots: {}, elicitation: { form: {} }, sampling: {} },
  });
  assert.ok(client.hello);
});

for (const [kind, says] of [
  ['roots', /^file:\/\/\/of-this-server$/],
  ['form', /^cancel null$/],
  ['sample', /no call is in flight, so there is no client to ask/],
] as const) {
  test(`outside of a call, ${kind} is answered without a client`, async () => {
    const client = await openSession(at('lone'), '2025-11-25', everything);
    const call = answering(client, accepted);
    const ends = () => harness.events.filter((one) => one.kind === 'ask.finished').length;
    const before = ends();
    await call('later', { kind });
    await until('the question was answered', () => ends() > before);
    const said = textOf(await call('outside'));
    assert.match(said, says);
  });
}
