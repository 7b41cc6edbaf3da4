import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkFleet } from '../fleet/check.ts';
import { fleetJsonSchema, type JsonSchema } from '../fleet/json-schema.ts';
import { operations } from '../operations/index.ts';
import { performOperation } from '../operations/perform.ts';
import type { OperationName } from '../operations/routes.ts';
import { sayWhy } from './say-why.ts';

/** Values that few settings and fields take. */
const odd: readonly unknown[] = [
  ...[null, true, -1, 0.5, 9e15, '', '\u0000', 'a b', '${', 'x'.repeat(300)],
  ...[[], [1], ['x', 'x'], {}, { x: 1 }, { __proto__x: { y: [] } }],
];

function assertJapanese(sentence: string): void {
  const said = sayWhy(sentence, 'ja');
  assert.match(said, /[ぁ-んァ-ヶ一-龠]/, sentence);
  // What is quoted may be anything; of our own words none is left.
  const unquoted = said.replaceAll(/"(?:[^"\\]|\\.)*"/g, '');
  assert.doesNotMatch(
    unquoted,
    /\b(?:found|needed|expected|invalid|unknown|must|than|such|an|or|with)\b/i,
    said,
  );
}

test('whatever is wrong with the input of an operation is said in Japanese', async () => {
  let seen = 0;
  for (const [name, { input }] of Object.entries(operations)) {
    for (const value of odd) {
      const given = Object.fromEntries(Object.keys(input.shape).map((field) => [field, value]));
      const handlers = {} as Parameters<typeof performOperation>[0];
      const [refused] = await Promise.allSettled([
        performOperation(handlers, name as OperationName, { ...given, nosuch: 1 }),
      ]);
      assert.ok(refused.status === 'rejected');
      const { message } = refused.reason as Error;
      assert.ok(message.startsWith(`Cannot do ${name}: `), message);
      for (const sentence of message.slice(`Cannot do ${name}: `.length).split('; '))
        assertJapanese(sentence);
      seen += 1;
    }
  }
  assert.ok(seen > 500, `saw ${seen}`);
});

const kinds = ['webhook', 'slack', 'email', 'exec', 'syslog', 'desktop', 'pigeon', undefined];
const notifier = (value: unknown) =>
  Object.fromEntries(
    ['url', 'secret', 'from', 'to', 'command', 'facility'].map((key) => [key, value]),
  );

/** A file in which every setting of this depth has this value; undefined when there is none so deep. */
function withAll(schema: JsonSchema, depth: number, value: unknown): unknown {
  if (depth === 0) return value;
  const below = Object.entries(schema.properties ?? {}).flatMap(([key, one]) => {
    const made = key === 'servers' ? undefined : withAll(one, depth - 1, value);
    return made === undefined ? [] : [[key, made] as const];
  });
  return below.length === 0 ? undefined : Object.fromEntries(below);
}

test('whatever is wrong in a fleet file is said in Japanese', () => {
  const schema = fleetJsonSchema();
  const server = schema.properties?.['servers']?.additionalProperties;
  assert.ok(typeof server === 'object');
  const named = (fields: unknown) => ({ servers: { a: fields } });
  const files = odd.flatMap((value) => [
    ...[1, 2, 3].map((depth) => withAll(schema, depth, value)),
    ...[1, 2, 3].map((depth) => named(withAll(server, depth, value))),
    ...[named({ nosuch: value }), { nosuch: value }, { servers: { all: value, ä: value } }],
    ...[{ port: value }, named({ cpuPercent: value }), { alerts: { cpuPercent: { high: value } } }],
    ...kinds.map((kind) => ({ alerts: { notifiers: { a: { ...notifier(value), kind } } } })),
  ]);
  const messages = new Set<string>();
  for (const file of files) {
    const checked = checkFleet(file, { revision: 1, baseDir: '/' });
    for (const { message } of checked.problems ?? []) messages.add(message);
  }
  assert.ok(messages.size > 100, `saw ${messages.size}`);
  for (const message of messages) assertJapanese(message);
});
