import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { NewEvent } from './events.ts';
import { type Counts, countEvent, countEvents, mergeCounts, noCounts } from './totals.ts';

const about = { atMs: 1, subject: 'files' } as const;
const starting = (isRestart: boolean): NewEvent => ({
  ...about,
  kind: 'instance.starting',
  index: 0,
  isRestart,
  generation: 1,
  why: 'wanted',
});
const died = (expected: boolean): NewEvent => ({
  ...about,
  kind: 'instance.died',
  index: 0,
  generation: 1,
  exit: 'exited with 1',
  expected,
  why: 'crash',
  lastLines: [],
  next: 'restart',
});
type Outcome = 'ok' | 'error' | 'denied' | 'late' | 'cancelled' | 'lost';
const finished = (outcome: Outcome): NewEvent => ({
  ...about,
  kind: 'call.finished',
  method: 'tools/call',
  outcome,
  tookMs: 2,
});

const rows: readonly {
  readonly says: string;
  readonly events: readonly NewEvent[];
  readonly totals: Partial<Counts>;
}[] = [
  { says: 'nothing happened', events: [], totals: {} },
  { says: 'a call that ended ok', events: [finished('ok')], totals: { calls: 1 } },
  ...(['error', 'denied', 'late', 'cancelled', 'lost'] as const).map((outcome) => ({
    says: `a call that ended ${outcome} has failed`,
    events: [finished(outcome)],
    totals: { calls: 1, failedCalls: 1 },
  })),
  { says: 'the first start is no restart', events: [starting(false)], totals: {} },
  {
    says: 'the second start is',
    events: [starting(false), starting(true)],
    totals: { restarts: 1 },
  },
  { says: 'a death nobody asked for', events: [died(false)], totals: { deaths: 1 } },
  { says: 'a death that was asked for does not count', events: [died(true)], totals: {} },
];
for (const row of rows) {
  test(`totals: ${row.says}`, () => {
    const counts = row.events.reduce(countEvent, noCounts);
    const none = { calls: 0, failedCalls: 0, restarts: 0, deaths: 0 };
    assert.deepEqual(counts, { ...none, ...row.totals });
  });
}

test('totals are the same whatever way the events are split into batches', () => {
  const event = fc
    .tuple(
      fc.constantFrom('files', 'search'),
      fc.oneof(
        fc.constantFrom<Outcome>('ok', 'error', 'lost').map(finished),
        fc.boolean().map(starting),
        fc.boolean().map(died),
      ),
    )
    .map(([subject, value]): NewEvent => ({ ...value, subject }));
  fc.assert(
    fc.property(fc.array(fc.array(event)), (batches) => {
      const split = new Map<string, Counts>();
      for (const batch of batches) {
        for (const [server, counts] of countEvents(batch)) {
          split.set(server, mergeCounts(split.get(server) ?? noCounts, counts));
        }
      }
      assert.deepEqual(split, countEvents(batches.flat()));
    }),
  );
});
