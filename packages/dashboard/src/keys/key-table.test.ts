import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actOf } from './key-table.ts';

const plain = { isControl: false, hasAlt: false, isTyping: false };
const on = { afterG: false, hasSingleKeys: true };
const rows = [
  { key: 'k', more: { isControl: true }, state: on, act: { kind: 'palette' } },
  { key: 'k', more: { isControl: true, isTyping: true }, state: on, act: { kind: 'palette' } },
  { key: 'k', more: {}, state: on, act: { kind: 'row', step: -1 } },
  { key: 'k', more: { isTyping: true }, state: on, act: undefined },
  { key: 'j', more: { hasAlt: true }, state: on, act: undefined },
  { key: 'c', more: {}, state: { ...on, afterG: true }, act: { kind: 'go', path: '/calls' } },
  { key: 'x', more: {}, state: { ...on, afterG: true }, act: undefined },
  { key: 'r', more: {}, state: on, act: { kind: 'press', key: 'r' } },
  { key: 'j', more: {}, state: { ...on, hasSingleKeys: false }, act: undefined },
  { key: '.', more: {}, state: on, act: { kind: 'copy' } },
  { key: '[', more: {}, state: on, act: { kind: 'press', key: '[' } },
  { key: '−', more: {}, state: on, act: { kind: 'press', key: '-' } },
  { key: '=', more: {}, state: on, act: { kind: 'press', key: '+' } },
  { key: '+', more: {}, state: { ...on, hasSingleKeys: false }, act: undefined },
  {
    ...{ key: 'Escape', more: {}, state: { ...on, hasSingleKeys: false } },
    act: { kind: 'press', key: 'Escape' },
  },
] as const;
for (const { key, more, state, act } of rows) {
  const how = JSON.stringify({ ...more, ...state });
  test(`the key ${key} with ${how} asks for ${JSON.stringify(act)}`, () => {
    assert.deepEqual(actOf({ ...plain, ...more, key }, state), act);
  });
}
