import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Figures } from './figures.ts';
import { type Indicator, indicatorsOf } from './indicators.ts';

const spread = (value: number) => ({ samples: 3, mean: value, max: value, last: value });

function levelsOf(facts: {
  readonly p95Ms?: number;
  readonly failed?: number;
  readonly sessions?: number;
  readonly memoryBytes?: number;
}): Partial<Record<Indicator['name'], Indicator['level']>> {
  const { p95Ms = 1, failed = 0, sessions, memoryBytes = 1 } = facts;
  const calls = { calls: 100, failed, p95Ms };
  const figures = {
    calls,
    servers: [{ server: 'files', memoryBytes: spread(memoryBytes) }],
    machine: sessions === undefined ? {} : { sessions: spread(sessions) },
  } as unknown as Figures;
  return Object.fromEntries(indicatorsOf(figures, 15).map(({ name, level }) => [name, level]));
}

for (const [name, figure, values] of [
  ['response', 'p95Ms', { good: 2_999, fair: 5_000, poor: 5_001 }],
  ['errors', 'failed', { good: 1, fair: 5, poor: 6 }],
  ['sessions', 'sessions', { good: 11, fair: 12, poor: 15 }],
  ['memory', 'memoryBytes', { good: 399_999_999, fair: 400_000_000, poor: 512_000_001 }],
] as const) {
  for (const [level, value] of Object.entries(values)) {
    test(`${name} of ${value} is ${level}`, () => {
      assert.equal(levelsOf({ [figure]: value })[name], level);
    });
  }
}

test('what nobody counted is not known: sessions that were never sampled, and a cache there is not', () => {
  const levels = levelsOf({});
  assert.deepEqual([levels.sessions, levels.cacheMisses], ['unknown', 'unknown']);
});
