import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createSlots } from './slots.ts';

test('whatever comes and goes, each is found under its own id, and ids only rise', () => {
  const steps = fc.array(fc.oneof(fc.constant('put' as const), fc.nat(300)), { maxLength: 500 });
  fc.assert(
    fc.property(steps, fc.integer({ min: -5, max: 2 ** 40 }), (all, firstId) => {
      const slots = createSlots<{ upstreamId: number }>(firstId);
      const model = new Map<number, { upstreamId: number }>();
      let last = Math.max(1, firstId) - 1;
      for (const step of all) {
        if (step === 'put') {
          const one = { upstreamId: slots.nextId() };
          assert.ok(one.upstreamId > last);
          last = one.upstreamId;
          slots.put(one);
          model.set(one.upstreamId, one);
        } else {
          const id = [...model.keys()][step % Math.max(1, model.size)] ?? last + step + 1;
          assert.equal(slots.take(id), model.get(id));
          model.delete(id);
        }
      }
      assert.deepEqual(new Set(slots.all()), new Set(model.values()));
      for (const [id, one] of model) assert.equal(slots.get(id), one);
    }),
  );
});

test('ids that are none are found nowhere', () => {
  const slots = createSlots<{ upstreamId: number }>(1);
  slots.put({ upstreamId: slots.nextId() });
  for (const id of [-1, 0, 1.5, 65, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.equal(slots.take(id), undefined);
  }
  assert.equal(slots.all().length, 1);
  slots.clear();
  assert.equal(slots.take(1), undefined);
});
