import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  closeHarnesses,
  type Harness,
  startHarness,
  type TestServer,
  testServer,
} from './testing/harness.ts';
import { askModern, type Message, openSession, until } from './testing/raw-client.ts';

/** Nobody waits for ever, and nothing is without limit: what servers and clients hear when answers do not come. */
let harness: Harness;
/** Time that clients have to answer: longer than a busy machine takes from one step of a test to the next. */
const askMs = 2_000;

before(async () => {
  harness = await startHarness({
    servers: { hasty: patient(80), patient: patient(60_000), modern: testServer('asks-modern') },
    fleet: { asks: { timeoutMs: askMs } },
  });
});
after(closeHarnesses);

function patient(askPatienceMs: number, callTimeoutMs = 60_000): TestServer {
  return { ...testServer('asks-v1'), settings: { limits: { askPatienceMs, callTimeoutMs } } };
}

const everything = { elicitation: { form: {}, url: {} }, sampling: {}, roots: {} };
const accepted = { action: 'accept', content: { name: 'Ada' } };
const at = (server: string, of = harness) => of.url.replace('/mcp', `/servers/${server}/mcp`);
const events = (kind: string): Message[] => harness.events.filter((one) => one.kind === kind);
const inFlight = (server: string) => harness.gateway.conversations.inFlight(server, 0);

async function call(server: string, params: object, of = harness): Promise<Message> {
  const meta = { 'io.modelcontextprotocol/clientCapabilities': everything };
  const whole = { arguments: {}, ...params };
  return (await askModern(at(server, of), 'tools/call', whole, { meta })).messages.at(-1);
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
  const callTimeoutMs = 3_000;
  const own = await startHarness({ servers: { patient: patient(60_000, callTimeoutMs) } });
  const client = await openSession(at('patient', own), '2025-11-25', everything);
  const reply = await client.ask(
    'tools/call',
    { name: 'form', arguments: {} },
    {
      onMessage({ id, method }) {
        if (method !== 'elicitation/create') return;
        setTimeout(() => void client.answer(id, { result: accepted }), callTimeoutMs + 500);
      },
    },
  );
  assert.equal(reply.result.content[0].text, 'accept {"name":"Ada"}');
  const finished: Message = own.events.findLast(({ kind }) => kind === 'call.finished');
  assert.equal(finished.outcome, 'ok');
  assert.ok(finished.askedMs >= callTimeoutMs && finished.tookMs >= finished.askedMs);
});

test('a question nobody answers in the stateless era is cancelled for sessions, and its call goes on', async () => {
  const client = await openSession(at('modern'), '2025-11-25', everything);
  const reply = await client.ask('tools/call', { name: 'form', arguments: {} }, {});
  const { inputResponses } = JSON.parse(reply.result.content[0].text);
  assert.deepEqual(inputResponses, { who: { action: 'cancel' } });
  assert.match(reply.result.content[1].text, /within 2000 ms/);
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
  const strict = await startHarness({
    servers: { one: patient(60_000), two: patient(60_000), three: patient(60_000) },
    fleet: { asks: { max: 3, maxPerClient: 2 } },
  });
  const first = await call('one', { name: 'form' }, strict);
  const second = await call('two', { name: 'form' }, strict);
  assert.equal(second.result.resultType, 'input_required');
  const third = await call('three', { name: 'lenient' }, strict);
  assert.match(third.result.content[0].text, /2 questions wait for this client already/);
  const finished: Message[] = strict.events.filter(({ kind }) => kind === 'ask.finished');
  assert.equal(finished.at(-1).outcome, 'refused');
  assert.ok(first.result);
});

test('a server that gives up its own question takes it from the client', async () => {
  await until('earlier questions are over', () => inFlight('patient') === 0);
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
