import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Harness, startHarness, testServer } from './testing/harness.ts';
import { type Answer, askModern, type Message, until } from './testing/raw-client.ts';

/** Stateless clients, and servers with a handshake that ask: the call is parked while the client answers. */
let harness: Harness;

before(async () => {
  harness = await startHarness({
    servers: { asks: testServer('asks-v1'), other: testServer('asks-v1') },
    fleet: { roots: [{ uri: 'file:///configured' }] },
  });
});
after(() => harness.close());

const everything = { elicitation: { form: {}, url: {} }, sampling: {}, roots: {} };

function call(
  name: string,
  more: {
    readonly arguments?: unknown;
    readonly requestState?: unknown;
    readonly inputResponses?: unknown;
    readonly capabilities?: unknown;
    readonly meta?: Readonly<Record<string, unknown>>;
    readonly onMessage?: (message: Message) => void;
    readonly onSent?: (abort: () => void) => void;
  } = {},
): Promise<Answer> {
  const { capabilities = everything, meta = {}, onMessage, onSent, ...params } = more;
  return askModern(
    harness.url.replace('/mcp', '/servers/asks/mcp'),
    'tools/call',
    { name, arguments: {}, ...params },
    {
      meta: { 'io.modelcontextprotocol/clientCapabilities': capabilities, ...meta },
      ...(onMessage === undefined ? {} : { onMessage }),
      ...(onSent === undefined ? {} : { onSent }),
    },
  );
}

const resultOf = (answer: Answer): Message => answer.messages.at(-1)?.result;
const errorOf = (answer: Answer): Message => answer.messages.at(-1)?.error;
const textOf = (answer: Answer): string => resultOf(answer).content[0].text;
const accepted = { action: 'accept', content: { name: 'Ada' } };
const answered = { role: 'assistant', model: 'm', content: { type: 'text', text: 'Paris' } };
const inFlight = () => harness.gateway.conversations.inFlight('asks', 0);
const events = (kind: string): Message[] => harness.events.filter((one) => one.kind === kind);

for (const [tool, method, response, text] of [
  ['form', 'elicitation/create', accepted, 'accept {"name":"Ada"}'],
  ['form', 'elicitation/create', { action: 'decline' }, 'decline null'],
  ['sample', 'sampling/createMessage', answered, 'm: {"type":"text","text":"Paris"}'],
  ['roots', 'roots/list', { roots: [{ uri: 'file:///a' }] }, 'file:///a'],
  ['open', 'elicitation/create', { action: 'accept' }, 'accept'],
] as const) {
  test(`${tool}: the question comes as input_required, and ${JSON.stringify(response)} reaches the server`, async () => {
    const asked = resultOf(await call(tool));
    assert.equal(asked.resultType, 'input_required');
    const [[key, request] = []] = Object.entries<Message>(asked.inputRequests);
    assert.equal(request.method, method);
    assert.equal(request.params?.elicitationId, undefined);
    const { requestState } = asked;
    const done = await call(tool, { requestState, inputResponses: { [String(key)]: response } });
    assert.equal(resultOf(done).resultType, 'complete');
    assert.equal(textOf(done), text);
    assert.equal(inFlight(), 0);
  });
}

test('questions that come together go out in one round, later ones in the next', async () => {
  const both = resultOf(await call('both'));
  const entries = Object.entries<Message>(both.inputRequests);
  assert.equal(entries.length, 2);
  const inputResponses = Object.fromEntries(
    entries.map(([key, { method }]) => [key, method.startsWith('eli') ? accepted : answered]),
  );
  const done = await call('both', { requestState: both.requestState, inputResponses });
  assert.match(textOf(done), /^accept .* and m: /);

  const first = resultOf(await call('twice'));
  const [firstKey = ''] = Object.keys(first.inputRequests);
  const { requestState } = first;
  const second = resultOf(
    await call('twice', { requestState, inputResponses: { [firstKey]: accepted } }),
  );
  assert.equal(second.resultType, 'input_required');
  const [secondKey = ''] = Object.keys(second.inputRequests);
  assert.notEqual(secondKey, firstKey);
  assert.equal(second.inputRequests[secondKey].params.message, 'Second?');
  const last = await call('twice', {
    requestState: second.requestState,
    inputResponses: { [secondKey]: { action: 'cancel' } },
  });
  assert.equal(textOf(last), 'accept {"name":"Ada"} then cancel null');
});

