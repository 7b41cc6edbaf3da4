import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NewEvent } from '../journal/events.ts';
import type { Alert } from './alert.ts';
import { foldPast } from './past.ts';

const hourMs = 3_600_000;
const range = { fromMs: 100 * hourMs, toMs: 124 * hourMs };
const about = { key: 'down/a', rule: 'down', subject: 'a' } as const;
const fired = (hour: number, severity = 'warning'): NewEvent => ({
  ...{ kind: 'alert.fired', ...about, severity, atMs: (100 + hour) * hourMs },
});
const resolved = (hour: number, firedHour: number): NewEvent => ({
  ...{ kind: 'alert.resolved', ...about, severity: 'warning', atMs: (100 + hour) * hourMs },
  firedAtMs: (100 + firedHour) * hourMs,
});
const taken = (hour: number): NewEvent => ({
  ...{ kind: 'alert.acknowledged', subject: 'a', key: 'down/a', by: 'me', note: '' },
  atMs: (100 + hour) * hourMs,
});

test('alerts of one rule are one row: how often, how long, taken after how long, how bad', () => {
  const raised: NewEvent = {
    ...{ kind: 'alert.raised', ...about, severity: 'critical', atMs: 101.5 * hourMs },
  };
  const past = foldPast({
    ...range,
    events: [fired(1), raised, taken(2), resolved(3, 1), fired(10), resolved(11, 10)],
    open: [],
  });
  assert.equal(past.fired, 2);
  assert.equal(past.totalMs, 3 * hourMs);
  assert.equal(past.takenMs, hourMs);
  assert.deepEqual(past.rows[0]?.spans, [
    ['critical', 101 * hourMs, 103 * hourMs],
    ['warning', 110 * hourMs, 111 * hourMs],
  ]);
});

test('what fired before the time counts from its begin, and what is open still until its end', () => {
  const open: Alert[] = [
    { ...about, severity: 'high', state: 'firing', firedAtMs: 120 * hourMs },
    {
      ...{ key: 'sick/b', rule: 'sick', subject: 'b', severity: 'warning', state: 'firing' },
      firedAtMs: 50 * hourMs,
    },
  ];
  const past = foldPast({ ...range, events: [resolved(2, -5), fired(20, 'high')], open });
  assert.equal(past.fired, 3);
  const spans = past.rows.map(({ spans: all }) => all);
  assert.deepEqual(spans[0], [
    ['warning', 100 * hourMs, 102 * hourMs],
    ['high', 120 * hourMs, 124 * hourMs],
  ]);
  assert.deepEqual(spans[1], [['warning', 100 * hourMs, 124 * hourMs]]);
});

test('an alert whose end nobody recorded is not taken for one that lasted until now', () => {
  const past = foldPast({ ...range, events: [fired(1), fired(2)], open: [] });
  assert.equal(past.totalMs, 0);
  assert.equal(past.fired, 2);
});
