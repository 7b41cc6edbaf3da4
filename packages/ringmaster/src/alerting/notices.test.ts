import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alerts as schema } from '../fleet/schema-alerts.ts';
import type { Alert, Silence } from './alert.ts';
import { dueNotices, isQuiet, type TellingNeeds } from './notices.ts';

const nowMs = Date.UTC(2026, 0, 15, 12, 0);
const hook = { kind: 'webhook', url: 'http://127.0.0.1:9' } as const;
const settings = schema.parse({
  notifiers: { team: hook, boss: hook, vendor: hook },
  escalation: [
    { afterMs: 0, notifiers: ['team'] },
    { afterMs: '10m', notifiers: ['boss'] },
    { afterMs: '30m', notifiers: ['vendor'] },
  ],
});
const alert: Alert = {
  ...{ key: 'down/files', rule: 'down', subject: 'files', severity: 'high', state: 'firing' },
  firedAtMs: nowMs,
};
const silence: Silence = {
  ...{ id: 's', rule: 'down', subject: 'files', untilMs: nowMs + 60_000, by: 'me', note: '' },
};

function due(given: Partial<Alert>, needs: Partial<TellingNeeds> = {}): string[] {
  const open = new Map([[alert.key, { ...alert, ...given }]]);
  const { notices } = dueNotices(open, { settings, silences: [], nowMs, resolved: [], ...needs });
  return [...notices].flatMap(([name, all]) => all.map(({ about }) => `${name} ${about}`));
}

const told = { level: 1, atMs: nowMs, severity: 'high' } as const;
const taken = { by: 'me', note: '', atMs: nowMs };
const quiet = {
  ...settings,
  quietHours: { from: '11:00', to: '13:00', timeZone: 'UTC', least: 'critical' },
} as const;
const cases: readonly (readonly [string, string[], string[]])[] = [
  ['what is new goes to the first level', due({}), ['team firing']],
  ['what was told is not told again', due({ told }), []],
  [
    'ten minutes later the second level hears',
    due({ told }, { nowMs: nowMs + 600_000 }),
    ['boss firing'],
  ],
  ['not if somebody took it', due({ told, acknowledged: taken }, { nowMs: nowMs + 600_000 }), []],
  [
    'what got worse is told although somebody took it',
    due({ told, acknowledged: taken, severity: 'critical' }),
    ['team worse'],
  ],
  [
    'after four hours it is told again',
    due({ told: { ...told, level: 3 } }, { nowMs: nowMs + 4 * 3_600_000 }),
    ['team still', 'boss still', 'vendor still'],
  ],
  [
    'a daemon that was away tells all levels that are due',
    due({}, { nowMs: nowMs + 1_800_000 }),
    ['team firing', 'boss firing', 'vendor firing'],
  ],
  ['a silence holds it', due({}, { silences: [silence] }), []],
  [
    'a silence of another server does not',
    due({}, { silences: [{ ...silence, subject: 'other' }] }),
    ['team firing'],
  ],
  [
    'when the silence has ended it is told',
    due({}, { silences: [silence], nowMs: nowMs + 60_000 }),
    ['team firing'],
  ],
  ['quiet hours hold what is mild', due({}, { settings: quiet }), []],
  [
    'and tell it when they end',
    due({}, { settings: quiet, nowMs: nowMs + 3_600_000 }),
    ['team firing', 'boss firing', 'vendor firing'],
  ],
  [
    'quiet hours let through what is critical',
    due({ severity: 'critical' }, { settings: quiet }),
    ['team firing'],
  ],
  ['nobody is told of what is milder than wanted', due({ severity: 'info' }), []],
  ['what is clearing is not told', due({ state: 'clearing' }), []],
];

for (const [name, found, expected] of cases)
  test(`${name}`, () => assert.deepEqual(found, expected));

test('who heard that it fires hears that it is resolved, and nobody else', () => {
  const resolved = [
    { ...alert, told: { ...told, level: 2 } },
    { ...alert, key: 'untold' },
  ];
  const { notices } = dueNotices(new Map(), { settings, silences: [], nowMs, resolved });
  assert.deepEqual([...notices.keys()], ['team', 'boss']);
  assert.equal(notices.get('team')?.length, 1);
});

test('quiet hours go over midnight, by the clock of their zone', () => {
  const night = { from: '22:00', to: '07:00', timeZone: 'Asia/Tokyo', least: 'critical' } as const;
  const at = (hour: number) => isQuiet(night, Date.UTC(2026, 0, 15, hour));
  // Tokyo is nine hours ahead.
  assert.deepEqual([12, 13, 21, 22].map(at), [false, true, true, false]);
});
