import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextDueMs } from './cron.ts';

/** Due times after a moment, as times of UTC. */
function dueTimes(cron: string, timeZone: string, from: string, count: number): string[] {
  const found: string[] = [];
  for (let atMs = Date.parse(from); found.length < count; ) {
    atMs = nextDueMs({ cron, timeZone }, atMs) ?? Number.NaN;
    found.push(new Date(atMs).toISOString().slice(0, 16));
  }
  return found;
}

for (const [title, cron, zone, from, expected] of [
  [
    'midnight in Tokyo is fifteen hours of the day before in UTC',
    ...(['0 0 * * *', 'Asia/Tokyo', '2026-03-01T00:00Z'] as const),
    ['2026-03-01T15:00', '2026-03-02T15:00'],
  ],
  [
    'a time that the clock leaves out in spring is due as soon as it goes on',
    ...(['30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00Z'] as const),
    ['2026-03-29T01:00', '2026-03-30T00:30'],
  ],
  [
    'a time that comes twice in autumn is due once',
    ...(['30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z'] as const),
    ['2026-10-25T00:30', '2026-10-26T01:30'],
  ],
  [
    'New York changes on other days',
    ...(['0 3 * * *', 'America/New_York', '2026-03-07T12:00Z'] as const),
    ['2026-03-08T07:00', '2026-03-09T07:00'],
  ],
  [
    'the last day of a month is found in February too',
    ...(['0 0 L * *', 'UTC', '2026-02-01T00:00Z'] as const),
    ['2026-02-28T00:00', '2026-03-31T00:00'],
  ],
] as const) {
  test(title, () => {
    assert.deepEqual(dueTimes(cron, zone, from, expected.length), [...expected]);
  });
}
