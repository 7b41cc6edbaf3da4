import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decideDue, lateMs } from './due.ts';

const spec = { missed: 'once', enabled: true } as const;
const state = { handledUntilMs: 0, isRunning: false, isPaused: false };
const dueAtMs = 1_000_000;

for (const [title, given, expected] of [
  ['that is not due waits', { nowMs: dueAtMs - 1 }, 'wait'],
  ['that will never be due waits', { nowMs: dueAtMs, dueAtMs: undefined }, 'wait'],
  ['that is due runs', { nowMs: dueAtMs }, 'run'],
  ['that was missed is made up for', { nowMs: dueAtMs + lateMs + 1 }, 'run'],
  [
    'that was missed is left out when so configured',
    { nowMs: dueAtMs + lateMs + 1, spec: { missed: 'skip', enabled: true } as const },
    'it was due while nobody watched',
  ],
  [
    'that is a little late runs all the same',
    { nowMs: dueAtMs + lateMs, spec: { missed: 'skip', enabled: true } as const },
    'run',
  ],
  [
    'that still runs is not run beside itself',
    { nowMs: dueAtMs, state: { ...state, isRunning: true } },
    'the run before is not done yet',
  ],
  [
    'that is paused is left out',
    { nowMs: dueAtMs, state: { ...state, isPaused: true } },
    'it is paused',
  ],
  [
    'that is not enabled is left out',
    { nowMs: dueAtMs, spec: { missed: 'once', enabled: false } as const },
    'it is not enabled',
  ],
] as const) {
  test(`a schedule ${title}`, () => {
    const all: {
      nowMs: number;
      dueAtMs?: number | undefined;
      spec?: Parameters<typeof decideDue>[0];
      state?: Parameters<typeof decideDue>[1];
    } = given;
    const at = { nowMs: all.nowMs, dueAtMs: 'dueAtMs' in all ? all.dueAtMs : dueAtMs };
    const decided = decideDue(all.spec ?? spec, all.state ?? state, at);
    assert.equal(decided.kind === 'skip' ? decided.why : decided.kind, expected);
  });
}
