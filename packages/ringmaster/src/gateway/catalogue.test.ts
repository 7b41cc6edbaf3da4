import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fleetOf } from '../fleet/testing/fleet-of.ts';
import {
  buildCatalogue,
  noLists,
  type ServerLists,
  singleCatalogue,
  viewCatalogue,
} from './catalogue.ts';
import { serverRules, viewRules } from './rules.ts';

function lists(some: Partial<ServerLists>): ServerLists {
  return { ...noLists, ...some };
}

const nobody = () => undefined;
const echo = { name: 'echo', inputSchema: { type: 'object' }, 'x-unknown': [1, { deep: true }] };

test('definitions keep every field they came with, in the order of servers and of their lists', () => {
  const { catalogue } = buildCatalogue(
    [
      { server: 'a', lists: lists({ tools: [echo, { name: 'add' }] }) },
      { server: 'b', lists: lists({ tools: [{ name: 'sum' }] }) },
    ],
    nobody,
  );
  assert.deepEqual(
    catalogue.items.tools.map(({ shown }) => shown),
    [echo, { name: 'add' }, { name: 'sum' }],
  );
  assert.equal(catalogue.items.tools[0]?.shown, echo);
});

test('a tool is found by its exposed name and by SERVER__NAME, under its own name at its server', () => {
  const { catalogue, collisions } = buildCatalogue(
    [
      { server: 'a', lists: lists({ tools: [echo] }) },
      { server: 'b', lists: lists({ tools: [echo] }) },
    ],
    nobody,
  );
  for (const [asked, server] of [
    ['echo', 'a'],
    ['a__echo', 'a'],
    ['b__echo', 'b'],
  ] as const) {
    const found = catalogue.find('tools', asked);
    assert.deepEqual([found?.server, found?.name], [server, 'echo'], asked);
  }
  assert.equal(catalogue.find('tools', 'c__echo'), undefined);
  assert.equal(catalogue.find('prompts', 'echo'), undefined);
  assert.deepEqual(
    collisions.map(({ server, owner, exposedAs }) => [server, owner, exposedAs]),
    [['b', 'a', 'b__echo']],
  );
});

test('SERVER__NAME that could mean two tools means none', () => {
  const { catalogue } = buildCatalogue(
    [
      { server: 'a', lists: lists({ tools: [{ name: 'b__c' }] }) },
      { server: 'a__b', lists: lists({ tools: [{ name: 'c' }] }) },
    ],
    nobody,
  );
  assert.equal(catalogue.find('tools', 'a__b__c'), undefined);
});

test('a second owner of a URI is exposed as SERVER+URI, and read by its own', () => {
  const readme = { uri: 'test://readme', name: 'readme' };
  const { catalogue } = buildCatalogue(
    [
      { server: 'a', lists: lists({ resources: [readme] }) },
      { server: 'b', lists: lists({ resources: [readme] }) },
    ],
    nobody,
  );
  assert.deepEqual(catalogue.findUri('test://readme'), { server: 'a', uri: 'test://readme' });
  assert.deepEqual(catalogue.findUri('b+test://readme'), { server: 'b', uri: 'test://readme' });
  assert.equal(catalogue.renamedUris('b')?.get('test://readme'), 'b+test://readme');
  assert.equal(catalogue.renamedUris('a'), undefined);
});

test('a URI nobody lists goes to the template with the longest literal beginning', () => {
  const { catalogue } = buildCatalogue(
    [
      { server: 'a', lists: lists({ templates: [{ uriTemplate: 'db://{table}' }] }) },
      { server: 'b', lists: lists({ templates: [{ uriTemplate: 'db://users/{id}' }] }) },
    ],
    nobody,
  );
  assert.equal(catalogue.findUri('db://users/7')?.server, 'b');
  assert.equal(catalogue.findUri('db://orders')?.server, 'a');
  assert.equal(catalogue.findUri('file:///x'), undefined);
});

test('definitions without a name, and second ones of the same name, are left out', () => {
  const tools = [{ name: 7 }, {}, echo, { ...echo, description: 'again' }];
  const { catalogue } = buildCatalogue([{ server: 'a', lists: lists({ tools }) }], nobody);
  assert.deepEqual(
    catalogue.items.tools.map(({ shown }) => shown),
    [echo],
  );
});

