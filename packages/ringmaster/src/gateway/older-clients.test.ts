import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from './messages.ts';
import { replyForSessions, toolForSessions } from './older-clients.ts';

const link = { type: 'resource_link', uri: 'file:///a', name: 'a', description: 'The first' };
const sound = { type: 'audio', mimeType: 'audio/wav', data: 'AAAA' };
const text = { type: 'text', text: 'kept', annotations: { priority: 1 } };
const linkText = { type: 'text', text: 'a: file:///a\nThe first' };
const soundText = {
  type: 'text',
  text: '[Audio audio/wav is left out: clients of 2024-11-05 cannot receive it]',
};

function spoken(result: JsonObject, protocolVersion: string, tool?: JsonObject): unknown {
  const serverEra = tool === undefined ? 'legacy' : 'modern';
  const how = { protocolVersion, serverEra, tool: () => tool } as const;
  const reply = { kind: 'result', result } as const;
  const changed = replyForSessions(reply, how);
  return changed === reply ? 'as it was' : changed.kind === 'result' && changed.result;
}

for (const [version, content] of [
  ['2024-11-05', [linkText, soundText, text]],
  ['2025-03-26', [linkText, sound, text]],
] as const) {
  test(`clients of ${version} get text in place of content they do not know`, () => {
    const result = { content: [link, sound, text], isError: false };
    assert.deepEqual(spoken(result, version), { content, isError: false });
  });
}

test('so do messages of a prompt', () => {
  const messages = [{ role: 'user', content: sound, other: 1 }];
  assert.deepEqual(spoken({ messages }, '2024-11-05'), {
    messages: [{ role: 'user', content: soundText, other: 1 }],
  });
});

for (const version of ['2025-06-18', '2025-11-25']) {
  test(`clients of ${version} get every result as it was`, () => {
    assert.equal(spoken({ content: [link, sound, text] }, version), 'as it was');
  });
}

test('a result of known kinds is not touched, whatever it holds besides', () => {
  assert.equal(spoken({ content: [text], structuredContent: { a: 1 } }, '2024-11-05'), 'as it was');
});

const rows = { name: 'rows', outputSchema: { type: 'array', items: { type: 'number' } } };

for (const [title, result, tool, expected] of [
  [
    'a list stands below `result`, with a twin in text',
    { content: [], structuredContent: [1, 2] },
    rows,
    { content: [{ type: 'text', text: '[1,2]' }], structuredContent: { result: [1, 2] } },
  ],
  [
    'text of the server is not doubled',
    { content: [text], structuredContent: null },
    rows,
    { content: [text], structuredContent: { result: null } },
  ],
  [
    'an object below a schema that allows more than objects is wrapped as well',
    { content: [text], structuredContent: { a: 1 } },
    { name: 'any', outputSchema: { anyOf: [{ type: 'object' }, { type: 'null' }] } },
    { content: [text], structuredContent: { result: { a: 1 } } },
  ],
  [
    'an object below a schema of objects is not',
    { content: [text], structuredContent: { a: 1 } },
    { name: 'one', outputSchema: { type: 'object' } },
    'as it was',
  ],
] as const) {
  test(`structured content of stateless servers: ${title}`, () => {
    assert.deepEqual(spoken(result, '2025-06-18', tool), expected);
  });
}

test('references in an output schema still lead where they led', () => {
  const outputSchema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'array',
    items: { $ref: '#/$defs/node' },
    $defs: {
      node: { type: 'object', properties: { $ref: { type: 'string' }, next: { $ref: '#' } } },
    },
    examples: [{ $ref: '#/data' }],
  };
  const { outputSchema: moved } = toolForSessions({ name: 'tree', outputSchema }, false);
  assert.deepEqual(moved, {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: {
      result: {
        ...outputSchema,
        items: { $ref: '#/properties/result/$defs/node' },
        $defs: {
          node: {
            type: 'object',
            properties: { $ref: { type: 'string' }, next: { $ref: '#/properties/result' } },
          },
        },
      },
    },
    required: ['result'],
  });
});