test('a server names its question, and an answer under that name may come with the call itself', async () => {
  const asked = resultOf(await call('form', { arguments: { key: 'user_name' } }));
  assert.deepEqual(Object.keys(asked.inputRequests), ['user_name']);
  assert.equal(asked.inputRequests.user_name.params._meta, undefined);
  const inputResponses = { user_name: accepted };
  const { requestState } = asked;
  await call('form', { arguments: { key: 'user_name' }, requestState, inputResponses });
  const early = await call('form', { arguments: { key: 'user_name' }, inputResponses });
  assert.equal(textOf(early), 'accept {"name":"Ada"}');
});

test('answers that are missing are asked for again; those nobody asked for are ignored', async () => {
  const both = resultOf(await call('both'));
  const [[first] = [''], [second] = ['']] = Object.entries<Message>(both.inputRequests);
  const elicited = Object.entries<Message>(both.inputRequests).find(([, { method }]) =>
    method.startsWith('eli'),
  )?.[0];
  const sampled = elicited === first ? second : first;
  const again = resultOf(
    await call('both', {
      requestState: both.requestState,
      inputResponses: { [String(elicited)]: accepted, 'never-asked': { action: 'accept' } },
    }),
  );
  assert.deepEqual(Object.keys(again.inputRequests), [sampled]);
  const done = await call('both', {
    requestState: again.requestState,
    inputResponses: { [sampled]: answered },
  });
  assert.match(textOf(done), /and m: /);
});

test('a state that was changed, used, repeated for another call or never given is refused', async () => {
  const asked = resultOf(await call('form'));
  const [key = ''] = Object.keys(asked.inputRequests);
  const { requestState } = asked;
  const inputResponses = { [key]: accepted };
  const flipped = `${requestState.slice(0, 20)}${requestState[20] === 'A' ? 'B' : 'A'}${requestState.slice(21)}`;
  for (const [title, attempt, message] of [
    ['changed', { requestState: flipped, inputResponses }, /not one this gateway gave out/],
    ['text', { requestState: 'x', inputResponses }, /not one this gateway gave out/],
    ['number', { requestState: 7, inputResponses }, /not one this gateway gave out/],
    [
      'other arguments',
      { requestState, inputResponses, arguments: { x: 1 } },
      /another request: repeat method and params unchanged/,
    ],
    ['no answer', { requestState, inputResponses: { [key]: { action: 'maybe' } } }, /is no answer/],
  ] as const) {
    const error = errorOf(await call('form', attempt));
    assert.equal(error?.code, -32602, title);
    assert.match(error.message, message, title);
  }
  assert.equal(
    textOf(await call('form', { requestState, inputResponses })),
    'accept {"name":"Ada"}',
  );
  const used = errorOf(await call('form', { requestState, inputResponses }));
  assert.equal(used.code, -32602);
  assert.match(
    used.message,
    /expired or was used already, or the gateway restarted: start the call again/,
  );
  const twice = resultOf(await call('twice'));
  const [first = ''] = Object.keys(twice.inputRequests);
  const round = { requestState: twice.requestState, inputResponses: { [first]: accepted } };
  const next = resultOf(await call('twice', round));
  assert.match(errorOf(await call('twice', round)).message, /was used already/);
  const [second = ''] = Object.keys(next.inputRequests);
  const end = { requestState: next.requestState, inputResponses: { [second]: accepted } };
  assert.match(textOf(await call('twice', end)), /then accept/);
});

test('kinds a client did not declare are never sent; a call that fails for it names them', async () => {
  const none = { capabilities: { elicitation: {} } };
  const error = errorOf(await call('sample', none));
  assert.equal(error.code, -32021);
  assert.deepEqual(error.data.requiredCapabilities, { sampling: {} });
  assert.match(error.message, /Server "asks" needs to ask its client, which did not declare/);
  assert.match(textOf(await call('lenient', none)), /did not declare the capability sampling/);
  assert.deepEqual(errorOf(await call('open', none)).data.requiredCapabilities, {
    elicitation: { url: {} },
  });
  assert.equal(textOf(await call('roots', { capabilities: {} })), 'file:///configured');
});

