import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTurn } from './turn.ts';

for (const { says, atMs, turns } of [
  { says: 'at once, and then when the time has passed', atMs: [0, 9_000, 10_000], turns: '+-+' },
  { says: 'a little early, as timers are', atMs: [7, 10_003, 20_001], turns: '+++' },
  { says: 'anew after a clock that was set back', atMs: [50_000, 20_000, 29_000], turns: '++-' },
])
  test(says, () => {
    const isDue = createTurn(10_000);
    assert.equal(atMs.map((nowMs) => (isDue(nowMs) ? '+' : '-')).join(''), turns);
  });
