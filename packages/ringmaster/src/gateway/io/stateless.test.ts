import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeHarnesses, type Harness, startHarness, testServer } from './testing/harness.ts';
import { askModern, type Message, openSession, send, until } from './testing/raw-client.ts';

let harness: Harness;

before(async () => {
  harness = await startHarness({
    servers: {
      echo: testServer('echo'),
      things: testServer('resources', '--name', 'things'),
      modern: testServer('resources', '--modern', '--name', 'modern', '--scheme', 'new'),
    },
  });
});
after(closeHarnesses);

const info = { name: 'ringmaster', title: 'Ringmaster', version: '0.0.0' };
const infoKey = 'io.modelcontextprotocol/serverInfo';

test('discover says what is served, and which revision', async () => {
  const { status, messages } = await askModern(harness.url, 'server/discover', {}, { id: 'd' });
  assert.equal(status, 200);
  const { result, id } = messages[0];
  assert.equal(id, 'd');
  assert.deepEqual(result.supportedVersions, ['2026-07-28']);
  assert.equal(result.resultType, 'complete');
  assert.ok(Number.isInteger(result.ttlMs) && result.cacheScope === 'private');
  assert.deepEqual(result._meta[infoKey], info);
  // Who sends log messages must say so, also where each request has a level of its own.
  assert.deepEqual(result.capabilities.logging, {});
});

for (const [method, field] of [
  ['tools/list', 'tools'],
  ['resources/list', 'resources'],
  ['resources/templates/list', 'resourceTemplates'],
  ['prompts/list', 'prompts'],
] as const) {
  test(`${method} carries kind, cache hints and who answered`, async () => {
    const { result } = (await askModern(harness.url, method)).messages[0];
    assert.ok(result[field].length > 0);
    assert.equal(result.resultType, 'complete');
    assert.ok(result.ttlMs >= 0 && result.cacheScope === 'private');
    assert.deepEqual(result._meta[infoKey], info);
  });
}

for (const server of ['echo', 'things__echo', 'modern__echo']) {
  test(`a call of ${server} is answered in the words of the era`, async () => {
    const params = { name: server, arguments: { text: '日本' } };
    const { status, messages } = await askModern(harness.url, 'tools/call', params, {
      headers: { 'mcp-name': server },
    });
    assert.equal(status, 200);
    assert.equal(messages[0].result.resultType, 'complete');
    assert.equal(messages[0].result.content[0].text, '日本');
    assert.deepEqual(messages[0].result._meta[infoKey], info);
  });
}

test('a resource is read with hints from either era; a missing one is -32602 with 200', async () => {
  for (const uri of ['test://readme', 'new://readme']) {
    const { result } = (await askModern(harness.url, 'resources/read', { uri })).messages[0];
    assert.equal(result.contents[0].uri, uri);
    assert.ok(result.ttlMs >= 0 && ['private', 'public'].includes(result.cacheScope));
  }
  for (const uri of ['none://x', 'test://nothing', 'new://nothing']) {
    const { status, messages } = await askModern(harness.url, 'resources/read', { uri });
    assert.deepEqual([status, messages[0].error?.code], [200, -32602], uri);
  }
});

for (const [title, headers, meta, status, code] of [
  ['another version in the header', { 'mcp-protocol-version': '2025-11-25' }, {}, 400, -32020],
  ['another method in the header', { 'mcp-method': 'tools/list' }, {}, 400, -32020],
  ['another name in the header', { 'mcp-name': 'other' }, {}, 400, -32020],
  [
    'a version nobody serves',
    { 'mcp-protocol-version': '2030-01-01' },
    { 'io.modelcontextprotocol/protocolVersion': '2030-01-01' },
    400,
    -32022,
  ],
  ['no capabilities', {}, { 'io.modelcontextprotocol/clientCapabilities': undefined }, 400, -32602],
  ['a name in base64', { 'mcp-name': '=?base64?ZWNobw==?=' }, {}, 200, undefined],
] as const) {
  test(`a call with ${title} is answered ${status} ${code ?? ''}`, async () => {
    const params = { name: 'echo', arguments: {} };
    const answer = await askModern(harness.url, 'tools/call', params, { headers, meta });
    assert.deepEqual([answer.status, answer.messages[0].error?.code], [status, code]);
  });
}

