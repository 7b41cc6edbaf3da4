import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldRows } from './fold-rows.ts';
import type { AuditRow } from './use-audit.ts';

const refused = (row: number, server = 'gone'): AuditRow => ({
  ...{ row, atMs: row * 1_000, door: 'own', by: 'ringmaster', did: 'spawn.refused' },
  ...{ about: [server], outcome: 'refused', why: 'found no program' },
});

test('rows beside each other that say the same are one with a count; what lies between parts them', () => {
  const rows = [refused(9), refused(8), refused(7), refused(6, 'other'), refused(5), refused(4)];
  assert.deepEqual(
    foldRows(rows).map(({ row, count, firstAtMs }) => [row.row, count, firstAtMs]),
    [
      [9, 3, 7_000],
      [6, 1, 6_000],
      [5, 2, 4_000],
    ],
  );
});

test('a row that stands for several counts as many', () => {
  const [folded] = foldRows([{ ...refused(2), times: 299 }, refused(1)]);
  assert.deepEqual([folded?.count, folded?.firstAtMs], [300, 1_000]);
});

test('the same act with another outcome or reason stands by itself', () => {
  const rows = [refused(3), { ...refused(2), why: 'not a program' }, refused(1)];
  assert.equal(foldRows(rows).length, 3);
  assert.deepEqual(foldRows([]), []);
});
