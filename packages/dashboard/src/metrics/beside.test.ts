import assert from 'node:assert/strict';
import { test } from 'node:test';
import { besideLastWeek, weekMs } from './beside.ts';
import type { Panel } from './panels.ts';

const hourMs = 3_600_000;
const panel = (atMs: readonly number[], values: readonly (number | null)[], label = ''): Panel => ({
  ...{ name: 'calls', unit: 'perSecond', isLog: false, atMs },
  lines: [{ label, values, look: 'bold' }],
});

test('each moment has beside it the hour of a week before, and nothing where nothing was known', () => {
  const now = weekMs + 10 * hourMs;
  const at = [now, now + hourMs / 2, now + hourMs, now + 2 * hourMs];
  const past = panel([10 * hourMs, 11 * hourMs, 12 * hourMs], [5, null, 7]);
  const [both] = besideLastWeek([panel(at, [1, 2, 3, 4])], [past]);
  assert.deepEqual(both?.lines[0]?.past, [5, 5, null, 7]);
  assert.deepEqual(both?.lines[0]?.values, [1, 2, 3, 4]);
});

test('a line that did not exist a week before stands alone', () => {
  const [alone] = besideLastWeek([panel([weekMs], [1], 'new')], [panel([0], [1], 'old')]);
  assert.equal(alone?.lines[0]?.past, undefined);
});
