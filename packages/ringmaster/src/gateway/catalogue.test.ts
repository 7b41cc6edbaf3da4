import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildCatalogue, noLists, type ServerLists, singleCatalogue } from './catalogue.ts';

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
  assert.equal(catalogue.items.tools[0]?.exposedAs.length, 64);
  const fitted = catalogue.items.tools[0]?.exposedAs ?? '';
  assert.equal(catalogue.find('tools', fitted)?.name, long.name);
});
