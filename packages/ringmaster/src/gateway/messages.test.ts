import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  errorText,
  isRequestId,
  readError,
  readReply,
  requestText,
  resultText,
  withIdReplaced,
  withResultExtended,
  writeJson,
} from './messages.ts';

for (const [title, line, expected] of [
  [
    'an id at the start is replaced',
    '{"jsonrpc":"2.0","id":7,"result":{"n":12345678901234567890}}',
    '{"jsonrpc":"2.0","id":"x","result":{"n":12345678901234567890}}',
  ],
  [
    'an id at the end is replaced',
    '{"result":{"id":7},"jsonrpc":"2.0","id":7}',
    '{"result":{"id":7},"jsonrpc":"2.0","id":"x"}',
  ],
  ['an id of another number is not ours', '{"jsonrpc":"2.0","id":71,"result":{}}', undefined],
  [
    'a reply over several lines is written anew, as one line',
    '{"jsonrpc":"2.0","id":7,\n"result":{}}',
    undefined,
  ],
  ['an id elsewhere is left to be written anew', '{"id":7,"jsonrpc":"2.0","result":{}}', undefined],
  [
    'text that only looks like an id is left alone',
    '{"jsonrpc":"2.0","result":{"t":",\\"jsonrpc\\":\\"2.0\\",\\"id\\":7}"}}',
    undefined,
  ],
] as const) {
  test(title, () => {
    assert.equal(withIdReplaced(line, 7, 'x'), expected);
  });
}

for (const [title, line, expected] of [
  [
    'members are added before and after those of the result',
    '{"jsonrpc":"2.0","id":7,"result":{"n":12345678901234567890}}',
    '{"jsonrpc":"2.0","id":"x","result":{"a":1,"n":12345678901234567890,"z":2}}',
  ],
  [
    'an empty result has the added members only',
    '{"jsonrpc":"2.0","id":7,"result":{ }}',
    '{"jsonrpc":"2.0","id":"x","result":{"a":1,"z":2}}',
  ],
  ['a result that does not close the line', '{"jsonrpc":"2.0","id":7,"result":{} }', undefined],
  ['an id elsewhere', '{"result":{},"jsonrpc":"2.0","id":7}', undefined],
  ['several lines', '{"jsonrpc":"2.0","id":7,"result":{\n}}', undefined],
] as const) {
  test(`a result extended: ${title}`, () => {
    const members = { first: '"a":1', last: '"z":2' };
    assert.equal(withResultExtended(line, { own: 7, client: 'x' }, members), expected);
  });
}

test('messages are written as JSON-RPC, ids with their type', () => {
  assert.deepEqual(JSON.parse(requestText(1, 'm', '{"a":1}')), {
    ...{ jsonrpc: '2.0', id: 1, method: 'm', params: { a: 1 } },
  });
  assert.equal('params' in JSON.parse(requestText('1', 'm', undefined)), false);
  assert.deepEqual(JSON.parse(resultText('1', '{}')), { jsonrpc: '2.0', id: '1', result: {} });
  const error = { code: 1, message: '"' };
  assert.deepEqual(JSON.parse(errorText(null, error)), { jsonrpc: '2.0', id: null, error });
});

test('what is nested deeply is written whole, or not at all where V8 cannot (before Node 25)', () => {
  const text = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const written = writeJson(JSON.parse(text));
  assert.ok(written === undefined || written === text);
  assert.equal(writeJson([[1]]), '[[1]]');
});

test('an error keeps its code, words and data; a malformed one becomes an internal error', () => {
  const error = { code: 5, message: 'm', data: [1] };
  assert.deepEqual(readError(error), error);
  assert.equal(readError('boom').code, -32603);
});

for (const [title, message, kind, isWellFormed] of [
  ['a result', { result: {} }, 'result', true],
  ['an error', { error: { code: 1, message: 'm' } }, 'error', true],
  ['a result beside an error', { result: {}, error: { code: 1, message: 'm' } }, 'result', false],
  ['a result beside no error', { result: {}, error: null }, 'result', false],
  ['an error beside no result', { result: null, error: { code: 1, message: 'm' } }, 'error', false],
  ['a result beside what no reply has', { result: {}, more: {} }, 'result', false],
  ['an error that is only text', { error: 'boom' }, 'error', false],
  ['an error without a message', { error: { code: 1 } }, 'error', false],
] as const) {
  const how = isWellFormed ? 'may be passed on as it is written' : 'is read, but written anew';
  test(`${title} ${how}`, () => {
    const read = readReply({ jsonrpc: '2.0', id: 1, ...message });
    assert.deepEqual([read?.reply.kind, read?.isWellFormed], [kind, isWellFormed]);
  });
}

test('what is neither result nor error is no reply', () => {
  assert.equal(readReply({ result: 5 }), undefined);
  assert.equal(readReply({}), undefined);
});

test('ids are text or numbers that survive being read', () => {
  for (const id of ['', 'a', 0, -1, 1.5, 2 ** 53 - 1]) assert.ok(isRequestId(id), String(id));
  for (const id of [2 ** 53, -1e300, Number.NaN, Number.POSITIVE_INFINITY, null, {}, true]) {
    assert.ok(!isRequestId(id), String(id));
  }
});
