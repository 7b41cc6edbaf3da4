import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newTraceparent, withTrace } from './trace.ts';

const parent = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`;
const full = { traceparent: parent, tracestate: 'a=1', baggage: 'user=x', other: 1 };

for (const [title, meta, how, expected] of [
  ['a trace goes on', full, { isTrusted: true }, full],
  [
    'baggage stops where the machine ends',
    full,
    { isTrusted: false },
    { traceparent: parent, tracestate: 'a=1', other: 1 },
  ],
  [
    'what is malformed is not passed on, nor what belongs to it',
    { traceparent: '00-AB-CD', tracestate: 'a=1', other: 1 },
    { isTrusted: true },
    { other: 1 },
  ],
  ['without a trace none is begun', { other: 1 }, { isTrusted: true }, { other: 1 }],
  [
    'for a stateless server one is begun',
    { other: 1 },
    { isTrusted: true, start: () => parent },
    { traceparent: parent, other: 1 },
  ],
  [
    'but not beside one that is there',
    { traceparent: parent },
    { isTrusted: true, start: () => 'another' },
    { traceparent: parent },
  ],
] as const) {
  test(title, () => assert.deepEqual(withTrace(meta, { start: undefined, ...how }), expected));
}

test('a new trace is one as W3C writes it', () => {
  assert.match(newTraceparent('0123456789abcdef'.repeat(3)), /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
});
