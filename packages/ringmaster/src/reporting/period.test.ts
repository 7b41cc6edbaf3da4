import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calendarRange, type ReportPeriod } from './period.ts';

const hourMs = 3_600_000;

for (const [period, timeZone, now, name, from, hours] of [
  ['daily', 'UTC', '2026-11-21T00:00:00Z', 'daily-2026-11-20', '2026-11-20T00:00:00Z', 24],
  ['daily', 'Asia/Tokyo', '2026-11-20T15:00:00Z', 'daily-2026-11-20', '2026-11-19T15:00:00Z', 24],
  ['daily', 'Asia/Tokyo', '2026-11-20T14:59:59Z', 'daily-2026-11-19', '2026-11-18T15:00:00Z', 24],
  [
    'daily',
    'Europe/Berlin',
    '2026-03-30T10:00:00Z',
    'daily-2026-03-29',
    '2026-03-28T23:00:00Z',
    23,
  ],
  [
    'daily',
    'Europe/Berlin',
    '2026-10-26T10:00:00Z',
    'daily-2026-10-25',
    '2026-10-24T22:00:00Z',
    25,
  ],
  [
    'daily',
    'America/New_York',
    '2026-11-02T12:00:00Z',
    'daily-2026-11-01',
    '2026-11-01T04:00:00Z',
    25,
  ],
  ['weekly', 'UTC', '2026-11-22T23:00:00Z', 'weekly-2026-11-09', '2026-11-09T00:00:00Z', 168],
  ['weekly', 'UTC', '2026-11-23T00:00:00Z', 'weekly-2026-11-16', '2026-11-16T00:00:00Z', 168],
  [
    'weekly',
    'Europe/Berlin',
    '2026-10-28T00:00:00Z',
    'weekly-2026-10-19',
    '2026-10-18T22:00:00Z',
    169,
  ],
  ['monthly', 'UTC', '2026-01-15T00:00:00Z', 'monthly-2025-12', '2025-12-01T00:00:00Z', 744],
  [
    'monthly',
    'America/New_York',
    '2026-04-02T00:00:00Z',
    'monthly-2026-03',
    '2026-03-01T05:00:00Z',
    743,
  ],
] as const satisfies readonly (readonly [ReportPeriod, ...unknown[]])[])
  test(`the last ${period} report at ${now} in ${timeZone} is ${name}`, () => {
    const nowMs = Date.parse(now);
    const found = calendarRange({ period, timeZone, nowMs, which: 'last' });
    assert.equal(found.name, name);
    assert.equal(new Date(found.fromMs).toISOString(), from.replace('Z', '.000Z'));
    assert.equal((found.toMs - found.fromMs) / hourMs, hours);
    const current = calendarRange({ period, timeZone, nowMs, which: 'current' });
    assert.equal(current.fromMs, found.toMs);
    assert.ok(current.fromMs <= nowMs && nowMs < current.toMs);
  });

test('every day of twenty years is followed by the next one', () => {
  const dayMs = 24 * hourMs;
  for (let nowMs = Date.UTC(2019, 0, 1); nowMs < Date.UTC(2039, 0, 1); nowMs += dayMs) {
    const asked = { period: 'daily', nowMs, timeZone: 'UTC', which: 'current' } as const;
    const { name, fromMs } = calendarRange(asked);
    assert.equal(name, `daily-${new Date(nowMs).toISOString().slice(0, 10)}`);
    assert.equal(fromMs, nowMs);
  }
});

test('a time zone nobody knows is refused', () => {
  const asked = { period: 'daily', nowMs: 0, timeZone: 'Mars/Base', which: 'last' } as const;
  assert.throws(() => calendarRange(asked), RangeError);
});
