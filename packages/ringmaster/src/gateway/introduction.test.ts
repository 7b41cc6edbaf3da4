import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinInstructions } from './instructions.ts';
import { introduceAll, introduceOne } from './introduction.ts';
import { metaKeys } from './protocol.ts';

const identity = { name: 'ringmaster', version: '1' };

test('the endpoint of all offers everything, even while no server is up', () => {
  const { capabilities, instructions } = introduceAll([], identity);
  assert.deepEqual(Object.keys(capabilities), [
    ...['tools', 'resources', 'prompts', 'completions', 'logging'],
  ]);
  assert.equal(instructions, undefined);
});

test('the endpoint of one offers what that server does, under its name', () => {
  const info = { name: 'files', version: '3' };
  const capabilities = { tools: {}, completions: {}, experimental: { x: {} } };
  for (const result of [
    { capabilities, serverInfo: info },
    { capabilities, _meta: { [metaKeys.serverInfo]: info } },
  ]) {
    const one = introduceOne({ server: 'a', result }, identity);
    assert.deepEqual(one.capabilities, { tools: { listChanged: true }, completions: {} });
    assert.deepEqual(one.serverInfo, info);
  }
});

test('the instructions of one are its own words, without a heading', () => {
  const introduce = (text: string) =>
    introduceOne({ server: 'a', result: { instructions: text } }, identity).instructions;
  assert.equal(introduce('# Use me\u200b\n'), '# Use me');
  assert.equal(introduce(' \n'), undefined);
  assert.equal(introduce('x'.repeat(9_000))?.length, 8_000);
});

test('instructions stand under the name of their server, without invisible characters', () => {
  const parts = [
    { server: 'a', text: 'Use\u200b me\u0007.\n' },
    { server: 'b', text: ' ' },
    { server: 'c', text: '最後' },
  ];
  assert.equal(joinInstructions(parts), '## a\nUse me.\n\n## c\n最後');
  assert.equal(joinInstructions([]), undefined);
});

test('long instructions are cut to the budget, short ones beside them are not', () => {
  const parts = [
    { server: 'long', text: 'x'.repeat(10_000) },
    { server: 'short', text: 'brief' },
  ];
  const text = joinInstructions(parts, 1_000) ?? '';
  assert.ok(text.length <= 1_000);
  assert.ok(text.length > 900);
  assert.ok(text.endsWith('## short\nbrief'));
});
