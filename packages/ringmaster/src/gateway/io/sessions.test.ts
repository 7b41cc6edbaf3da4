import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeHarnesses, type Harness, startHarness, testServer } from './testing/harness.ts';
import {
  type Message,
  openSession,
  type SessionClient,
  send,
  until,
} from './testing/raw-client.ts';

let harness: Harness;
let client: SessionClient;

before(async () => {
  harness = await startHarness({
    servers: {
      echo: testServer('echo'),
      things: testServer('resources', '--name', 'things'),
      changing: testServer('changing'),
    },
    fleet: { listen: { maxBodyBytes: 100_000 } },
  });
  client = await openSession(harness.url);
});
after(closeHarnesses);

const hello = (protocolVersion: string) => ({
  ...{ jsonrpc: '2.0', id: 1, method: 'initialize' },
  params: { protocolVersion, capabilities: {}, clientInfo: { name: 'c', version: '1' } },
});

for (const [asked, given] of [
  ['2024-11-05', '2024-11-05'],
  ['2025-03-26', '2025-03-26'],
  ['2025-06-18', '2025-06-18'],
  ['2025-11-25', '2025-11-25'],
  ['2030-01-01', '2025-11-25'],
]) {
  test(`a client that asks for ${asked} gets ${given}`, async () => {
    const { messages } = await send(harness.url, { body: hello(asked ?? '') });
    assert.equal(messages[0].result.protocolVersion, given);
  });
}

test('a session id is long and random, and the capabilities are all we relay', () => {
  assert.match(client.headers['mcp-session-id'] ?? '', /^[\w-]{32}$/);
  const { capabilities } = client.hello.result;
  assert.equal(capabilities.tools.listChanged, true);
  assert.ok(capabilities.completions !== undefined && capabilities.logging !== undefined);
});

for (const [title, headers, status] of [
  ['no session id', {}, 400],
  ['an unknown session id', { 'mcp-session-id': 'x'.repeat(32) }, 404],
  ['the id constructor', { 'mcp-session-id': 'constructor' }, 404],
  ['the id __proto__', { 'mcp-session-id': '__proto__' }, 404],
] as const) {
  test(`a request with ${title} is answered ${status}`, async () => {
    const body = { jsonrpc: '2.0', id: 1, method: 'ping' };
    assert.equal((await send(harness.url, { body, headers })).status, status);
    const stream = await send(harness.url, { method: 'GET', headers });
    assert.equal(stream.status, status);
  });
}

test('a version header that no session can have is refused', async () => {
  const headers = { ...client.headers, 'mcp-protocol-version': '1999-01-01' };
  const answer = await send(harness.url, { method: 'GET', headers });
  assert.equal(answer.status, 400);
});

test('a session belongs to the endpoint that opened it', async () => {
  const body = { jsonrpc: '2.0', id: 1, method: 'ping' };
  const url = harness.url.replace('/mcp', '/servers/echo/mcp');
  assert.equal((await send(url, { body, headers: client.headers })).status, 404);
});

test('ping, logging and completion are answered; unknown methods are not', async () => {
  assert.deepEqual((await client.ask('ping')).result, {});
  assert.deepEqual((await client.ask('logging/setLevel', { level: 'info' })).result, {});
  assert.equal((await client.ask('tasks/list')).error.code, -32601);
  assert.equal((await client.ask('server/discover')).error.code, -32601);
});

test('notifications and replies are taken with 202 and no body', async () => {
  for (const body of [
    { jsonrpc: '2.0', method: 'notifications/initialized' },
    { jsonrpc: '2.0', method: 'notifications/unheard_of' },
    { jsonrpc: '2.0', id: 5, result: {} },
  ]) {
    const answer = await send(harness.url, { body, headers: client.headers });
    assert.deepEqual([answer.status, answer.text], [202, '']);
  }
});

for (const [title, body, status, code] of [
  ['no JSON', '{"jsonrpc":', 400, -32700],
  ['no JSON-RPC', '{"id":1,"method":"ping"}', 400, -32600],
  ['a number', '7', 400, -32600],
  ['an id of null', '{"jsonrpc":"2.0","id":null,"method":"ping"}', 400, -32600],
  ['too much', JSON.stringify({ x: 'x'.repeat(200_000) }), 413, -32600],
] as const) {
  test(`a body that is ${title} is answered ${status} and ${code}`, async () => {
    const answer = await send(harness.url, { body, headers: client.headers });
    assert.deepEqual([answer.status, answer.messages[0].error.code], [status, code]);
    assert.deepEqual((await client.ask('ping')).result, {});
  });
}

