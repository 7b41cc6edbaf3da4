import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askerOf } from './asker.ts';

const browser = { 'user-agent': 'Mozilla/5.0 (X11)', 'sec-fetch-site': 'same-origin' };
const rows = [
  { headers: { 'user-agent': 'ringmaster-cli (aya)' }, door: 'cli', by: 'aya' },
  { headers: { 'user-agent': 'ringmaster-cli (%E7%B6%BE)' }, door: 'cli', by: '綾' },
  { headers: { 'user-agent': 'ringmaster-cli (100%)' }, door: 'cli', by: '100%' },
  { headers: browser, door: 'dashboard', by: 'dashboard' },
  { headers: { ...browser, 'sec-fetch-site': 'none' }, door: 'rest', by: 'Mozilla/5.0' },
  { headers: { 'user-agent': 'curl/8.5.0' }, door: 'rest', by: 'curl/8.5.0' },
  { headers: {}, door: 'rest', by: 'unknown' },
] as const;
for (const { headers, door, by } of rows) {
  test(`headers ${JSON.stringify(headers)} are those of ${by}, by the way ${door}`, () => {
    assert.deepEqual(askerOf(headers), { door, by });
  });
}
