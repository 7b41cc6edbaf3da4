import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { type Harness, startHarness, testServer } from './testing/harness.ts';

import {
  askModern,
  type Message,
  openSession,
  type SessionClient,
  send,
  until,
} from './testing/raw-client.ts';

/** Clients with a session, and servers that ask: real requests on the stream of the call, and on no other. */
let harness: Harness;

before(async () => {
  harness = await startHarness({
    servers: {
      modern: testServer('asks-modern'),
      legacy: testServer('asks-v1'),
    },
  });
});
after(() => harness.close());

/** A server with a handshake serves one session that it asked after the other: those of a test end with it. */
const opened: { readonly url: string; readonly client: SessionClient }[] = [];
afterEach(async () => {
  const over = opened.splice(0);
  await Promise.all(
    over.map(({ url, client: { headers } }) => send(url, { method: 'DELETE', headers })),
  );
});

async function open(...[url, ...how]: Parameters<typeof openSession>): Promise<SessionClient> {
  const client = await openSession(url, ...how);
  opened.push({ url, client });
  return client;
}

const everything = { elicitation: { form: {}, url: {} }, sampling: {}, roots: {} };
const accepted = { action: 'accept', content: { name: 'Ada' } };
const answers: Readonly<Record<string, unknown>> = {
  'elicitation/create': accepted,
  'sampling/createMessage': {
    ...{ role: 'assistant', model: 'm', content: { type: 'text', text: 'Paris' } },
  },
  'roots/list': { roots: [{ uri: 'file:///a' }] },
};
const at = (server: string) => harness.url.replace('/mcp', `/servers/${server}/mcp`);
const textOf = (reply: Message): string => reply.result.content[0].text;
const isRequest = ({ method, id }: Message) => method !== undefined && id !== undefined;

/** Calls a tool and answers what is asked; keeps what was asked. */
async function callAnswering(
  client: SessionClient,
  name: string,
  answer: (request: Message) => { result?: unknown; error?: unknown } | undefined = ({
    method,
  }) => ({
    result: answers[method],
  }),
): Promise<{ readonly reply: Message; readonly asked: Message[] }> {
  const asked: Message[] = [];
  const reply = await client.ask(
    'tools/call',
    { name, arguments: {} },
    {
      onMessage(message) {
        if (!isRequest(message)) return;
        asked.push(message);
        const outcome = answer(message);
        if (outcome !== undefined) void client.answer(message.id, outcome);
      },
    },
  );
  return { reply, asked };
}

test('a question in a result becomes a request on the stream of the call', async () => {
  const client = await open(at('modern'), '2025-11-25', everything);
  const { reply, asked } = await callAnswering(client, 'form');
  assert.equal(asked.length, 1);
  assert.equal(asked[0].method, 'elicitation/create');
  assert.ok(asked[0].id.length >= 22);
  assert.deepEqual(JSON.parse(textOf(reply)), {
    inputResponses: { who: accepted },
    requestState: 'state of form é"',
  });
  assert.equal(reply.result.resultType, undefined);
});

test('several questions are asked at once, and several rounds one after the other', async () => {
  const client = await open(at('modern'), '2025-11-25', everything);
  const both = await callAnswering(client, 'both');
  assert.deepEqual(both.asked.map(({ method }) => method).sort(), Object.keys(answers).sort());
  assert.equal(Object.keys(JSON.parse(textOf(both.reply)).inputResponses).length, 3);
  const rounds = await callAnswering(client, 'rounds');
  assert.equal(rounds.asked.length, 3);
  assert.equal(textOf(rounds.reply), 'after 3 rounds');
  assert.equal(new Set([...both.asked, ...rounds.asked].map(({ id }) => id)).size, 6);
});

test('a server that asks for ever is stopped after 10 rounds', async () => {
  const client = await open(at('modern'), '2025-11-25', everything);
  const { reply, asked } = await callAnswering(client, 'forever');
  assert.equal(asked.length, 10);
  assert.equal(reply.result.isError, true);
  assert.match(textOf(reply), /asked for input 10 times without coming to a result/);
});

