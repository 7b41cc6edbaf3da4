import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { Problem } from '../../errors.ts';
import { createOnce } from './idempotency.ts';
import { keysInMemory } from './testing/keys-in-memory.ts';

const withKey = (key: string) =>
  ({ headers: { 'idempotency-key': key } }) as unknown as IncomingMessage;
const asked = { operation: 'server.restart', given: { servers: ['a'] } } as const;

/** Counts how often a thing is done; the answer is the count. */
function counting(answer: (count: number) => unknown = (count) => ({ count })) {
  let count = 0;
  return async () => {
    count += 1;
    return answer(count);
  };
}

test('a key is forgotten after ten minutes, or when a thousand newer ones came', async () => {
  let nowMs = 0;
  const { journal } = keysInMemory();
  const once = createOnce({ clock: { nowMs: () => nowMs }, journal });
  const work = counting();
  const ask = (key: string) => once(withKey(key), asked, work);
  assert.deepEqual(await ask('old'), { count: 1 });
  nowMs = 599_999;
  assert.deepEqual(await ask('old'), { count: 1 });
  nowMs = 600_000;
  assert.deepEqual(await ask('old'), { count: 2 });
  for (let at = 0; at < 1_000; at += 1) await ask(`k${at}`);
  assert.equal(journal.recallAll('idempotencyKey').size, 1_000);
  assert.deepEqual(await ask('old'), { count: 1_003 });
});

test('of a long answer the next life knows only that it was done', async () => {
  const needs = keysInMemory();
  const long = counting(() => ({ text: 'x'.repeat(20_000) }));
  const once = createOnce(needs);
  const first = await once(withKey('k'), asked, long);
  assert.equal(await once(withKey('k'), asked, long), first, 'kept in memory');
  assert.throws(
    () => createOnce(needs)(withKey('k'), asked, long),
    (error) => error instanceof Problem && error.code === 'answer_not_kept',
  );
});

test('what failed may be tried again with its key', async () => {
  const once = createOnce(keysInMemory());
  const failing = async () => {
    throw new Problem('server_down', 'it is down');
  };
  await assert.rejects(once(withKey('k'), asked, failing));
  assert.deepEqual(await once(withKey('k'), asked, counting()), { count: 1 });
});
