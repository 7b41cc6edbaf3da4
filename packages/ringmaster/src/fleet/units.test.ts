import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDurationMs, parseSizeBytes } from './units.ts';

const durations: { text: string; is: number | undefined }[] = [
  { text: '250ms', is: 250 },
  { text: '30s', is: 30_000 },
  { text: '1.5m', is: 90_000 },
  { text: '10 min', is: 600_000 },
  { text: ' 2H ', is: 7_200_000 },
  { text: '1d', is: 86_400_000 },
  { text: '5', is: undefined },
  { text: '-1s', is: undefined },
  { text: '1w', is: undefined },
  { text: '', is: undefined },
];
for (const { text, is } of durations) {
  test(`${JSON.stringify(text)} is ${is ?? 'no'} milliseconds`, () => {
    assert.equal(parseDurationMs(text), is);
  });
}

const sizes: { text: string; is: number | undefined }[] = [
  { text: '512B', is: 512 },
  { text: '100MB', is: 100_000_000 },
  { text: '10 MiB', is: 10_485_760 },
  { text: '1.5kib', is: 1_536 },
  { text: '100', is: undefined },
  { text: '1TB', is: undefined },
];
for (const { text, is } of sizes) {
  test(`${JSON.stringify(text)} is ${is ?? 'no'} bytes`, () => {
    assert.equal(parseSizeBytes(text), is);
  });
}
