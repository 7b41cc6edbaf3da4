import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from '../../../clock.ts';
import type { NewEvent } from '../../../journal/events.ts';
import { createEventStore } from '../../event-store.ts';
import { wholeFleet } from '../../view.ts';
import { createStreams } from '../streams.ts';
import { createKeepsakes } from './keepsakes.ts';
import { createSessions } from './sessions.ts';

const idleMs = 60_000;

function setUp(max = 10) {
  const time = { nowMs: 1_000_000, tickMs: 0 };
  const planned: (() => void)[] = [];
  const events: NewEvent[] = [];
  const clock: Clock = {
    nowMs: () => time.nowMs,
    tickMs: () => time.tickMs,
    after: (_, then) => {
      planned.push(then);
      return () => {};
    },
  };
  const keepsakes = createKeepsakes(
    { recallAll: () => new Map(), remember: () => {}, flushWithin: async () => true },
    clock,
  );
  const sessions = createSessions({
    ...{ clock, streams: createStreams(clock), stored: keepsakes.stored, keep: keepsakes.keep },
    store: createEventStore({ perSession: 1_000, total: 10_000, keepMs: 60_000 }),
    keeperOf: keepsakes.keeperOf,
    append: (event) => events.push(event),
    onRestored: () => {},
    limits: { max, idleMs },
    onEnded: () => {},
  });
  const openOne = () =>
    sessions.open({
      view: wholeFleet,
      protocolVersion: '2025-06-18',
      capabilities: {},
      client: undefined,
    });
  openOne();
  return { sessions, openOne, time, sweep: () => planned.shift()?.(), events };
}

test('a session is forgotten when it was unused for so long', () => {
  const { sessions, time, sweep } = setUp();
  time.tickMs = idleMs - 1;
  sweep();
  assert.equal(sessions.count(), 1);
  time.tickMs = idleMs;
  sweep();
  assert.equal(sessions.count(), 0);
});

for (const daysMs of [90 * 86_400_000, -90 * 86_400_000])
  test(`a clock set by ${daysMs / 86_400_000} days neither forgets a session nor keeps one for ever`, () => {
    const { sessions, time, sweep } = setUp();
    time.nowMs += daysMs;
    sweep();
    assert.equal(sessions.count(), 1);
    time.tickMs = idleMs;
    sweep();
    assert.equal(sessions.count(), 0);
  });

test('where there is no more room it is always the longest unused session that goes', () => {
  const { sessions, openOne, time } = setUp(350);
  // By order of use, the longest unused first.
  const expected = [...sessions.all()].map(({ label }) => ({ label, id: '' }));
  let seed = 7;
  for (let turn = 0; turn < 4_000; turn += 1) {
    time.tickMs += 1;
    time.nowMs += 1;
    seed = (seed * 48_271) % 2_147_483_647;
    const used = expected[seed % expected.length];
    if (seed % 3 > 0 && used?.id !== undefined && used.id !== '') {
      sessions.use(used.id);
      expected.splice(expected.indexOf(used), 1);
      expected.push(used);
      continue;
    }
    if (expected.length === 350) expected.shift();
    const { id, session } = openOne();
    expected.push({ label: session.label, id });
    assert.equal(sessions.count(), expected.length);
    assert.ok(
      expected.every(({ label }) => sessions.labelled(label) !== undefined),
      `turn ${turn}`,
    );
  }
});
