import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { claimsModernEra, decodeHeaderValue, encodeHeaderValue, judgeModern } from './envelope.ts';
import { metaKeys, modernVersion } from './protocol.ts';

const meta = { [metaKeys.protocolVersion]: modernVersion, [metaKeys.clientCapabilities]: {} };
const headers = { version: modernVersion, method: 'tools/call', name: 'echo' };
const call = {
  ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
  params: { name: 'echo', _meta: meta },
};

test('a request whose headers repeat it is taken as it is', () => {
  const { params } = call;
  assert.deepEqual(judgeModern(call, headers), {
    ...{ kind: 'request', id: 1, method: 'tools/call', params },
  });
});

test('a message without an id is a notification', () => {
  assert.equal(judgeModern({ jsonrpc: '2.0', method: 'x' }, headers).kind, 'notification');
});

const old = { ...meta, [metaKeys.protocolVersion]: '2030-01-01' };
for (const row of [
  { title: 'a batch', message: [call], headers, code: -32600 },
  { title: 'an id of null', message: { ...call, id: null }, headers, code: -32600 },
  { title: 'no _meta', message: { ...call, params: { name: 'echo' } }, headers, code: -32602 },
  {
    title: 'no client capabilities',
    message: {
      ...call,
      params: { name: 'echo', _meta: { [metaKeys.protocolVersion]: modernVersion } },
    },
    headers,
    code: -32602,
  },
  {
    title: 'no version header',
    message: call,
    headers: { ...headers, version: undefined },
    code: -32020,
  },
  { title: 'another method', message: call, headers: { ...headers, method: 'x' }, code: -32020 },
  { title: 'no method', message: call, headers: { ...headers, method: undefined }, code: -32020 },
  { title: 'another name', message: call, headers: { ...headers, name: 'x' }, code: -32020 },
  { title: 'no name', message: call, headers: { ...headers, name: undefined }, code: -32020 },
  {
    title: 'a name that is not base64 of UTF-8',
    message: call,
    headers: { ...headers, name: '=?base64?/w==?=' },
    code: -32020,
  },
  {
    title: 'a version nobody serves',
    message: { ...call, params: { name: 'echo', _meta: old } },
    headers: { ...headers, version: '2030-01-01' },
    code: -32022,
  },
]) {
  test(`${row.title} is refused with ${row.code} and 400`, () => {
    const judged = judgeModern(row.message, row.headers);
    assert.ok(judged.kind === 'refused');
    assert.deepEqual([judged.error.code, judged.status], [row.code, 400]);
  });
}

for (const row of [
  { title: 'modern _meta', message: call, header: undefined, isModern: true },
  { title: 'the modern header', message: { method: 'x' }, header: modernVersion, isModern: true },
  { title: 'an unknown header', message: { method: 'x' }, header: '2030-01-01', isModern: true },
  {
    title: 'an unknown header on initialize',
    message: { method: 'initialize' },
    header: '2030-01-01',
    isModern: false,
  },
  { title: 'an old header', message: { method: 'x' }, header: '2025-06-18', isModern: false },
  { title: 'no claim at all', message: { method: 'x' }, header: undefined, isModern: false },
  { title: 'a batch', message: [call], header: undefined, isModern: false },
]) {
  test(`${row.title} makes a request ${row.isModern ? 'modern' : "a session's"}`, () => {
    assert.equal(claimsModernEra(row.message, row.header), row.isModern);
  });
}

test('any text survives a header, and what is sent is visible ASCII', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
      const value = encodeHeaderValue(text);
      assert.match(value, /^[\x20-\x7e]*$/);
      assert.equal(decodeHeaderValue(value), text);
    }),
  );
});

test('plain text stays plain, what looks like the sentinel does not', () => {
  assert.equal(encodeHeaderValue('get weather'), 'get weather');
  assert.equal(encodeHeaderValue('日本'), '=?base64?5pel5pys?=');
  assert.notEqual(encodeHeaderValue('=?base64?YQ==?='), '=?base64?YQ==?=');
});
