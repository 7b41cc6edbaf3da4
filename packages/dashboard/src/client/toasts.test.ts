import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attempt, createToasts, toastsMax } from './toasts.ts';

test('an act that worked is told with its way back, one that failed with its reason', async () => {
  const toasts = createToasts();
  const undone: string[] = [];
  const words = { done: 'done', failed: (reason: string) => `not done: ${reason}` };
  const undo = () => void undone.push('undo');
  assert.equal(await attempt(toasts, { ...words, work: async () => {}, undo }), true);
  const work = () => Promise.reject(new Error('it is gone'));
  assert.equal(await attempt(toasts, { ...words, work, undo }), false);
  const [first, second] = toasts.list();
  first?.undo?.();
  assert.deepEqual(undone, ['undo']);
  assert.deepEqual(
    [second?.text, second?.kind, second?.undo],
    ['not done: it is gone', 'failed', undefined],
  );
});

test('of too many toasts the oldest that tells no failure goes', () => {
  const toasts = createToasts();
  toasts.tell({ kind: 'failed', text: 'first' });
  for (let count = 0; count < toastsMax; count += 1) {
    toasts.tell({ kind: 'done', text: `${count}` });
  }
  assert.deepEqual(
    toasts.list().map(({ text }) => text),
    ['first', ...Array.from({ length: toastsMax - 1 }, (_, index) => `${index + 1}`)],
  );
});
