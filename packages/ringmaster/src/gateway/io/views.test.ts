import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { closeHarnesses, type Harness, startHarness, testServer } from './testing/harness.ts';
import { askModern, type Message, openSession, send, until } from './testing/raw-client.ts';

afterEach(closeHarnesses);

const resources = { ...testServer('resources', '--name', 'files') };
const named = (name: string, tools: string) =>
  testServer('collide', '--name', name, '--tools', tools);
const namesIn = (reply: Message): string[] =>
  reply.result.tools.map(({ name }: { name: string }) => name);
const at = ({ url }: Harness, path: string): string => url.replace('/mcp', path);

const refusals: readonly { readonly method: string; readonly params: object }[] = [
  { method: 'tools/call', params: { name: 'add', arguments: { a: 1, b: 2 } } },
  { method: 'tools/call', params: { name: 'files__add', arguments: { a: 1, b: 2 } } },
  { method: 'prompts/get', params: { name: 'greet', arguments: { who: 'you' } } },
  { method: 'resources/read', params: { uri: 'test://logo' } },
  { method: 'resources/read', params: { uri: 'test://users/root' } },
  { method: 'resources/read', params: { uri: 'test://users/%72oot' } },
  {
    method: 'completion/complete',
    params: { ref: { type: 'ref/prompt', name: 'greet' }, argument: { name: 'who', value: 'a' } },
  },
];
const rules = {
  tools: { deny: ['add'] },
  prompts: { deny: ['*'] },
  resources: { deny: ['test://logo', 'test://users/root*'] },
};
const viewRules = {
  tools: { deny: ['files.add'] },
  prompts: { deny: ['files.*'] },
  resources: { deny: ['files.test://logo', 'files.test://users/root*'] },
};

for (const path of ['/mcp', '/servers/files/mcp', '/views/part/mcp']) {
  test(`what rules hide is neither listed nor answered at ${path}, also while the server is away`, async () => {
    const isView = path.startsWith('/views');
    const harness = await startHarness({
      servers: { files: { ...resources, settings: isView ? {} : { show: rules } } },
      fleet: isView ? { views: { part: viewRules } } : {},
    });
    const client = await openSession(at(harness, path));
    assert.ok(!namesIn(await client.ask('tools/list')).includes('add'));
    assert.deepEqual((await client.ask('prompts/list')).result.prompts, []);
    const listed = (await client.ask('resources/list')).result.resources;
    assert.deepEqual(
      listed.map(({ uri }: { uri: string }) => uri),
      ['test://readme'],
    );
    const read = await client.ask('resources/read', { uri: 'test://users/7' });
    assert.equal(read.result.contents[0].text, 'files: user 7');
    assert.equal(await client.call('echo', { text: 'there' }), 'there');
    const refusesAll = async (): Promise<void> => {
      for (const { method, params } of refusals) {
        // At its own endpoint a server is asked for any name that no rule hides.
        if (path === '/servers/files/mcp' && JSON.stringify(params).includes('files__')) continue;
        const legacy = await client.ask(method, params);
        assert.ok([-32602, -32002].includes(legacy.error?.code), JSON.stringify([params, legacy]));
        const modern = await askModern(at(harness, path), method, { ...params });
        assert.equal(modern.messages[0]?.error?.code, -32602, JSON.stringify([method, params]));
      }
    };
    await refusesAll();
    harness.processes.get('files')?.kill('SIGKILL');
    await harness.processes.get('files')?.ended;
    await refusesAll();
    await harness.close();
  });
}

test('a view shows its servers only, has instructions of its own, and is told of their changes only', async () => {
  const servers = { a: named('a', 'alpha,same'), b: named('b', 'beta,same') };
  const views = { one: { servers: ['b'], instructions: 'Only beta' } };
  const harness = await startHarness({ servers, fleet: { views } });
  const client = await openSession(at(harness, '/views/one/mcp'));
  assert.equal(client.hello.result.instructions, 'Only beta');
  assert.deepEqual(namesIn(await client.ask('tools/list')), ['beta', 'b__same']);
  assert.equal(await client.call('b__same'), 'b:same');
  assert.equal(await client.call('same'), 'b:same');
  assert.equal(await client.call('alpha'), '-32602 Unknown tool: alpha');
  assert.equal(
    await client.call('a__same'),
    '-32602 Unknown tool: a__same; did you mean "b__same"?',
  );
  const changes: Message[] = [];
  let leave = (): void => {};
  const listening = send(at(harness, '/views/one/mcp'), {
    method: 'GET',
    headers: client.headers,
    onMessage: (message) => changes.push(message),
    onSent: (abort) => {
      leave = abort;
    },
  }).catch(() => undefined);
  harness.gateway.setFleet(
    harness.fleetOf(servers, { views: { one: { ...views.one, tools: { deny: ['b.beta'] } } } }),
  );
  await until('the change is told', () =>
    changes.some(({ method }) => method === 'notifications/tools/list_changed'),
  );
  assert.deepEqual(namesIn(await client.ask('tools/list')), ['b__same']);
  assert.equal(await client.call('beta'), '-32602 Unknown tool: beta');
  harness.gateway.setFleet(harness.fleetOf(servers, {}));
  const gone = await send(at(harness, '/views/one/mcp'), {
    headers: client.headers,
    body: { jsonrpc: '2.0', id: 1, method: 'tools/list' },
  });
  assert.equal(gone.status, 404);
  assert.match(gone.text, /There is no view \\"one\\" in the fleet/);
  leave();
  await listening;
  await harness.close();
});

