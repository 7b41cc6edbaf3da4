import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alert } from './alert.ts';
import { alertsVerdict } from './alerts-verdict.ts';

const nowMs = 1_700_000_000_000;

function alert(more: Partial<Alert> = {}): Alert {
  return {
    ...{ key: 'down/a', rule: 'down', subject: 'a', severity: 'critical', state: 'firing' },
    ...{ firedAtMs: nowMs - 120_000, ...more },
  };
}

const taken = { acknowledged: { by: 'me', note: '', atMs: nowMs } };
const sentences: readonly (readonly [readonly Alert[], string])[] = [
  [[], 'Nothing fires.'],
  [[alert({ severity: 'info' })], 'Nothing that fires needs you.'],
  [[alert()], '1 alert is firing. It has no owner.'],
  [[alert(taken)], '1 alert is firing. It has an owner.'],
  [[alert(), alert(), alert(taken)], '3 alerts are firing. Two have no owner.'],
  [[alert(), alert()], '2 alerts are firing. None has an owner.'],
];
for (const [open, expected] of sentences) {
  test(`the verdict over ${open.length} alerts: ${expected}`, () => {
    assert.equal(alertsVerdict(open).en, expected);
    assert.match(alertsVerdict(open).ja, /。$/);
  });
}