test('an address to open has an id for sessions; without a stream it comes as an error to act on', async () => {
  const client = await open(at('modern'), '2025-11-25', everything);
  const { asked } = await callAnswering(client, 'open');
  assert.match(asked[0].params.elicitationId, /^[\w-]{20,}$/);
  const plain = { ...client.headers, accept: 'application/json' };
  const refused = await askPlainly('open_bare', plain);
  assert.equal(refused.error.code, -32042);
  assert.equal(refused.error.data.elicitations[0].url, 'https://example.com/in');
});

async function askPlainly(
  name: string,
  headers: Readonly<Record<string, string>>,
): Promise<Message> {
  const response = await fetch(at('modern'), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name, arguments: {} },
    }),
  });
  return response.json();
}

for (const row of [
  { tool: 'form', capabilities: {}, says: /did not declare the capability elicitation$/ },
  { tool: 'open', capabilities: { elicitation: {} }, says: /capability elicitation\.url$/ },
  { tool: 'needs_sampling', capabilities: {}, says: /capability sampling$/ },
  { tool: 'needs_magic', capabilities: {}, says: /something the gateway does not relay/ },
  {
    tool: 'wrong',
    capabilities: everything,
    says: /asked for input, but it asked for "tools\/list"/,
  },
]) {
  test(`${row.tool} for a client with ${JSON.stringify(row.capabilities)}: the result names what is missing`, async () => {
    const client = await open(at('modern'), '2025-11-25', row.capabilities);
    const { reply, asked } = await callAnswering(client, row.tool);
    assert.equal(asked.length, 0);
    assert.equal(reply.result.isError, true);
    assert.match(textOf(reply), row.says);
  });
}

test('a client that reads no streams is told that this is what is missing', async () => {
  const client = await open(at('modern'), '2025-11-25', everything);
  const reply = await askPlainly('form', { ...client.headers, accept: 'application/json' });
  assert.match(textOf(reply), /it accepts no event stream/);
});

test('an error of the client ends a call whose server can hear only answers', async () => {
  const client = await open(at('modern'), '2025-11-25', everything);
  const { reply } = await callAnswering(client, 'sample', () => ({
    error: { code: -1, message: 'The user rejected sampling' },
  }));
  assert.equal(reply.result.isError, true);
  assert.match(
    textOf(reply),
    /got no answer to sampling\/createMessage: The user rejected sampling/,
  );
});

test('what a client may be asked is told to stateless servers call by call', async () => {
  const client = await open(at('modern'), '2025-11-25', { sampling: {}, experimental: {} });
  const meta = JSON.parse(textOf(await client.ask('tools/call', { name: 'declared' })));
  assert.deepEqual(meta['io.modelcontextprotocol/clientCapabilities'], { sampling: {} });
});

for (const tool of ['form', 'sample', 'roots', 'both', 'twice']) {
  test(`a session asked by a server with a handshake: ${tool}`, async () => {
    const client = await open(at('legacy'), '2025-11-25', everything);
    const { reply, asked } = await callAnswering(client, tool);
    assert.equal(asked.length, tool === 'both' || tool === 'twice' ? 2 : 1);
    assert.match(textOf(reply), /accept|Paris|file:/);
  });
}

test('a decline and an error reach a server with a handshake as they are', async () => {
  const client = await open(at('legacy'), '2025-06-18', { elicitation: {}, sampling: {} });
  const declined = await callAnswering(client, 'form', () => ({ result: { action: 'decline' } }));
  assert.equal(textOf(declined.reply), 'decline null');
  const failed = await callAnswering(client, 'lenient', () => ({
    error: { code: -1, message: 'rejected by the user' },
  }));
  assert.match(textOf(failed.reply), /rejected by the user/);
});

test('an address to open first reaches sessions that can as the error it is, others as words', async () => {
  const able = await open(at('legacy'), '2025-11-25', everything);
  const { error } = await able.ask('tools/call', { name: 'sign_in' });
  assert.equal(error.code, -32042);
  assert.equal(error.data.elicitations[0].elicitationId, 'e-2');
});