test('arguments nested deeper than a server may read cost that call and nothing else', async () => {
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  for (const name of ['echo', 'nothing']) {
    const params = `{"name":"${name}","arguments":{"text":${deep}}}`;
    const body = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`;
    const { messages } = await send(harness.url, { body, headers: client.headers });
    assert.equal(messages[0].error.code, -32602);
    assert.match(messages[0].error.message, /20003 deep; at most 1000/);
  }
  assert.equal(await client.call('echo', { text: 'alive' }), 'alive');
});

test('a body of another content type is refused', async () => {
  const headers = { ...client.headers, 'content-type': 'text/plain' };
  assert.equal((await send(harness.url, { body: '{}', headers })).status, 415);
});

test('a batch is answered as a batch, once for every request in it', async () => {
  const old = await openSession(harness.url, '2025-03-26');
  const call = { method: 'tools/call', params: { name: 'echo', arguments: { text: 'é' } } };
  const { status, messages } = await send(harness.url, {
    headers: old.headers,
    body: [
      { jsonrpc: '2.0', id: 'a', method: 'ping' },
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      { jsonrpc: '2.0', id: 2, ...call },
      { jsonrpc: '2.0', id: 'z', method: 'nothing' },
    ],
  });
  assert.equal(status, 200);
  assert.deepEqual(messages.map(({ id }) => id).toSorted(), [2, 'a', 'z']);
  assert.equal(messages.find(({ id }) => id === 2).result.content[0].text, 'é');
  const headers = { ...client.headers, 'mcp-protocol-version': '2025-06-18' };
  const refused = await send(harness.url, { headers, body: [{ jsonrpc: '2.0', id: 1 }] });
  assert.equal(refused.status, 400);
});

test('arguments may be left out', async () => {
  assert.equal(await client.call('echo'), '');
});

test('lists, reads, prompts and completion go to their owner', async () => {
  const names = (await client.ask('tools/list')).result.tools.map(({ name }: Message) => name);
  assert.equal(new Set(names).size, names.length);
  const { resources } = (await client.ask('resources/list')).result;
  const read = await client.ask('resources/read', { uri: resources[0].uri });
  assert.equal(read.result.contents[0].uri, resources[0].uri);
  const templates = await client.ask('resources/templates/list');
  assert.equal(templates.result.resourceTemplates[0].uriTemplate, 'test://users/{id}');
  assert.ok((await client.ask('resources/read', { uri: 'test://users/7' })).result.contents);
  const { prompts } = (await client.ask('prompts/list')).result;
  const prompt = { name: prompts[0].name, arguments: { who: 'you' } };
  assert.ok((await client.ask('prompts/get', prompt)).result.messages);
  const ref = { type: 'ref/prompt', name: prompts[0].name };
  const argument = { name: 'who', value: '' };
  assert.ok((await client.ask('completion/complete', { ref, argument })).result.completion);
});

test('what nobody has is refused in the words of the era', async () => {
  assert.equal(await client.call('nothing'), '-32602 Unknown tool: nothing');
  const missing = await client.ask('resources/read', { uri: 'none://x' });
  assert.deepEqual([missing.error.code, missing.error.data.uri], [-32002, 'none://x']);
  assert.equal((await client.ask('prompts/get', { name: 'nothing' })).error.code, -32602);
});

test('progress comes before the reply, on its stream, under the token of the client', async () => {
  const heard: Message[] = [];
  const params = { name: 'progress', arguments: { steps: 3 }, _meta: { progressToken: 'mine' } };
  const reply = await client.ask('tools/call', params, {
    onMessage: (message) => heard.push(message),
  });
  assert.ok(reply.result.content);
  const progress = heard.filter(({ method }) => method === 'notifications/progress');
  assert.deepEqual(
    progress.map(({ params: { progressToken } }) => progressToken),
    ['mine', 'mine', 'mine'],
  );
});

test('a cancelled call ends without a reply and reaches the server', async () => {
  const params = { name: 'slow', arguments: { ms: 60_000 } };
  const body = { jsonrpc: '2.0', id: 'long', method: 'tools/call', params };
  const ending = send(harness.url, { body, headers: client.headers });
  await until('the call is in flight', () => harness.gateway.conversations.inFlight('echo', 0) > 0);
  const cancelled = {
    ...{ jsonrpc: '2.0', method: 'notifications/cancelled' },
    params: { requestId: 'long', reason: 'enough' },
  };
  await send(harness.url, { body: cancelled, headers: client.headers });
  assert.deepEqual((await ending).messages, []);
  assert.equal(harness.gateway.conversations.inFlight('echo', 0), 0);
  const finished = harness.events.findLast(({ kind }) => kind === 'call.finished');
  assert.ok(finished?.kind === 'call.finished');
  assert.deepEqual([finished.outcome, finished.why], ['cancelled', 'enough']);
});

test('a client that disconnects has not cancelled: the call goes on', async () => {
  const params = { name: 'slow', arguments: { ms: 2_000, text: 'done' } };
  const body = { jsonrpc: '2.0', id: 'gone', method: 'tools/call', params };
  let abort = (): void => {};
  const ending = send(harness.url, {
    body,
    headers: client.headers,
    onSent(by) {
      abort = by;
    },
  });
  await until('the call is in flight', () => harness.gateway.conversations.inFlight('echo', 0) > 0);
  abort();
  await assert.rejects(ending);
  const before = harness.events.length;
  await until('the call has ended', () =>
    harness.events.slice(before).some((event) => event.kind === 'call.finished'),
  );
  const finished = harness.events.at(-1);
  assert.equal(finished?.kind === 'call.finished' && finished.outcome, 'ok');
});

test('changes of the lists are told on the stream, and only real ones', async () => {
  const heard: string[] = [];
  let abort = (): void => {};
  const stream = send(harness.url, {
    method: 'GET',
    headers: client.headers,
    onMessage: ({ method }) => heard.push(method),
    onSent(by) {
      abort = by;
    },
  });
  const count = async (): Promise<number> => (await client.ask('tools/list')).result.tools.length;
  const before = await count();
  // What changed while it had no stream was kept for it.
  heard.length = 0;
  await client.call('pretend');
  await client.call('grow');
  await until('the change is told', () => heard.includes('notifications/tools/list_changed'));
  assert.equal(await count(), before + 1);
  assert.equal(heard.length, 1);
  abort();
  await assert.rejects(stream);
});

test('a session that is ended is unknown afterwards, its stream closed', async () => {
  const leaver = await openSession(harness.url);
  const stream = send(harness.url, { method: 'GET', headers: leaver.headers });
  const count = harness.gateway.sessionCount();
  const { status } = await send(harness.url, { method: 'DELETE', headers: leaver.headers });
  assert.equal(status, 204);
  assert.equal((await stream).status, 200);
  assert.equal(harness.gateway.sessionCount(), count - 1);
  const again = await send(harness.url, { method: 'DELETE', headers: leaver.headers });
  assert.equal(again.status, 404);
});

test('the longest unused session makes room for a new one', async () => {
  const small = await startHarness({
    servers: { echo: testServer('echo') },
    fleet: { sessions: { max: 2 } },
  });
  const [first, second] = [await openSession(small.url), await openSession(small.url)];
  const openedAtMs = Date.now();
  await until('the clock moves on', () => Date.now() > openedAtMs);
  assert.deepEqual((await first.ask('ping')).result, {});
  await openSession(small.url);
  assert.equal(small.gateway.sessionCount(), 2);
  assert.deepEqual((await first.ask('ping')).result, {});
  assert.equal((await second.ask('ping')).error.code, -32600);
  await small.close();
});

test('/servers/NAME/mcp shows one server as it is', async () => {
  const url = harness.url.replace('/mcp', '/servers/things/mcp');
  const one = await openSession(url);
  assert.equal(one.hello.result.serverInfo.name, 'things');
  const { tools } = (await one.ask('tools/list')).result;
  assert.ok(tools.some(({ name }: Message) => name === 'echo'));
  assert.equal(await one.call('echo', { text: 'here' }), 'here');
  const nobody = harness.url.replace('/mcp', '/servers/nobody/mcp');
  const refused = await send(nobody, { body: hello('2025-06-18') });
  assert.equal(refused.status, 404);
  assert.deepEqual([refused.messages[0].id, refused.messages[0].error.code], [1, -32602]);
});