test('a session of one view is not one of another', async () => {
  const views = { one: {}, two: {} };
  const harness = await startHarness({ servers: { a: named('a', 'alpha') }, fleet: { views } });
  const client = await openSession(at(harness, '/views/one/mcp'));
  const body = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
  for (const path of ['/views/two/mcp', '/mcp', '/servers/a/mcp']) {
    const answer = await send(at(harness, path), { headers: client.headers, body });
    assert.equal(answer.status, 404, path);
  }
  await harness.close();
});

test('a newcomer that asks for no prefixes is hidden where it collides, and the collision is told', async () => {
  const newcomer = { ...named('b', 'same,beta'), settings: { show: { prefix: 'never' } } };
  const harness = await startHarness({ servers: { a: named('a', 'same'), b: newcomer } });
  const client = await openSession(harness.url);
  assert.deepEqual(namesIn(await client.ask('tools/list')), ['same', 'beta']);
  assert.equal(await client.call('same'), 'a:same');
  assert.match(await client.call('b__same'), /^-32602 Unknown tool/);
  const collided = harness.events.filter(({ kind }) => kind === 'name.collided');
  assert.deepEqual(
    collided.map(({ subject }) => subject),
    ['b'],
  );
  await harness.close();
});

for (const era of ['legacy', 'modern'] as const) {
  test(`a ${era} client finds tools by search and calls them as if directly, progress and errors too`, async () => {
    const servers = { files: resources, other: named('other', 'weather_report,find_tool') };
    const harness = await startHarness({ servers, fleet: { views: { all: { search: true } } } });
    const url = at(harness, '/views/all/mcp');
    const session = await openSession(url);
    const notes: Message[] = [];
    const ask = async (method: string, params: Record<string, unknown>): Promise<Message> =>
      era === 'legacy'
        ? session.ask(method, params, { onMessage: (message) => notes.push(message) })
        : (
            await askModern(url, method, params, {
              onMessage: (message) => notes.push(message),
              meta: (params['_meta'] as Record<string, unknown> | undefined) ?? {},
            })
          ).messages.at(-1);
    const call = (name: string, args: object, _meta?: object) =>
      ask('tools/call', {
        name: 'call_tool',
        arguments: { name, arguments: args },
        ...(_meta === undefined ? {} : { _meta }),
      });
    assert.deepEqual(namesIn(await ask('tools/list', {})), ['find_tool', 'call_tool']);
    const found = await ask('tools/call', {
      name: 'find_tool',
      arguments: { query: 'what is the weather' },
    });
    assert.equal(found.result.structuredContent.tools[0].name, 'weather_report');
    assert.equal((await call('weather_report', {})).result.content[0].text, 'other:weather_report');
    assert.equal((await call('find_tool', {})).result.content[0].text, 'other:find_tool');
    const direct = await ask('tools/call', { name: 'echo', arguments: { text: 'direct' } });
    assert.equal(direct.result.content[0].text, 'direct');
    const unknown = await call('whether_report', {});
    assert.match(unknown.error.message, /did you mean "weather_report"/);
    const wrong = await call('echo', {});
    const wrongDirectly = await ask('tools/call', { name: 'echo', arguments: {} });
    assert.deepEqual(wrong.error ?? wrong.result, wrongDirectly.error ?? wrongDirectly.result);
    notes.length = 0;
    await call('progress', { steps: 3 }, { progressToken: 'mine' });
    const tokens = notes.flatMap(({ method, params }) =>
      method === 'notifications/progress' ? [params.progressToken] : [],
    );
    assert.deepEqual(tokens, ['mine', 'mine', 'mine']);
    await harness.close();
  });
}

test('a server that comes is found by search, and clients are told that there is more to find', async () => {
  const servers = { a: named('a', 'alpha'), b: named('b', 'weather') };
  const harness = await startHarness({ servers, startServers: 'later', fleet: { search: true } });
  await harness.start('a');
  harness.gateway.conversations.expect('b', 'gone', 'not yet');
  const client = await openSession(harness.url);
  const find = async (): Promise<unknown> =>
    (await client.ask('tools/call', { name: 'find_tool', arguments: { query: 'weather' } })).result
      .structuredContent.tools.length;
  assert.equal(await find(), 0);
  await harness.start('b');
  await until('it is listed', () => harness.gateway.tools().length === 2);
  assert.equal(await find(), 1);
  const { tools } = (await client.ask('tools/list')).result;
  assert.match(tools[0].description, /among 2 tools of these servers: a \(1\), b \(1\)/);
  await harness.close();
});

test('numbers beyond 2^53 reach a tool that is called by search as they are', async () => {
  const harness = await startHarness({
    servers: { exact: testServer('exact') },
    fleet: { search: true },
  });
  const client = await openSession(harness.url);
  const listed = harness.gateway.tools().map(({ name }) => name);
  const name = listed[0] ?? '';
  const call = (params: string) =>
    send(harness.url, {
      headers: client.headers,
      body: `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`,
    });
  const direct = await call(`{"name":"${name}","arguments":{"value":12345678901234567890}}`);
  const found = await call(
    `{"name":"call_tool","arguments":{"name":"${name}","arguments":{"value":12345678901234567890}}}`,
  );
  assert.match(direct.text, /12345678901234567890/);
  assert.equal(found.text, direct.text);
  await harness.close();
});