test('a question reaches the caller only, and nobody else can answer it', async () => {
  const caller = await open(at('legacy'), '2025-11-25', everything);
  const bystander = await open(at('legacy'), '2025-11-25', everything);
  const overheard: Message[] = [];
  let stop = () => {};
  const listening = listen(
    bystander,
    (message) => overheard.push(message),
    (give) => (stop = give),
  );
  let asked: Message;
  const calling = callAnswering(caller, 'form', (request) => {
    asked = request;
    return undefined;
  });
  await until('the caller is asked', () => asked !== undefined);
  await bystander.answer(asked.id, { result: { action: 'accept', content: { name: 'Eve' } } });
  await caller.answer('no such id', { result: {} });
  await caller.answer(asked.id, { result: accepted });
  assert.equal(textOf((await calling).reply), 'accept {"name":"Ada"}');
  assert.deepEqual(overheard.filter(isRequest), []);
  stop();
  await listening;
});

function listen(
  client: SessionClient,
  onMessage: (message: Message) => void,
  onSent: (abort: () => void) => void,
): Promise<unknown> {
  return send(at('legacy'), { method: 'GET', headers: client.headers, onMessage, onSent }).catch(
    () => {},
  );
}

test('a call that is cancelled while its client is asked takes the question back', async () => {
  const client = await open(at('legacy'), '2025-11-25', everything);
  const seen: Message[] = [];
  const calling = client.ask(
    'tools/call',
    { name: 'form', arguments: {} },
    { id: 'mine', onMessage: (message) => seen.push(message) },
  );
  await until('it is asked', () => seen.some(isRequest));
  await send(at('legacy'), {
    headers: client.headers,
    body: { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'mine' } },
  });
  await calling;
  const [question] = seen.filter(isRequest);
  const cancelled = seen.find(({ method }) => method === 'notifications/cancelled');
  assert.equal(cancelled.params.requestId, question.id);
  assert.equal(harness.gateway.conversations.inFlight('legacy', 0), 0);
});

test('a session that ends while it is asked lets the server go on', async () => {
  const client = await open(at('legacy'), '2025-11-25', everything);
  const seen: Message[] = [];
  const call = { name: 'form', arguments: {} };
  const calling = client.ask('tools/call', call, { onMessage: (message) => seen.push(message) });
  await until('it is asked', () => seen.some(isRequest));
  await send(at('legacy'), { method: 'DELETE', headers: client.headers });
  await calling;
  assert.ok(harness.events.some((one) => one.kind === 'ask.finished' && one.outcome === 'lost'));
  const inFlight = () => harness.gateway.conversations.inFlight('legacy', 0);
  await until('the server has answered', () => inFlight() === 0);
  const last = harness.events.filter(({ kind }) => kind === 'call.finished').at(-1);
  assert.equal(last?.kind === 'call.finished' && last.outcome, 'ok');
});

test('stateless on both sides: the question passes unchanged, its state sealed and given back unchanged', async () => {
  const meta = { 'io.modelcontextprotocol/clientCapabilities': everything };
  const call = async (more: object, name = 'form'): Promise<Message> =>
    (await askModern(at('modern'), 'tools/call', { name, arguments: {}, ...more }, { meta }))
      .messages[0];
  const { result } = await call({});
  assert.equal(result.inputRequests.who.params.message, 'Who?');
  assert.doesNotMatch(result.requestState, /state of form/);
  const inputResponses = { who: accepted };
  const { requestState } = result;
  const done = await call({ requestState, inputResponses });
  assert.deepEqual(JSON.parse(textOf(done)), { inputResponses, requestState: 'state of form é"' });
  const foreign = await call({ requestState, inputResponses }, 'bare');
  assert.equal(foreign.error.code, -32602);
  assert.equal((await call({}, 'bare')).result.requestState, undefined);
  assert.deepEqual(JSON.parse(textOf(await call({ inputResponses }, 'bare'))), { inputResponses });
  const { error } = (
    await askModern(at('modern'), 'tools/call', { name: 'needs_sampling', arguments: {} })
  ).messages[0];
  assert.equal(error.code, -32021);
  assert.deepEqual(error.data, { requiredCapabilities: { sampling: {} } });
});
