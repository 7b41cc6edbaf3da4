import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readReportName } from './report-name.ts';

const rows = [
  ['daily-2026-11-20', { period: 'daily', date: '2026-11-20' }],
  ['monthly-2026-11', { period: 'monthly', date: '2026-11' }],
  ['yearly-2026', undefined],
  ['../daily-2026-11-20', undefined],
] as const;
for (const [name, expected] of rows) {
  test(`the report ${name} is ${expected === undefined ? 'none of ours' : expected.period}`, () => {
    assert.deepEqual(readReportName(name), expected);
  });
}
