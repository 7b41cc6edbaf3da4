import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Severity } from '../fleet/schema-alerts.ts';
import { type Alert, type Finding, machineName } from './alert.ts';
import { stepAlerts, stepPending } from './alert-table.ts';

const startMs = 1_700_000_000_000;
const coolDownMs = 300_000;
const none: ReadonlySet<string> = new Set();

function cpu(severity: Severity): Finding {
  return { rule: 'cpuPercent', subject: machineName, severity, value: 1, threshold: 1 };
}

/** Plays looks one after the other; each is a severity, `-` for all is well, `?` for nothing is known. */
function play(looks: readonly (readonly [number, Severity | '-' | '?'])[]) {
  let open: ReadonlyMap<string, Alert> = new Map();
  const told: string[] = [];
  for (const [afterMs, what] of looks) {
    const wrong = what === '-' || what === '?' ? [] : [cpu(what)];
    const unknown = what === '?' ? new Set(['cpuPercent/machine']) : none;
    const step = stepAlerts(open, { wrong, unknown }, { nowMs: startMs + afterMs, coolDownMs });
    open = step.open;
    told.push(...step.changes.map(({ change, alert }) => `${change} ${alert.severity}`));
  }
  return { told, open: [...open.values()] };
}

const cases: readonly (readonly [string, Parameters<typeof play>[0], readonly string[]])[] = [
  [
    'what goes on is told once',
    [
      [0, 'warning'],
      [1, 'warning'],
      [2, 'warning'],
    ],
    ['fired warning'],
  ],
  [
    'what gets worse is told, what gets better is not',
    [
      [0, 'warning'],
      [1, 'critical'],
      [2, 'warning'],
    ],
    ['fired warning', 'raised critical'],
  ],
  [
    'it is resolved when all was well for the whole cool-down',
    [
      [0, 'warning'],
      [1_000, '-'],
      [coolDownMs, '-'],
      [coolDownMs + 1_000, '-'],
    ],
    ['fired warning', 'resolved warning'],
  ],
  [
    'while nothing is known it stays',
    [
      [0, 'warning'],
      [1_000, '?'],
      [9e9, '?'],
    ],
    ['fired warning'],
  ],
  [
    'a clock set back by a year resolves in the cool-down all the same',
    [
      [0, 'warning'],
      [1_000, '-'],
      [-3e10, '-'],
      [coolDownMs - 3e10, '-'],
    ],
    ['fired warning', 'resolved warning'],
  ],
];

for (const [name, looks, expected] of cases) {
  test(`the life of an alert: ${name}`, () => assert.deepEqual(play(looks).told, expected));
}

test('what is pending knows since when, until it fires', () => {
  const look = (before: ReturnType<typeof stepPending>, nowMs: number, isOpen = false) => {
    const alert: Alert = {
      ...cpu('warning'),
      key: 'cpuPercent/machine',
      state: 'firing',
      firedAtMs: 0,
    };
    const open: ReadonlyMap<string, Alert> = new Map(isOpen ? [[alert.key, alert]] : []);
    return stepPending(before, [cpu('warning')], { open, nowMs });
  };
  const first = look(new Map(), 5);
  const next = look(first, 9);
  assert.deepEqual(
    [...next.values()].map(({ key, sinceMs }) => [key, sinceMs]),
    [['cpuPercent/machine', 5]],
  );
  assert.equal(look(next, 12, true).size, 0);
});

test('however a figure flaps faster than the cool-down, it is one alert', () => {
  // Every pattern of eight looks, well or wrong, a minute apart; the first one is wrong.
  for (let pattern = 0; pattern < 256; pattern += 1) {
    const looks = Array.from({ length: 8 }, (_, index): [number, Severity | '-'] => [
      index * 60_000,
      index === 0 || (pattern & (1 << index)) !== 0 ? 'warning' : '-',
    ]);
    const longest = Math.max(...runs(looks.map(([, what]) => what)));
    const { told, open } = play(looks);
    const fired = told.filter((one) => one.startsWith('fired')).length;
    assert.ok(open.length <= 1);
    // Six looks in a row a minute apart span five minutes.
    if (longest < 6) assert.deepEqual(told, ['fired warning'], String(pattern));
    assert.ok(fired <= 2, String(pattern));
  }
});

function runs(looks: readonly string[]): number[] {
  return looks
    .join('')
    .split('warning')
    .map((run) => run.length);
}
