import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolve, type Schema, shapeOf, startOf } from './tool-schema.ts';

const shapes: readonly (readonly [title: string, schema: Schema, kind: string])[] = [
  ['text', { type: 'string' }, 'text'],
  ['a whole number', { type: 'integer' }, 'integer'],
  ['some values', { enum: ['low', 1, null] }, 'choice'],
  ['one value', { const: 'v2' }, 'fixed'],
  ['values with names', { oneOf: [{ const: 1, title: 'One' }, { const: 2 }] }, 'choice'],
  ['several kinds', { anyOf: [{ type: 'string' }, { type: 'number' }] }, 'union'],
  ['several types', { type: ['string', 'null'] }, 'union'],
  ['one kind, written as several', { anyOf: [{ type: 'string' }] }, 'text'],
  ['an object', { type: 'object', properties: { x: { type: 'number' } } }, 'object'],
  ['an object of anything', { type: 'object' }, 'json'],
  ['a list', { type: 'array', items: { type: 'string' } }, 'list'],
  ['a list of anything', { type: 'array' }, 'json'],
  ['anything', {}, 'json'],
  ['an unknown type', { type: 'blob' }, 'json'],
  ['a reference', { $ref: '#/$defs/area' }, 'object'],
  ['a reference to nothing', { $ref: '#/$defs/none' }, 'json'],
  ['an address elsewhere', { $ref: 'http://127.0.0.1/schema.json' }, 'json'],
  ['itself alone', { anyOf: [{ $ref: '#/$defs/loop' }] }, 'json'],
];
const root = {
  $defs: {
    area: { type: 'object', properties: { x: { type: 'number' } } },
    loop: { anyOf: [{ $ref: '#/$defs/loop' }] },
  },
} as Schema;
for (const [title, schema, kind] of shapes) {
  test(`${title} is filled in as ${kind}`, () => {
    assert.equal(shapeOf(resolve(schema, root), root).kind, kind);
  });
}

test('choices are called by their titles, or by the names an older server gives', () => {
  const labels = (schema: Schema) => {
    const shape = shapeOf(schema, root);
    return shape.kind === 'choice' ? shape.choices.map(({ label }) => label) : [];
  };
  assert.deepEqual(labels({ oneOf: [{ const: 1, title: 'One' }, { const: 2 }] }), ['One', '2']);
  assert.deepEqual(labels({ enum: ['a', 'b'], enumNames: ['A', 'B'] }), ['A', 'B']);
});

test('parts of allOf are one object, and what stands beside a reference counts more than what it refers to', () => {
  const whole = resolve(
    {
      description: 'here',
      $ref: '#/$defs/area',
      allOf: [{ properties: { y: { type: 'string' } }, required: ['y'] }],
    },
    {
      $defs: { area: { ...resolve({ $ref: '#/$defs/area' }, root), description: 'there' } },
    } as Schema,
  );
  assert.equal(whole.description, 'here');
  assert.deepEqual(Object.keys(whole.properties ?? {}), ['x', 'y']);
  assert.deepEqual(whole.required, ['y']);
});

test('alternatives that say only what is needed keep the fields that stand beside them', () => {
  const shape = shapeOf(
    {
      type: 'object',
      properties: { id: { type: 'string' }, name: { type: 'string' } },
      anyOf: [{ required: ['id'] }, { required: ['name'] }],
    },
    root,
  );
  assert.equal(shape.kind, 'union');
  const [first] = shape.kind === 'union' ? shape.options : [];
  assert.deepEqual(Object.keys(first?.schema.properties ?? {}), ['id', 'name']);
  assert.deepEqual(first?.schema.required, ['id']);
});

test('a form starts with defaults, with what is fixed and with objects that are needed, and leaves out the rest', () => {
  const schema: Schema = {
    type: 'object',
    required: ['area', 'kind', 'name'],
    properties: {
      name: { type: 'string' },
      kind: { const: 'v2' },
      count: { type: 'integer', default: 5 },
      deep: { type: 'boolean' },
      area: { type: 'object', required: ['z'], properties: { z: { const: 1 }, x: { default: 0 } } },
      other: { type: 'object', properties: { z: { const: 1 } } },
    },
  };
  assert.deepEqual(startOf(schema, schema), { kind: 'v2', count: 5, area: { z: 1, x: 0 } });
});

test('a schema that needs itself many times over has an end', () => {
  const names = Array.from({ length: 30 }, (_, index) => `p${index}`);
  const endless: Schema = {
    type: 'object',
    required: names,
    properties: Object.fromEntries(names.map((name) => [name, { $ref: '#' }])),
  };
  assert.ok(JSON.stringify(startOf(endless, endless)).length < 100_000);
});
