import assert from 'node:assert/strict';
import { test } from 'node:test';
import { budgetOf } from './slo.ts';

const hourMs = 3_600_000;

for (const [upMs, downMs, state] of [
  [0, 0, 'unknown'],
  [hourMs - 19_000, 18_999, 'tooLittle'],
  [0, 22_000, 'tooLittle'],
  [hourMs - 18_000, 18_000, 'met'],
  [hourMs - 18_000, 18_100, 'missed'],
] as const) {
  test(`up ${upMs} ms, down ${downMs} ms, wanted 99.5 %: ${state}`, () => {
    const availability = { upMs, downMs, unwantedMs: 0, unknownMs: 0 };
    const found = budgetOf({ availability, objectivePercent: 99.5, rangeMs: 24 * hourMs });
    assert.equal(found.state, state);
    const isJudged = state === 'met' || state === 'missed';
    assert.equal(found.spentShare !== undefined, isJudged, 'a budget is spent of a known time');
  });
}
