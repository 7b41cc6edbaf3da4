import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFilter } from './filter.ts';

const rows = [
  { typed: '', filter: {} },
  { typed: 'read_file', filter: { text: 'read_file' } },
  { typed: 'server:search took:>2s', filter: { server: 'search', minTookMs: 2_000 } },
  { typed: 'took:250', filter: { minTookMs: 250 } },
  { typed: 'took:1.5min', filter: { minTookMs: 90_000 } },
  { typed: 'client:cursor no  such', filter: { client: 'cursor', text: 'no such' } },
  { typed: 'took:long', filter: { text: 'took:long' } },
  { typed: 'https://a', filter: { text: 'https://a' } },
] as const;
for (const { typed, filter } of rows) {
  test(`“${typed}” asks for ${JSON.stringify(filter)}`, () => {
    assert.deepEqual(readFilter(typed), filter);
  });
}
