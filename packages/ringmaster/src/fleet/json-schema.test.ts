import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fleetJsonSchema, schemaAt } from './json-schema.ts';
import { fleetReferenceMarkdown } from './reference.ts';

test('durations and sizes keep their units and may be number or text', () => {
  const schema = fleetJsonSchema();
  const grace = schemaAt(schema, ['servers', 'any', 'stop', 'graceMs']);
  assert.equal(grace?.unit, 'ms');
  assert.deepEqual(grace?.type, ['number', 'string']);
  assert.equal(grace?.default, 15_000);
  assert.equal(schemaAt(schema, ['servers', 'any', 'logs', 'maxSizeBytes'])?.unit, 'bytes');
  assert.deepEqual(schemaAt(schema, ['servers', 'any', 'env', 'PORT'])?.type, [
    'string',
    'number',
    'boolean',
  ]);
  assert.equal(schemaAt(schema, ['servers', 'any', 'nope']), undefined);
});

test('every key of the schema is refused when unknown and described when known', () => {
  const seen: string[] = [];
  const walk = (path: string, node: ReturnType<typeof fleetJsonSchema>): void => {
    if (node.properties !== undefined) assert.equal(node.additionalProperties, false, path);
    for (const [key, child] of Object.entries(node.properties ?? {})) {
      seen.push(`${path}.${key}`);
      if (child.properties === undefined) assert.ok(child.description, `${path}.${key}`);
      walk(`${path}.${key}`, child);
      if (typeof child.additionalProperties === 'object')
        walk(`${path}.${key}.*`, child.additionalProperties);
    }
  };
  walk('', fleetJsonSchema());
  assert.ok(seen.length > 50, `${seen.length} keys seen`);
});

test('the reference page has a row for every key, with default, unit and limits', () => {
  const page = fleetReferenceMarkdown();
  assert.match(page, /^# The fleet file\n/);
  assert.ok(
    page.includes(
      '| `graceMs` | duration | `15000` | ms | 0 to 600000 | How long it may take to stop before it is killed |',
    ),
  );
  assert.ok(page.includes('### `servers.NAME.health`'));
  assert.ok(!page.includes('undefined'));
});
