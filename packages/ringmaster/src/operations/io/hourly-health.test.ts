import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHandClock } from '../../alerting/testing/hand-clock.ts';
import type { NewEvent } from '../../journal/events.ts';
import { recordHealthHourly } from './hourly-health.ts';

const minuteMs = 60_000;

test('at every full hour it is written down how the whole is, however often the daemon is started', async () => {
  const time = createHandClock(Date.parse('2026-05-01T12:50Z'));
  const events: NewEvent[] = [];
  const begin = () =>
    recordHealthHourly({
      clock: time.clock,
      append: (event) => void events.push(event),
      check: async () => ({
        ...{ overall: 'unhealthy', atMs: time.clock.nowMs() },
        checks: [
          { check: 'disk', result: 'fail', tookMs: 0, told: { en: '', ja: '' } },
          { check: 'cpu', result: 'warn', tookMs: 0, told: { en: '', ja: '' } },
        ],
      }),
    });
  const pass = async (ms: number) => {
    time.pass(ms);
    await new Promise((done) => setImmediate(done));
  };
  const endFirst = begin();
  await pass(9 * minuteMs);
  endFirst();
  const end = begin();
  await pass(minuteMs);
  await pass(59 * minuteMs);
  assert.equal(events.length, 1);
  await pass(minuteMs);
  end();
  await pass(120 * minuteMs);
  const told = { kind: 'health.checked', subject: 'daemon', overall: 'unhealthy' };
  const found = { ...told, failing: ['disk'], warning: ['cpu'] };
  assert.deepEqual(events, [
    { atMs: Date.parse('2026-05-01T13:00Z'), ...found },
    { atMs: Date.parse('2026-05-01T14:00Z'), ...found },
  ]);
});
