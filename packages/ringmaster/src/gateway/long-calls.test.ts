import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLongCalls } from './long-calls.ts';

const callOf = (session: string | undefined, id: string | number | undefined) => ({
  caller: { id, owner: { session } },
});

test('a call is found by its session and the id as the client wrote it, until it is over', () => {
  const calls = createLongCalls<ReturnType<typeof callOf>>();
  const [number, text, other] = [callOf('a', 1), callOf('a', '1'), callOf('b', 1)];
  for (const call of [number, text, other, callOf(undefined, 1), callOf('a', undefined)])
    calls.add(call);
  assert.equal(calls.find('a', 1), number);
  assert.equal(calls.find('a', '1'), text);
  assert.equal(calls.find('b', 1), other);
  calls.remove(number);
  assert.equal(calls.find('a', 1), undefined);
  assert.equal(calls.find('a', '1'), text);
  assert.equal(calls.find('c', 1), undefined);
});

test('of two calls under one id the newer is meant, also when the older ends first', () => {
  const calls = createLongCalls<ReturnType<typeof callOf>>();
  const [older, newer] = [callOf('a', 1), callOf('a', 1)];
  calls.add(older);
  calls.add(newer);
  calls.remove(older);
  assert.equal(calls.find('a', 1), newer);
});
