import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { closeHarnesses, type Harness, startHarness, testServer } from './testing/harness.ts';
import { askModern, type Message, openSession } from './testing/raw-client.ts';

afterEach(closeHarnesses);

/** More tools than two replies of ours hold, in other pages. */
const many = (...flags: string[]) =>
  testServer('many', '--count', '12500', '--page', '3000', ...flags);

type Ask = (params: Readonly<Record<string, unknown>>) => Promise<Message>;

async function askers(harness: Harness): Promise<[era: string, ask: Ask][]> {
  const client = await openSession(harness.url);
  return [
    ['legacy', (params) => client.ask('tools/list', params)],
    ['modern', async (params) => (await askModern(harness.url, 'tools/list', params)).messages[0]],
  ];
}

test('long lists come in pages, to the last item, whatever the pages of the server', async () => {
  const harness = await startHarness({ servers: { it: many() } });
  for (const [era, ask] of await askers(harness)) {
    const names: string[] = [];
    const sizes: number[] = [];
    let cursor: string | undefined;
    do {
      const { result } = await ask(cursor === undefined ? {} : { cursor });
      names.push(...result.tools.map(({ name }: { name: string }) => name));
      sizes.push(result.tools.length);
      cursor = result.nextCursor;
    } while (cursor !== undefined);
    assert.deepEqual(sizes, [5_000, 5_000, 2_500], era);
    assert.equal(new Set(names).size, 12_500, era);
  }
});

test('a server that declares nothing is asked for its lists all the same, and serves what it gives', async () => {
  const harness = await startHarness({ servers: { it: testServer('undeclared') } });
  const client = await openSession(harness.url);
  const { result } = await client.ask('tools/list');
  assert.deepEqual(
    result.tools.map(({ name }: { name: string }) => name),
    ['there'],
  );
  assert.equal(await client.call('there'), 'all the same');
  assert.deepEqual((await client.ask('prompts/list')).result.prompts, []);
  assert.equal(harness.gateway.upstream('it', 0)?.refuses, undefined);
});

test('a cursor of another list, an older list, an empty or an invented one is -32602', async () => {
  const harness = await startHarness({
    servers: { it: many(), other: many('--modern') },
  });
  const own = `http://127.0.0.1:${harness.port}/servers/it/mcp`;
  for (const [era, ask] of await askers(harness)) {
    const { nextCursor } = (await ask({})).result;
    const elsewhere = (await askModern(own, 'tools/list')).messages[0].result.nextCursor;
    const turned = `2${nextCursor.slice(1)}`;
    for (const cursor of ['', elsewhere, turned, '5000', `${nextCursor}x`, 7]) {
      assert.equal((await ask({ cursor })).error?.code, -32602, `${era} ${cursor}`);
    }
    assert.equal((await ask({ cursor: nextCursor })).result.tools.length, 5_000, era);
    await harness.gateway.callTool({ server: 'it', tool: 'grow', arguments: {} });
  }
  const [[, ask] = ['', async () => ({})]] = await askers(harness);
  const { nextCursor } = (await ask({})).result;
  const before = harness.gateway.tools().length;
  harness.gateway.setFleet(harness.fleetOf({ it: many() }));
  assert.ok(harness.gateway.tools().length < before);
  assert.equal((await ask({ cursor: nextCursor })).error.code, -32602);
});

for (const [title, servers, ttlMs, cacheScope] of [
  [
    'of one server, its own',
    { it: ['--modern', '--ttl', '60000', '--scope', 'public'] },
    5_000,
    'public',
  ],
  [
    'of several, the shortest time',
    {
      a: ['--modern', '--ttl', '2000', '--scope', 'public'],
      b: ['--modern', '--ttl', '900', '--scope', 'public'],
    },
    900,
    'public',
  ],
  [
    'private, if any is',
    { a: ['--modern', '--ttl', '2000', '--scope', 'public'], b: ['--modern', '--ttl', '3000'] },
    2_000,
    'private',
  ],
  ['of an old server that announces changes, ours', { it: [] }, 5_000, 'private'],
  ['of an old server that does not, none', { it: ['--quiet'] }, 0, 'private'],
] as const) {
  test(`how long a list may be kept: ${title}`, async () => {
    const harness = await startHarness({
      servers: Object.fromEntries(
        Object.entries(servers).map(([name, args]) => [
          name,
          testServer('many', '--count', '3', ...args),
        ]),
      ),
    });
    const { result } = (await askModern(harness.url, 'tools/list')).messages[0];
    assert.deepEqual([result.ttlMs, result.cacheScope], [ttlMs, cacheScope]);
  });
}

test('at the endpoint of one server its own hints stand as they are', async () => {
  const server = testServer(
    'many',
    '--count',
    '3',
    '--modern',
    '--ttl',
    '60000',
    '--scope',
    'public',
  );
  const harness = await startHarness({ servers: { it: server } });
  const url = `http://127.0.0.1:${harness.port}/servers/it/mcp`;
  const { result } = (await askModern(url, 'tools/list')).messages[0];
  assert.deepEqual([result.ttlMs, result.cacheScope], [60_000, 'public']);
});

test('an old client of the first revision reads the links of a newer server as text', async () => {
  const harness = await startHarness({ servers: { it: testServer('kinds', '--modern') } });
  const texts: string[] = [];
  for (const version of ['2024-11-05', '2025-06-18']) {
    const client = await openSession(harness.url, version);
    const { result } = await client.ask('tools/call', { name: 'kinds', arguments: {} });
    texts.push(result.content.map(({ type }: { type: string }) => type).join(' '));
    const { tools } = (await client.ask('tools/list')).result;
    const rows = tools.find(({ name }: { name: string }) => name === 'rows');
    assert.equal(rows.outputSchema.type, 'object');
    const called = await client.ask('tools/call', { name: 'rows', arguments: {} });
    assert.deepEqual(called.result.structuredContent, { result: [1, 2, 3] });
  }
  assert.deepEqual(texts, ['text text text', 'resource_link audio text']);
  const { result } = (await askModern(harness.url, 'tools/call', { name: 'rows' })).messages[0];
  assert.deepEqual(result.structuredContent, [1, 2, 3]);
});

test('a server that announces no changes is asked again once its list is old', async () => {
  const server = testServer('many', '--count', '3', '--quiet');
  const harness = await startHarness({ servers: { it: server } });
  await harness.gateway.callTool({ server: 'it', tool: 'grow', arguments: {} });
  const client = await openSession(harness.url);
  const sinceMs = performance.now();
  let count = 0;
  while (count !== 4 && performance.now() - sinceMs < 60_000) {
    count = (await client.ask('tools/list')).result.tools.length;
  }
  assert.equal(count, 4);
});

test('a reference to a server that completes nothing has no values, and no error', async () => {
  const harness = await startHarness({
    servers: { it: testServer('watched'), other: testServer('watched', '--modern') },
  });
  for (const uri of ['note://a', 'other+note://a']) {
    const params = { ref: { type: 'ref/resource', uri }, argument: { name: 'x', value: '' } };
    const completion = { values: [], total: 0, hasMore: false };
    const { result } = (await askModern(harness.url, 'completion/complete', params)).messages[0];
    assert.deepEqual(result.completion, completion);
    const client = await openSession(harness.url);
    assert.deepEqual((await client.ask('completion/complete', params)).result, { completion });
  }
});
