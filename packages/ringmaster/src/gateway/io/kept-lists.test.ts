import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { closeHarnesses, type Harness, startHarness, testServer } from './testing/harness.ts';
import { askModern, type Message, openSession, send, until } from './testing/raw-client.ts';

afterEach(closeHarnesses);

const changing = testServer('changing');
const views = { part: { servers: ['it'], tools: { deny: ['it.pretend'] } } };
const allow = ['grow', 'shrink', 'pretend', 'extra_*'];
const settled = (tools: object, name = 'it') => ({
  [name]: { ...changing, settings: { show: { tools: { allow, ...tools } } } },
});

/** What is listed, in words short enough to compare. */
function wordsOf({ result }: Message): string {
  return result.tools
    .map(({ name, description = '' }: { name: string; description?: string }) =>
      description === name ? name : `${name}: ${description}`,
    )
    .join(', ');
}

/** Asks every way a list can be asked for, each time with another id; all must say the same. */
async function listed(harness: Harness, path: string): Promise<string> {
  const url = harness.url.replace('/mcp', path);
  const session = await openSession(url);
  const old = await openSession(url, '2025-03-26');
  const message = { jsonrpc: '2.0', method: 'tools/list' };
  const body = [
    { ...message, id: 'one' },
    { ...message, id: '二' },
  ];
  const batch = await send(url, { body, headers: old.headers });
  assert.deepEqual(batch.messages.map(({ id }) => id).sort(), ['one', '二']);
  const modern = await askModern(url, 'tools/list', {}, { id: '"{' });
  assert.equal(modern.messages[0].id, '"{');
  assert.equal(Number(modern.headers['content-length']), Buffer.byteLength(modern.text));
  const replies = [await session.ask('tools/list'), ...batch.messages, ...modern.messages];
  const [words, ...others] = new Set(replies.map(wordsOf));
  assert.deepEqual(others, []);
  return words ?? '';
}

async function allListed(harness: Harness): Promise<string[]> {
  const words: string[] = [];
  for (const path of ['/mcp', '/servers/it/mcp', '/views/part/mcp']) {
    words.push(await listed(harness, path));
  }
  return words;
}

/** `all` at the endpoint of all and of the one server; the view leaves one tool out. */
function shows(all: string): string[] {
  return [all, all, all.replace(', pretend', '')];
}

test('a list that was sent before is never sent again once anything in it has changed', async () => {
  const harness = await startHarness({
    servers: { it: changing },
    fleet: { views, catalogueWaitMs: 300 },
  });
  const plain = 'grow, shrink, pretend';
  harness.gateway.setFleet(harness.fleetOf(settled({})));
  assert.deepEqual(await allListed(harness), shows(plain));
  for (const [tools, words] of [
    [
      { rename: { grow: 'first' } },
      [
        plain.replace('grow', 'first: grow'),
        plain,
        plain.replace('grow', 'first: grow').replace(', pretend', ''),
      ],
    ],
    [{ describe: { grow: '数える' } }, shows(plain.replace('grow', 'grow: 数える'))],
    [{ deny: ['grow'] }, shows(plain.replace('grow, ', ''))],
    [{}, shows(plain)],
  ] as const) {
    harness.gateway.setFleet(harness.fleetOf(settled(tools)));
    assert.deepEqual(await allListed(harness), words, JSON.stringify(tools));
  }
  await harness.gateway.callTool({ server: 'it', tool: 'grow', arguments: {} });
  await until('the new tool is listed', () =>
    harness.gateway.tools().some(({ name }) => name === 'extra_1'),
  );
  assert.deepEqual(await allListed(harness), shows(`${plain}, extra_1`));
  harness.processes.get('it')?.kill('SIGKILL');
  await harness.processes.get('it')?.ended;
  assert.deepEqual(await allListed(harness), shows(`${plain}, extra_1`), 'expected back');
  await harness.start('it');
  assert.deepEqual(await allListed(harness), shows(plain), 'a new life');
  harness.gateway.setFleet(harness.fleetOf(settled({}, 'other')));
  harness.gateway.conversations.expect('it', 'gone', 'it left the fleet');
  assert.equal(await listed(harness, '/mcp'), '', 'gone');
});

test('resources and prompts that were listed before are listed anew once their server has another name for them', async () => {
  const pair = {
    a: testServer('resources', '--name', 'a'),
    b: testServer('resources', '--name', 'b'),
  };
  const harness = await startHarness({ servers: pair });
  const client = await openSession(harness.url);
  const lists = async () => {
    const { resources } = (await client.ask('resources/list')).result;
    const { prompts } = (await askModern(harness.url, 'prompts/list')).messages[0].result;
    const { resourceTemplates } = (await client.ask('resources/templates/list')).result;
    return JSON.stringify([resources, prompts, resourceTemplates]);
  };
  const both = await lists();
  assert.equal(await lists(), both);
  harness.gateway.setFleet(harness.fleetOf({ a: pair.a }));
  harness.gateway.conversations.expect('b', 'gone', 'it left the fleet');
  const one = await lists();
  assert.notEqual(one, both);
  assert.ok(!one.includes('b+test:') && !one.includes('b__'), one);
  harness.gateway.setFleet(harness.fleetOf(pair));
  await harness.start('b');
  assert.equal(await lists(), both);
});
