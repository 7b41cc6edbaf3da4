import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { Problem } from '../../errors.ts';
import { createOnce } from './idempotency.ts';
import { keysInMemory } from './testing/keys-in-memory.ts';

const withKey = (key: string) =>
  ({ headers: { 'idempotency-key': key } }) as unknown as IncomingMessage;
const asked = { operation: 'server.restart', given: { servers: ['a'] } } as const;

const isProblem = (code: string) => (error: unknown) =>
  error instanceof Problem && error.code === code;

/** Counts how often a thing is done; the answer is the count. */
function counting(answer: (count: number) => unknown = (count) => ({ count })) {
  let count = 0;
  return async () => {
    count += 1;
    return answer(count);
  };
}

test('a key is forgotten after ten minutes, and not before', async () => {
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
});

test('what is under way is not done a second time, however long it takes', async () => {
  let nowMs = 0;
  const once = createOnce({ ...keysInMemory(), clock: { nowMs: () => nowMs } });
  let end = (): void => {};
  const work = () => new Promise<unknown>((done) => (end = () => done({ count: 1 })));
  const first = once(withKey('slow'), asked, work);
  nowMs = 3_600_000;
  const again = once(withKey('slow'), asked, () => assert.fail('it was done twice'));
  end();
  assert.deepEqual(await again, await first);
});

test('of keys before the newest thousand it is known that they were done, not what was answered', async () => {
  let nowMs = 0;
  const { journal } = keysInMemory();
  const once = createOnce({ clock: { nowMs: () => nowMs }, journal });
  const work = counting();
  const ask = (key: string) => once(withKey(key), asked, work);
  for (let at = 0; at <= 1_000; at += 1) {
    nowMs += 1;
    await ask(`k${at}`);
  }
  assert.deepEqual(await ask('k1'), { count: 2 });
  assert.throws(() => ask('k0'), isProblem('answer_not_kept'));
});

test('where ten thousand keys are known, a further one is refused until the oldest has expired', async () => {
  let nowMs = 1_000;
  const { journal } = keysInMemory();
  const kept = { asked: 'x', atMs: 500, state: 'done' };
  for (let at = 0; at < 10_000; at += 1) journal.remember('idempotencyKey', `k${at}`, kept);
  const once = createOnce({ clock: { nowMs: () => nowMs }, journal });
  const work = counting();
  assert.throws(
    () => once(withKey('new'), asked, work),
    (error) => isProblem('keys_full')(error) && (error as Problem).details?.['retryAfterS'] === 600,
  );
  assert.throws(() => once(withKey('k1'), asked, work), isProblem('key_reused'));
  nowMs = 600_500;
  assert.deepEqual(await once(withKey('new'), asked, work), { count: 1 });
});

test('of a long answer the next life knows only that it was done', async () => {
  const needs = keysInMemory();
  const long = counting(() => ({ text: 'x'.repeat(20_000) }));
  const once = createOnce(needs);
  const first = await once(withKey('k'), asked, long);
  assert.equal(await once(withKey('k'), asked, long), first, 'kept in memory');
  assert.throws(() => createOnce(needs)(withKey('k'), asked, long), isProblem('answer_not_kept'));
});

test('what failed may be tried again with its key', async () => {
  const once = createOnce(keysInMemory());
  const failing = async () => {
    throw new Problem('server_down', 'it is down');
  };
  await assert.rejects(once(withKey('k'), asked, failing));
  assert.deepEqual(await once(withKey('k'), asked, counting()), { count: 1 });
});
