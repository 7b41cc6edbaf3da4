import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { NewEvent } from './events.ts';
import { createWaitingEvents } from './waiting-events.ts';

const call = (atMs: number): NewEvent => ({
  atMs,
  kind: 'call.finished',
  subject: 'files',
  method: 'tools/call',
  outcome: 'ok',
  tookMs: 1,
});
const other = (atMs: number): NewEvent => ({
  atMs,
  kind: 'daemon.stopped',
  subject: 'daemon',
  why: 'asked',
});
const times = (events: readonly NewEvent[]) => events.map((event) => event.atMs);

const rows = [
  {
    says: 'with room everything waits, in order',
    added: [call(1), other(2)],
    dropped: [],
    left: [1, 2],
  },
  {
    says: 'a call event that finds no room goes',
    added: [other(1), call(2), other(3), call(4)],
    dropped: [4],
    left: [1, 2, 3],
  },
  {
    says: 'another event takes the place of the newest call event',
    added: [call(1), call(2), other(3), other(4)],
    dropped: [2],
    left: [1, 3, 4],
  },
  {
    says: 'without call events the newest event goes',
    added: [other(1), other(2), other(3), other(4)],
    dropped: [4],
    left: [1, 2, 3],
  },
];
for (const row of rows) {
  test(`waiting events, three at most: ${row.says}`, () => {
    const waiting = createWaitingEvents(3);
    const dropped = row.added
      .map((event) => waiting.add(event))
      .filter((gone) => gone !== undefined);
    assert.deepEqual(times(dropped), row.dropped);
    assert.deepEqual(times(waiting.take(10)), row.left);
    assert.equal(waiting.count, 0);
  });
}

test('waiting events stay in order and bounded, and no event but a call goes while a call waits', () => {
  const step = fc.oneof(
    fc.constant('call' as const),
    fc.constant('other' as const),
    fc.nat(4).map((count) => ({ take: count })),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const waiting = createWaitingEvents(5);
      const expected: NewEvent[] = [];
      steps.forEach((step, atMs) => {
        if (typeof step === 'object') {
          assert.deepEqual(waiting.take(step.take), expected.splice(0, step.take));
          return;
        }
        const event = step === 'call' ? call(atMs) : other(atMs);
        expected.push(event);
        const gone = waiting.add(event);
        if (gone !== undefined) expected.splice(expected.indexOf(gone), 1);
        const mayGo =
          gone?.kind !== 'daemon.stopped' || expected.every((e) => e.kind === gone.kind);
        assert.ok(mayGo);
        assert.ok(waiting.count <= 5);
      });
      assert.deepEqual(waiting.take(100), expected);
    }),
  );
});
