import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newTraceparent, traceHeaders, withHeaderTrace, withTrace } from './trace.ts';

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

const headers = { traceparent: parent, tracestate: 'a=1', baggage: 'user=x', host: 'h' };
const context = { traceparent: parent, tracestate: 'a=1', baggage: 'user=x' };
for (const [title, params, given, expected] of [
  ['brings it into a message that has none', { name: 'add' }, headers, context],
  ['leaves the other keys of _meta', { _meta: { k: 1 } }, headers, { ...context, k: 1 }],
  ['does not count beside that of _meta', { _meta: { traceparent: 'own' } }, headers, 'same'],
  ['is not read where it is malformed', {}, { ...headers, traceparent: '00-AB-CD' }, 'same'],
  ['is not read where it is not sent', {}, { tracestate: 'a=1' }, 'same'],
  ['is not read past its limit', {}, { ...headers, baggage: 'x'.repeat(8_193) }, 'no baggage'],
] as const) {
  test(`trace context of HTTP headers ${title}`, () => {
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params };
    const told = withHeaderTrace(message, given) as typeof message;
    if (expected === 'same') return assert.equal(told, message);
    const { baggage: _, ...without } = context;
    const meta = expected === 'no baggage' ? without : expected;
    assert.deepEqual(told, { ...message, params: { ...params, _meta: meta } });
  });
}

test('a server over HTTP gets the trace context of a message in headers, but nothing that breaks them', () => {
  assert.deepEqual(traceHeaders({ _meta: { ...full, baggage: 'a\r\nb: c' } }), {
    traceparent: parent,
    tracestate: 'a=1',
  });
  assert.deepEqual(traceHeaders({ _meta: { baggage: 'a=1' } }), {});
  assert.deepEqual(traceHeaders(undefined), {});
});
