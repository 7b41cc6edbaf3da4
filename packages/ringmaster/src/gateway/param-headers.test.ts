import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paramHeaders } from './param-headers.ts';

const tool = {
  inputSchema: {
    type: 'object',
    properties: {
      region: { type: 'string', 'x-mcp-header': 'Region' },
      place: {
        type: 'object',
        properties: { floor: { type: 'integer', 'x-mcp-header': 'Floor' } },
      },
      bad: { type: 'string', 'x-mcp-header': 'not a token' },
      list: { type: 'array', items: { properties: { x: { 'x-mcp-header': 'X' } } } },
    },
  },
};

for (const [title, args, headers] of [
  ['marked arguments are repeated', { region: 'eu' }, { 'mcp-param-Region': 'eu' }],
  ['at any depth of properties', { place: { floor: 3 } }, { 'mcp-param-Floor': '3' }],
  ['other alphabets are encoded', { region: '東' }, { 'mcp-param-Region': '=?base64?5p2x?=' }],
  ['null and missing ones are not', { region: null }, {}],
  ['nor those with a malformed name or in lists', { bad: 'x', list: [{ x: 'y' }] }, {}],
  ['no arguments, no headers', undefined, {}],
] as const) {
  test(title, () => assert.deepEqual(paramHeaders(tool, args), headers));
}

test('a schema that nests without end is not followed for ever', () => {
  const schema: { properties?: unknown } = {};
  schema.properties = { again: schema };
  assert.deepEqual(paramHeaders({ inputSchema: schema }, {}), {});
});
