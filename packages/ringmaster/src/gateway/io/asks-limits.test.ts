import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Harness, startHarness, testServer } from './testing/harness.ts';
import { askModern, type Message, openSession, until } from './testing/raw-client.ts';

/** Nobody waits for ever, and nothing is without limit: what servers and clients hear when answers do not come. */
let harness: Harness;

before(async () => {
  const patient = (askPatienceMs: number) => ({
    ...testServer('asks-v1'),
    settings: { limits: { askPatienceMs, callTimeoutMs: 150 } },
  });
  harness = await startHarness({
    servers: {
      hasty: patient(80),
      patient: patient(60_000),
      third: patient(60_000),
      fourth: patient(80),
      modern: { ...testServer('asks-modern'), settings: { limits: { callTimeoutMs: 150 } } },
    },
    fleet: { asks: { timeoutMs: 400, max: 3, maxPerClient: 2 } },
  });
});
after(() => harness.close());

const everything = { elicitation: { form: {}, url: {} }, sampling: {}, roots: {} };
const accepted = { action: 'accept', content: { name: 'Ada' } };
const at = (server: string) => harness.url.replace('/mcp', `/servers/${server}/mcp`);
const events = (kind: string): Message[] => harness.events.filter((one) => one.kind === kind);
const inFlight = (server: string) => harness.gateway.conversations.inFlight(server, 0);

async function call(server: string, params: object): Promise<Message> {
  const meta = { 'io.modelcontextprotocol/clientCapabilities': everything };
  const whole = { arguments: {}, ...params };
  return (await askModern(at(server), 'tools/call', whole, { meta })).messages.at(-1);
}

test('before the patience of a server ends it hears cancel, and the result says so to whoever comes back', async () => {
  const { result } = await call('hasty', { name: 'form' });
  const [key = ''] = Object.keys(result.inputRequests);
  await until('the server has gone on', () => inFlight('hasty') === 0);
  const inputResponses = { [key]: accepted };
  const done = await call('hasty', {
    ...{ name: 'form', requestState: result.requestState, inputResponses },
  });
  const [said, note] = done.result.content;
  assert.equal(said.text, 'cancel null');
  assert.match(note.text, /answered a question of this server with "cancel": .* within 80 ms/);
});

test('a session that does not answer in time is told that nobody waits any more', async () => {
  const client = await openSession(at('hasty'), '2025-11-25', everything);
  const seen: Message[] = [];
  const reply = await client.ask(
    'tools/call',
    { name: 'form', arguments: {} },
    { onMessage: (message) => seen.push(message) },
  );
  const [question, cancelled] = seen;
  assert.equal(cancelled.method, 'notifications/cancelled');
  assert.equal(cancelled.params.requestId, question.id);
  assert.equal(reply.result.content.length, 2);
  assert.equal(events('ask.finished').at(-1).outcome, 'expired');
});

test('the deadline of a call stands still while its client is asked', async () => {
  const client = await openSession(at('patient'), '2025-11-25', everything);
  const reply = await client.ask(
    'tools/call',
    { name: 'form', arguments: {} },
    {
      onMessage({ id, method }) {
        if (method !== 'elicitation/create') return;
        setTimeout(() => void client.answer(id, { result: accepted }), 250);
      },
    },
  );
  assert.equal(reply.result.content[0].text, 'accept {"name":"Ada"}');
  const finished = events('call.finished').at(-1);
  assert.equal(finished.outcome, 'ok');
  assert.ok(finished.askedMs >= 200 && finished.tookMs >= finished.askedMs);
});

test('a question nobody answers in the stateless era is cancelled for sessions, and its call goes on', async () => {
  const client = await openSession(at('modern'), '2025-11-25', everything);
  const reply = await client.ask('tools/call', { name: 'form', arguments: {} }, {});
  const { inputResponses } = JSON.parse(reply.result.content[0].text);
  assert.deepEqual(inputResponses, { who: { action: 'cancel' } });
  assert.match(reply.result.content[1].text, /within 400 ms/);
});

test('a client that never comes back costs its server nothing in the end, and the journal tells', async () => {
  const { result } = await call('patient', { name: 'form' });
  assert.equal(inFlight('patient'), 1);
  await until('the call is given up', () => events('ask.abandoned').length > 0);
  assert.equal(inFlight('patient'), 0);
  const [key = ''] = Object.keys(result.inputRequests);
  const { error } = await call('patient', {
    ...{ name: 'form', requestState: result.requestState, inputResponses: { [key]: accepted } },
  });
  assert.equal(error.code, -32602);
  assert.match(error.message, /has expired or was used/);
});

test('questions for one client, and for all, are limited; the server hears why', async () => {
  const first = await call('patient', { name: 'form' });
  const second = await call('third', { name: 'form' });
  assert.equal(second.result.resultType, 'input_required');
  const third = await call('fourth', { name: 'lenient' });
  assert.match(third.result.content[0].text, /2 questions wait for this client already/);
  assert.equal(events('ask.finished').at(-1).outcome, 'refused');
  assert.ok(first.result);
});

test('a server that gives up its own question takes it from the client', async () => {
  await until('earlier questions are over', () => inFlight('patient') + inFlight('third') === 0);
  const client = await openSession(at('patient'), '2025-11-25', everything);
  const seen: Message[] = [];
  const reply = await client.ask(
    'tools/call',
    { name: 'impatient', arguments: {} },
    { onMessage: (message) => seen.push(message) },
  );
  assert.match(reply.error.message, /timed out/i);
  assert.equal(seen.at(-2)?.method, 'notifications/cancelled');
  assert.equal(events('ask.finished').at(-1).outcome, 'withdrawn');
});
