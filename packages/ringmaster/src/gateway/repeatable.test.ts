import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRepeatable } from './repeatable.ts';

for (const [method, annotations, expected] of [
  ['tools/call', undefined, false],
  ['tools/call', {}, false],
  ['tools/call', { readOnlyHint: 'yes' }, false],
  ['tools/call', { destructiveHint: false }, false],
  ['tools/call', { readOnlyHint: true }, true],
  ['tools/call', { idempotentHint: true, destructiveHint: true }, true],
  ['prompts/get', undefined, true],
  ['resources/read', undefined, true],
  ['completion/complete', { readOnlyHint: true }, false],
] as const)
  test(`${method} of a tool that says ${JSON.stringify(annotations)} may be repeated: ${expected}`, () => {
    assert.equal(isRepeatable(method, annotations && { name: 'x', annotations }), expected);
  });