test('an address to open first comes as a question, and the call is made again', async () => {
  const asked = resultOf(await call('sign_in'));
  assert.equal(asked.resultType, 'input_required');
  const { 'url-1': request } = asked.inputRequests;
  assert.deepEqual(request.params, {
    ...{ mode: 'url', message: 'Sign in first', url: 'https://example.com/sign-in' },
  });
  const { requestState } = asked;
  const declined = resultOf(
    await call('sign_in', { requestState, inputResponses: { 'url-1': { action: 'decline' } } }),
  );
  assert.equal(declined.isError, true);
  const inputResponses = { 'url-1': { action: 'accept' } };
  assert.equal(textOf(await call('sign_in', { requestState, inputResponses })), 'signed in');
});

test('the newest progress waits for the client to come back', async () => {
  const meta = { progressToken: 'first' };
  const seen: Message[] = [];
  const onMessage = (message: Message) => void seen.push(message);
  const asked = resultOf(await call('progress', { meta, onMessage }));
  assert.deepEqual(
    seen.filter(({ method }) => method).map(({ params }) => params),
    [{ progressToken: 'first', progress: 1 }],
  );
  const [key = ''] = Object.keys(asked.inputRequests);
  const told = harness.processes.get('asks')?.received ?? [];
  await until('progress came meanwhile', () =>
    told.some((line) => JSON.parse(line).params?.progress === 3),
  );
  seen.length = 0;
  const { requestState } = asked;
  const inputResponses = { [key]: accepted };
  const done = await call('progress', {
    ...{ requestState, inputResponses, onMessage },
    meta: { progressToken: 'second' },
  });
  assert.equal(textOf(done), 'accept {"name":"Ada"}');
  assert.deepEqual(seen[0].params, { progressToken: 'second', progress: 3 });
});

test('a client that leaves before it was asked cancels; once it was asked it may come back', async () => {
  let abort = () => {};
  const leaving = call('wait', { arguments: { ms: 60_000 }, onSent: (give) => (abort = give) });
  await until('it is in flight', () => inFlight() === 1);
  abort();
  await assert.rejects(leaving);
  await until('it is cancelled', () => inFlight() === 0);
});

test('a server that dies while its client is away is told when the client comes back', async () => {
  const target = harness.url.replace('/mcp', '/servers/other/mcp');
  const meta = { 'io.modelcontextprotocol/clientCapabilities': everything };
  const params = { name: 'die', arguments: {} };
  const asked = resultOf(await askModern(target, 'tools/call', params, { meta }));
  await until('the server died', () =>
    events('call.finished').some(({ name, outcome }) => name === 'die' && outcome === 'lost'),
  );
  const [key = ''] = Object.keys(asked.inputRequests);
  const { requestState } = asked;
  const back = { ...params, requestState, inputResponses: { [key]: accepted } };
  const error = errorOf(await askModern(target, 'tools/call', back, { meta }));
  assert.match(error.message, /died during the call \(exit code 3\); the call may have executed/);
});

test('the journal has every question and its end, and nothing of what was said', async () => {
  const asked = events('ask.asked');
  assert.ok(asked.length > 10);
  assert.equal(events('ask.finished').filter(({ tookMs }) => tookMs < 0).length, 0);
  for (const outcome of ['answered', 'declined', 'refused', 'withdrawn']) {
    assert.ok(
      events('ask.finished').some((one) => one.outcome === outcome),
      outcome,
    );
  }
  const text = JSON.stringify(harness.events.filter(({ kind }) => kind.startsWith('ask.')));
  assert.doesNotMatch(text, /Ada|Paris|Who are you/);
  const waited = events('call.finished').find(
    ({ name, askedMs }) => name === 'form' && askedMs >= 0,
  );
  assert.ok(waited.askedMs <= waited.tookMs);
});
