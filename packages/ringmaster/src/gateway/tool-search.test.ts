import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildCatalogue, noLists } from './catalogue.ts';
import type { JsonObject } from './messages.ts';
import { answerFindTool, createToolSearch, readCallTool } from './tool-search.ts';

const tools: readonly JsonObject[] = [
  { name: 'read_file', description: 'Read a file', inputSchema: { type: 'object' } },
  {
    name: 'transfer',
    description: 'Move things',
    inputSchema: {
      type: 'object',
      properties: { amount: { type: 'number', description: 'Sum of money in yen' } },
    },
  },
];
const { catalogue } = buildCatalogue(
  [{ server: 'bank', lists: { ...noLists, tools } }],
  () => undefined,
);
const search = createToolSearch(catalogue.items.tools);

test('clients see two tools that say what can be found where', () => {
  assert.deepEqual(
    search.tools.map(({ name }) => name),
    ['find_tool', 'call_tool'],
  );
  assert.match(String(search.tools[0]?.['description']), /among 2 tools .* bank \(2\)/);
});

test('a tool is also found by what its parameters are called', () => {
  const result = answerFindTool(search, { query: 'money' });
  const { tools: found } = result['structuredContent'] as { tools: readonly JsonObject[] };
  assert.equal(found[0]?.['name'], 'transfer');
  assert.equal(found[0]?.['server'], 'bank');
  assert.deepEqual(found[0]?.['inputSchema'], tools[1]?.['inputSchema']);
});

for (const given of [undefined, {}, { query: 7 }, { query: '  ' }, 'read']) {
  test(`find_tool with ${JSON.stringify(given)} says what it needs`, () => {
    const result = answerFindTool(search, given);
    assert.equal(result['isError'], true);
    assert.match(JSON.stringify(result), /needs a query/);
  });
}

for (const limit of [0, -3, 1e9, 2.5, Number.NaN, 'many']) {
  test(`find_tool with the limit ${limit} finds something all the same`, () => {
    const result = answerFindTool(search, { query: 'read', limit });
    assert.match(JSON.stringify(result['structuredContent']), /read_file/);
  });
}

test('a call keeps everything of its params but name and arguments', () => {
  const read = readCallTool({
    name: 'call_tool',
    arguments: { name: 'read_file', arguments: { path: 'a' } },
    _meta: { progressToken: 1 },
    requestState: 'sealed',
  });
  assert.deepEqual('params' in read && read.params, {
    name: 'read_file',
    arguments: { path: 'a' },
    _meta: { progressToken: 1 },
    requestState: 'sealed',
  });
});

for (const given of [undefined, {}, { name: '' }, { name: 'x', arguments: [] }]) {
  test(`call_tool with ${JSON.stringify(given)} says what it needs`, () => {
    const read = readCallTool({ name: 'call_tool', arguments: given });
    assert.equal('error' in read && read.error['isError'], true);
  });
}
