import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readExact } from './exact-numbers.ts';
import { markFault, paramHeaderFault, paramHeaders } from './param-headers.ts';

const tool = {
  inputSchema: {
    type: 'object',
    properties: {
      region: { type: 'string', 'x-mcp-header': 'Region' },
      place: {
        type: 'object',
        properties: { floor: { type: ['integer', 'null'], 'x-mcp-header': 'Floor' } },
      },
      isOpen: { type: 'boolean', 'x-mcp-header': 'Is-Open' },
      plain: { type: 'string', default: { 'x-mcp-header': 'no mark, but a value' } },
    },
  },
};

for (const [title, args, headers] of [
  ['marked arguments are repeated', { region: 'eu' }, { 'mcp-param-Region': 'eu' }],
  ['at any depth of properties', { place: { floor: 3 } }, { 'mcp-param-Floor': '3' }],
  ['other alphabets are encoded', { region: '東' }, { 'mcp-param-Region': '=?base64?5p2x?=' }],
  ['null and missing ones are not', { region: null }, {}],
  ['nor is what every object inherits', { plain: 'constructor' }, {}],
  ['no arguments, no headers', undefined, {}],
] as const) {
  test(title, () => assert.deepEqual(paramHeaders(tool, args), headers));
}

for (const [title, args, headers, fault] of [
  ['what is repeated rightly is accepted', { region: 'eu' }, { region: 'eu' }, undefined],
  ['in base64 too', { region: '東' }, { region: '=?base64?5p2x?=' }, undefined],
  ['numbers by value', { place: { floor: 42 } }, { floor: '42.0' }, undefined],
  ['an empty text by an empty header', { region: '' }, { region: '' }, undefined],
  ['null is no value', { region: null }, {}, undefined],
  ['a missing header is a fault', { region: 'eu' }, {}, 'The Mcp-Param-Region header is missing'],
  [
    'another value is a fault',
    { region: 'eu' },
    { region: 'EU' },
    'The Mcp-Param-Region header differs from the body',
  ],
  [
    'a number that is none is a fault',
    { place: { floor: 0 } },
    { floor: ' ' },
    'The Mcp-Param-Floor header differs from the body',
  ],
  [
    'a number in another notation than JSON has is a fault',
    { place: { floor: 5 } },
    { floor: '0x5' },
    'The Mcp-Param-Floor header differs from the body',
  ],
  [
    'a header without an argument is a fault',
    {},
    { 'is-open': 'true' },
    'The Mcp-Param-Is-Open header repeats an argument that is not there',
  ],
  [
    'base64 without its padding is a fault',
    { region: 'Hello' },
    { region: '=?base64?SGVsbG8?=' },
    'The Mcp-Param-Region header is malformed',
  ],
] as const) {
  test(title, () => {
    const found = new Map(Object.entries(headers));
    const header = (name: string) => found.get(name.slice('mcp-param-'.length));
    assert.equal(paramHeaderFault(tool, args, header), fault);
  });
}

test('whole numbers beyond 2^53 are repeated, and compared, with every digit', () => {
  const args = readExact('{"place":{"floor": 9007199254740993 }}');
  assert.deepEqual(paramHeaders(tool, args), { 'mcp-param-Floor': '9007199254740993' });
  for (const [floor, fault] of [
    ['9007199254740993', undefined],
    ['9007199254740993.0', undefined],
    ['9007199254740992', 'The Mcp-Param-Floor header differs from the body'],
  ] as const) {
    const header = (name: string) => (name === 'mcp-param-floor' ? floor : undefined);
    assert.equal(paramHeaderFault(tool, args, header), fault);
  }
});

for (const [title, properties, fault] of [
  [
    'an empty name',
    { a: { type: 'string', 'x-mcp-header': '' } },
    'x-mcp-header of "a" is no header name',
  ],
  [
    'a name that HTTP forbids',
    { a: { type: 'string', 'x-mcp-header': 'a b' } },
    'x-mcp-header of "a" is no header name',
  ],
  [
    'a list',
    { a: { type: 'array', 'x-mcp-header': 'A' } },
    'x-mcp-header marks "a", which is neither text, integer nor boolean',
  ],
  [
    'one name twice, case apart',
    {
      a: { type: 'string', 'x-mcp-header': 'Same' },
      b: { type: 'string', 'x-mcp-header': 'same' },
    },
    'two arguments are marked with one x-mcp-header',
  ],
  [
    'a place inside lists',
    { a: { type: 'array', items: { type: 'string', 'x-mcp-header': 'A' } } },
    'x-mcp-header stands where no chain of properties leads',
  ],
] as const) {
  test(`a tool that marks ${title} breaks the rules, and no argument of it is repeated`, () => {
    const wrong = { inputSchema: { type: 'object', properties } };
    assert.equal(markFault(wrong), fault);
    assert.deepEqual(paramHeaders(wrong, { a: 'x', b: 'y' }), {});
  });
}

test('a schema that nests without end is not followed for ever', () => {
  const schema: { properties?: unknown } = {};
  schema.properties = { again: schema };
  assert.deepEqual(paramHeaders({ inputSchema: schema }, {}), {});
});
