import assert from 'node:assert/strict';
import { test } from 'node:test';
import { optionOf, readJson, troublesOf, unreadText } from './tool-check.ts';
import type { Schema } from './tool-schema.ts';

const point: Schema = {
  type: 'object',
  required: ['x'],
  properties: { x: { type: 'number' }, y: { type: 'number' } },
};
const schema: Schema = {
  type: 'object',
  required: ['url', 'size'],
  properties: {
    url: { type: 'string', minLength: 3, maxLength: 9, pattern: '^h' },
    size: { type: 'integer', minimum: 1, maximum: 9, multipleOf: 3 },
    share: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
    detail: { enum: ['low', 'high'] },
    deep: { type: 'boolean' },
    kind: { const: 'v2' },
    points: { type: 'array', items: point, minItems: 1, maxItems: 2 },
    either: { anyOf: [{ type: 'string', minLength: 2 }, point] },
    any: {},
  },
};
const good = { url: 'http', size: 3 };

const rows: readonly (readonly [value: Record<string, unknown>, troubles: readonly string[]])[] = [
  [good, []],
  [{}, ['url missing', 'size missing']],
  [{ ...good, url: 'h' }, ['url shortest 3']],
  [{ ...good, url: 'httpshttps' }, ['url longest 9']],
  [{ ...good, url: 'xttp' }, ['url pattern ^h']],
  [{ ...good, size: 'three' }, ['size number']],
  [{ ...good, size: 1.5 }, ['size integer']],
  [{ ...good, size: 0 }, ['size least 1']],
  [{ ...good, size: 12 }, ['size most 9']],
  [{ ...good, size: 4 }, ['size multiple 3']],
  [{ ...good, share: 0 }, ['share above 0']],
  [{ ...good, share: 1 }, ['share below 1']],
  [{ ...good, detail: 'mid' }, ['detail choice low, high']],
  [{ ...good, deep: 'yes' }, ['deep boolean']],
  [{ ...good, kind: 'v1' }, ['kind choice "v2"']],
  [{ ...good, points: [] }, ['points fewest 1']],
  [{ ...good, points: [{ x: 1 }, { y: 1 }] }, ['points[1].x missing']],
  [
    { ...good, points: [{ x: 1 }, { x: 1 }, { x: 'far' }] },
    ['points mostItems 2', 'points[2].x number'],
  ],
  [{ ...good, points: {} }, ['points list']],
  [{ ...good, either: 'ab' }, []],
  [{ ...good, either: { x: 1 } }, []],
  [{ ...good, either: 'a' }, ['either shortest 2']],
  [{ ...good, either: { y: 1 } }, ['either.x missing']],
  [{ ...good, any: readJson('{') }, ['any json']],
  [{ ...good, unknown: 1 }, []],
];
for (const [value, troubles] of rows) {
  test(`${JSON.stringify(value)} has ${troubles.join(', ') || 'nothing wrong'}`, () => {
    const found = troublesOf(value, schema, schema);
    assert.deepEqual(
      found.map(({ path, rule, limit }) => `${path} ${rule} ${limit}`.trimEnd()),
      troubles,
    );
  });
}

test('what is no JSON is kept as it was typed', () => {
  assert.equal(unreadText(readJson('{"a":')), '{"a":');
  assert.equal(unreadText(readJson('{"a":1}')), undefined);
});

test('of several kinds a value follows the one it fits, else the one of its type', () => {
  const options = [{ schema: { type: 'string', minLength: 2 } }, { schema: point }];
  assert.equal(optionOf({ x: 1 }, options, schema), 1);
  assert.equal(optionOf({ y: 1 }, options, schema), 1);
  assert.equal(optionOf('a', options, schema), 0);
});

test('what every object has is no argument, and a pattern of another dialect is left to the server', () => {
  const own: Schema = {
    type: 'object',
    required: ['constructor'],
    properties: { constructor: { type: 'string', pattern: '(?i)a' } } as unknown as Record<
      string,
      Schema
    >,
  };
  assert.deepEqual(troublesOf({}, own, own)[0]?.rule, 'missing');
  assert.deepEqual(troublesOf({ constructor: 'a' }, own, own), []);
});

test('a schema that refers to itself in every way is looked at in bounded time', () => {
  const loop: Schema = { anyOf: Array.from({ length: 4 }, () => ({ $ref: '#' })) };
  assert.deepEqual(troublesOf({ a: 1 }, loop, loop), []);
});
