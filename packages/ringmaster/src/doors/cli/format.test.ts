import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatBytes, formatDuration, formatPercent, formatTime, printable } from './format.ts';

for (const [durationMs, en, ja] of [
  [0, '0 ms', '0ミリ秒'],
  [999.9, '999 ms', '999ミリ秒'],
  [1_000, '1s', '1秒'],
  [61_999, '1m 1s', '1分1秒'],
  [3_600_000, '1h', '1時間'],
  [3_605_000, '1h', '1時間'],
  [192_000, '3m 12s', '3分12秒'],
  [187_200_000, '2d 4h', '2日4時間'],
  [-5, '0 ms', '0ミリ秒'],
] as const) {
  test(`${durationMs} ms is "${en}" in English and "${ja}" in Japanese`, () => {
    assert.equal(formatDuration(durationMs, 'en'), en);
    assert.equal(formatDuration(durationMs, 'ja'), ja);
  });
}

for (const [sizeBytes, text] of [
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [1_540_000, '1.5 MB'],
  [9_960_000, '10 MB'],
  [58_400_000, '58 MB'],
  [999_600, '1.0 MB'],
  [2_500_000_000_000_000, '2500 TB'],
] as const) {
  test(`${sizeBytes} bytes are "${text}"`, () => {
    assert.equal(formatBytes(sizeBytes), text);
  });
}

test('a percentage has one decimal and is never negative', () => {
  assert.equal(formatPercent(12.345), '12.3 %');
  assert.equal(formatPercent(-0.2), '0.0 %');
});

test('a moment is written in the time zone of its reader', () => {
  assert.equal(formatTime(Date.UTC(2026, 10, 20, 18, 20, 3), 0), '2026-11-20 18:20:03');
  assert.equal(formatTime(Date.UTC(2026, 10, 20, 18, 20, 3), 540), '2026-11-21 03:20:03');
});

test('colours, bells and cursor moves of a server do not reach the terminal, tabs and lines do', () => {
  assert.equal(printable('\u001b[31mred\u001b[0m\u0007\u001b[2J\ta\nb'), 'red\ta\nb');
});