test('alone, a server shows its names untouched, however long', () => {
  const long = { name: 'n'.repeat(100) };
  const alone = singleCatalogue('a', lists({ tools: [long] }));
  assert.equal(alone.items.tools[0]?.exposedAs, long.name);
  const { catalogue } = buildCatalogue([{ server: 'a', lists: lists({ tools: [long] }) }], nobody);
  assert.equal(catalogue.items.tools[0]?.exposedAs.length, 40);
  const fitted = catalogue.items.tools[0]?.exposedAs ?? '';
  assert.equal(catalogue.find('tools', fitted)?.name, long.name);
});

/** The catalogue of servers that each list these tools, under these settings of the file. */
function catalogueOf(
  tools: Readonly<Record<string, string>>,
  settings: Readonly<Record<string, object>> = {},
  more: object = {},
) {
  const entries = Object.keys(tools).map((name) => [
    name,
    { command: 'x', show: settings[name] ?? {} },
  ]);
  const fleet = fleetOf({ servers: Object.fromEntries(entries), ...more });
  const listed = fleet.servers.map((spec) => ({
    server: spec.name,
    rules: serverRules(spec, fleet.prefix),
    lists: lists({ tools: (tools[spec.name] ?? '').split(' ').map((name) => ({ name })) }),
  }));
  return { fleet, ...buildCatalogue(listed, nobody) };
}

test('a plain name stands for a prefixed tool while no other server has it', () => {
  const { catalogue } = catalogueOf({ a: 'read same', b: 'same' }, {}, { prefix: 'always' });
  assert.deepEqual(
    catalogue.items.tools.map(({ exposedAs }) => exposedAs),
    ['a__read', 'a__same', 'b__same'],
  );
  assert.equal(catalogue.find('tools', 'read')?.server, 'a');
  assert.equal(catalogue.find('tools', 'same'), undefined);
});

test('the whole of a name that was cut finds its tool', () => {
  const long = 'n'.repeat(50);
  const { catalogue } = catalogueOf({ a: long });
  assert.equal(catalogue.find('tools', long)?.name, long);
});

test('what a rule hides is not found by any name, and says which rule it is', () => {
  const { catalogue } = catalogueOf({ a: 'read write' }, { a: { tools: { deny: ['write'] } } });
  for (const name of ['write', 'a__write']) assert.equal(catalogue.find('tools', name), undefined);
  assert.deepEqual(
    catalogue.hidden.tools.map(({ name, hiddenBy }) => [name, hiddenBy]),
    [['write', 'servers.a.show.tools.deny "write"']],
  );
});

test('a hidden tool keeps others from its name', () => {
  const { catalogue } = catalogueOf({ a: 'same', b: 'same' }, { b: { prefix: 'never' } });
  assert.deepEqual(
    catalogue.hidden.tools.map(({ server, hiddenBy }) => [server, hiddenBy]),
    [['b', 'prefix: never, as "a" has the name']],
  );
  assert.equal(catalogue.find('tools', 'same')?.server, 'a');
});

test('a renamed tool is known by its new name only; its description is what the file says', () => {
  const tools = { rename: { read: 'get_file' }, describe: { read: 'Gets a file' } };
  const { catalogue } = catalogueOf({ a: 'read' }, { a: { tools } });
  assert.deepEqual(catalogue.items.tools[0]?.shown, {
    name: 'get_file',
    description: 'Gets a file',
  });
  assert.equal(catalogue.find('tools', 'get_file')?.name, 'read');
  assert.equal(catalogue.find('tools', 'read'), undefined);
});

test('in a view names are those of the whole fleet, and a plain name stands for what only it has', () => {
  const views = { v: { servers: ['b'] }, w: { servers: ['a', 'b'], tools: { deny: ['a.*'] } } };
  const { catalogue, fleet } = catalogueOf({ a: 'same', b: 'same other' }, {}, { views });
  const { v, w } = fleet.views;
  assert.ok(v !== undefined && w !== undefined);
  const alone = viewCatalogue(catalogue, viewRules('v', v));
  assert.deepEqual(
    alone.items.tools.map(({ exposedAs }) => exposedAs),
    ['b__same', 'other'],
  );
  assert.equal(alone.find('tools', 'same')?.server, 'b');
  const both = viewCatalogue(catalogue, viewRules('w', w));
  assert.equal(
    both.find('tools', 'same'),
    undefined,
    'it is known to be of a, which is in the view',
  );
  assert.equal(both.find('tools', 'a__same'), undefined);
});
