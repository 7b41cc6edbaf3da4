import assert from 'node:assert/strict';
import { test } from 'node:test';
import { find } from './find.ts';

const all = ['Restart search', 'Calls', 'Search calls', 'フリート'].map((label) => ({
  ...{ id: label, label, group: 'go' as const, also: label === 'フリート' ? 'Fleet' : '' },
}));
const rows = [
  { typed: 'search', found: ['Search calls', 'Restart search'] },
  { typed: 'fleet', found: ['フリート'] },
  { typed: 'フリ', found: ['フリート'] },
  { typed: 'rsch', found: ['Restart search'] },
  { typed: 'zzz', found: [] },
  { typed: ' ', found: all.map(({ label }) => label) },
] as const;
for (const { typed, found } of rows) {
  test(`“${typed}” finds ${found.join(', ') || 'nothing'}`, () => {
    assert.deepEqual(
      find(all, typed).map(({ label }) => label),
      found,
    );
  });
}
