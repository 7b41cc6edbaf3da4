import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formFields, readForm, type Schema } from './schema-form.ts';

const schema: Schema = {
  type: 'object',
  required: ['url', 'count'],
  properties: {
    url: { type: 'string', description: 'Where' },
    count: { type: 'integer', minimum: 1, maximum: 9 },
    detail: { enum: ['low', 'high'], default: 'low' },
    deep: { type: 'boolean' },
    area: { $ref: '#/$defs/area' },
    either: { anyOf: [{ type: 'string' }, { type: 'number' }] },
  },
  ...{ $defs: { area: { type: 'object', properties: { x: { type: 'number' } } } } },
};

test('every property of a schema has a field, also those a form cannot draw', () => {
  assert.deepEqual(
    formFields(schema).map(({ name, kind, isRequired }) => [name, kind, isRequired]),
    [
      ['url', 'text', true],
      ['count', 'integer', true],
      ['detail', 'choice', false],
      ['deep', 'boolean', false],
      ['area', 'json', false],
      ['either', 'json', false],
    ],
  );
});

test('what was typed becomes arguments of the right types', () => {
  const typed = { url: 'x', count: '3', area: '{"x":1}', deep: 'true' };
  assert.deepEqual(readForm(formFields(schema), typed), {
    values: { url: 'x', count: 3, detail: 'low', deep: true, area: { x: 1 } },
    problems: {},
  });
});

test('what cannot be sent is told at its field', () => {
  const { problems } = readForm(formFields(schema), { url: 'x', count: '1.5', area: '{' });
  assert.deepEqual(problems, { count: 'integer', area: 'json' });
  assert.deepEqual(readForm(formFields(schema), {}).problems, { count: 'missing' });
});

test('a field may be called as what every object has', () => {
  const fields = formFields({
    properties: { constructor: { type: 'string' }, toString: { type: 'integer' } },
  } as unknown as Schema);
  assert.deepEqual(readForm(fields, {}), { values: {}, problems: {} });
  assert.deepEqual(readForm(fields, { toString: '1.5' } as never).problems['toString'], 'integer');
});

test('parts of allOf are one form, and a circular schema ends', () => {
  const parts: Schema = {
    allOf: [
      { properties: { a: { type: 'string' } }, required: ['a'] },
      { properties: { b: { $ref: '#' } } },
    ],
  };
  assert.deepEqual(
    formFields(parts).map(({ name, isRequired }) => [name, isRequired]),
    [
      ['a', true],
      ['b', false],
    ],
  );
});
