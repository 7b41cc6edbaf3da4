import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alerts as schema } from '../fleet/schema-alerts.ts';
import type { Alert } from './alert.ts';
import { type Attempt, ladderOf, notifierRows } from './ladder.ts';

const nowMs = 1_700_000_000_000;
const settings = schema.parse({
  notifiers: {
    chat: { kind: 'slack', url: 'https://chat.example' },
    mail: { kind: 'webhook', url: 'https://mail.example' },
  },
  escalation: [
    { afterMs: 0, notifiers: ['chat'] },
    { afterMs: '1m', notifiers: ['mail'] },
    { afterMs: '1h' },
  ],
});

function alert(more: Partial<Alert> = {}): Alert {
  return {
    ...{ key: 'down/a', rule: 'down', subject: 'a', severity: 'critical', state: 'firing' },
    ...{ firedAtMs: nowMs - 120_000, ...more },
  };
}

const told = { level: 2, atMs: nowMs - 60_000, severity: 'critical' } as const;
const attempt = (notifier: string, beforeMs: number, more: Partial<Attempt> = {}): Attempt => ({
  ...{ notifier, atMs: nowMs - beforeMs, alerts: ['down/a'], ...more },
});

const cases: readonly (readonly [string, Alert, readonly Attempt[], readonly string[]])[] = [
  ['nobody told yet', alert(), [], ['held', 'held', 'due']],
  ['under way', alert({ told }), [attempt('chat', 9)], ['told', 'sending', 'due']],
  [
    'one that fails',
    alert({ told }),
    [attempt('chat', 9), attempt('mail', 8, { why: 'refused', nextTryAtMs: nowMs + 5 })],
    ['told', 'failed', 'due'],
  ],
  [
    'one that failed and then worked',
    alert({ told }),
    [attempt('mail', 9, { why: 'refused' }), attempt('mail', 8), attempt('chat', 9)],
    ['told', 'told', 'due'],
  ],
  [
    'deliveries of an earlier alert of this name',
    alert({ told }),
    [attempt('chat', 500_000)],
    ['sending', 'sending', 'due'],
  ],
  [
    'somebody took it',
    alert({ told, acknowledged: { by: 'me', note: '', atMs: nowMs } }),
    [attempt('chat', 9), attempt('mail', 9)],
    ['told', 'told', 'stopped'],
  ],
];
for (const [name, one, attempts, states] of cases) {
  test(`the levels of an alert: ${name}`, () => {
    const ladder = ladderOf(one, { settings, attempts, nowMs });
    assert.deepEqual(
      ladder.map(({ state }) => state),
      states,
    );
  });
}

test('a level without names tells everybody, and without notifiers there are no levels', () => {
  const facts = { settings, attempts: [], nowMs };
  assert.deepEqual(ladderOf(alert(), facts)[2]?.notifiers, ['chat', 'mail']);
  assert.deepEqual(ladderOf(alert(), { ...facts, settings: schema.parse({}) }), []);
});

test('of a notifier its failures since it last worked are told', () => {
  const rows = notifierRows(settings.notifiers, [
    attempt('mail', 100),
    attempt('mail', 90, { why: 'refused', nextTryAtMs: nowMs - 80 }),
    attempt('mail', 80, { why: 'timed out', nextTryAtMs: nowMs + 10 }),
    attempt('chat', 70, { why: 'refused' }),
    attempt('chat', 60),
  ]);
  assert.equal(rows[0]?.failing, undefined);
  assert.equal(rows[0]?.lastOkAtMs, nowMs - 60);
  const failing = { sinceMs: nowMs - 90, tries: 2, why: 'timed out', nextTryAtMs: nowMs + 10 };
  assert.deepEqual(rows[1]?.failing, failing);
});