for (const method of ['ping', 'initialize', 'logging/setLevel', 'resources/subscribe', 'nothing']) {
  test(`${method} does not exist in this era: 404 and -32601`, async () => {
    const { status, messages } = await askModern(harness.url, method);
    assert.deepEqual([status, messages[0].error.code], [404, -32601]);
  });
}

test('GET and DELETE are no methods of this era', async () => {
  for (const method of ['GET', 'DELETE']) {
    const headers = { 'mcp-protocol-version': '2026-07-28' };
    const answer = await send(harness.url, { method, headers });
    assert.deepEqual([answer.status, answer.headers.allow], [405, 'POST']);
  }
});

test('progress comes on the stream of its request', async () => {
  const heard: Message[] = [];
  const params = { name: 'progress', arguments: { steps: 2 } };
  const { messages } = await askModern(harness.url, 'tools/call', params, {
    meta: { progressToken: 't' },
    onMessage: (message) => heard.push(message),
  });
  const progress = heard.filter(({ method }) => method === 'notifications/progress');
  assert.deepEqual(
    progress.map(({ params: { progressToken } }) => progressToken),
    ['t', 't'],
  );
  assert.equal(messages.at(-1).result.resultType, 'complete');
});

for (const name of ['echo', 'modern']) {
  test(`closing the stream cancels the call at ${name}`, async () => {
    let abort = (): void => {};
    const tool = name === 'echo' ? 'slow' : `${name}__slow`;
    const params = { name: tool, arguments: { ms: 60_000 } };
    const inFlight = () => harness.gateway.conversations.inFlight(name, 0);
    const calling = askModern(harness.url, 'tools/call', params, {
      onSent(by) {
        abort = by;
      },
    });
    await until('it is in flight', () => inFlight() === 1);
    abort();
    await assert.rejects(calling);
    await until('it is cancelled', () => inFlight() === 0);
    const finished = harness.events.findLast(({ kind }) => kind === 'call.finished');
    assert.equal(finished?.kind === 'call.finished' && finished.outcome, 'cancelled');
  });
}

test('a listener hears what it asked for and nothing else, and a farewell at the end', async () => {
  const own = await startHarness({ servers: { it: testServer('changing') } });
  const client = await openSession(own.url);
  const listen = (notifications: Record<string, boolean>, id: number) => {
    const heard: Message[] = [];
    const done = askModern(
      own.url,
      'subscriptions/listen',
      { notifications },
      {
        id,
        onMessage: (message) => heard.push(message),
      },
    );
    return { heard, done };
  };
  const tools = listen({ toolsListChanged: true, promptsListChanged: false }, 1);
  const prompts = listen({ promptsListChanged: true }, 2);
  await until('both are acknowledged', () => tools.heard.length > 0 && prompts.heard.length > 0);
  assert.deepEqual(tools.heard[0].params.notifications, { toolsListChanged: true });
  await client.call('grow');
  await until('the change is told', () => tools.heard.length === 2);
  assert.equal(tools.heard[1].params._meta['io.modelcontextprotocol/subscriptionId'], 1);
  await own.close();
  const { messages } = await prompts.done;
  assert.deepEqual(
    messages.map(({ method }) => method),
    ['notifications/subscriptions/acknowledged', undefined],
  );
  assert.deepEqual([messages[1].id, messages[1].result.resultType], [2, 'complete']);
  await tools.done;
});

test('changes at a modern server are heard through its own subscription', async () => {
  const own = await startHarness({ servers: { it: testServer('changing', '--modern') } });
  assert.equal(own.gateway.upstream('it', 0)?.era, 'modern');
  const before = own.gateway.tools().length;
  await own.gateway.callTool({ server: 'it', tool: 'grow', arguments: {} });
  await until('the new tool is listed', () => own.gateway.tools().length === before + 1);
  await own.close();
});
