import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NewEvent } from '../../../journal/events.ts';
import { wholeFleet } from '../../view.ts';
import { createSessions } from './sessions.ts';

const idleMs = 60_000;

function setUp() {
  const time = { nowMs: 1_000_000, tickMs: 0 };
  const planned: (() => void)[] = [];
  const events: NewEvent[] = [];
  const sessions = createSessions({
    clock: {
      nowMs: () => time.nowMs,
      tickMs: () => time.tickMs,
      after: (_, then) => {
        planned.push(then);
        return () => {};
      },
    },
    append: (event) => events.push(event),
    limits: { max: 10, idleMs },
  });
  sessions.open({
    view: wholeFleet,
    protocolVersion: '2025-06-18',
    capabilities: {},
    client: undefined,
  });
  return { sessions, time, sweep: () => planned.shift()?.(), events };
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
