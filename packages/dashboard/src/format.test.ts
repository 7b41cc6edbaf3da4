import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, duration, latency, number, percent } from './format.ts';
import { en } from './words/en.ts';
import { ja } from './words/ja.ts';
import { createSay } from './words/say.ts';

for (const [value, shown] of [
  [0, '0'],
  [0.2, '0.2'],
  [9.14, '9.1'],
  [38.2, '38.2'],
  [318.4, '318'],
  [14_206, '14\u202f206'],
  [1_234_567, '1\u202f234\u202f567'],
] as const) {
  test(`${value} is shown as ${shown}`, () => assert.equal(number(value), shown));
}

for (const [figure, shown] of [
  [latency(0.42), '0.42 ms'],
  [latency(41.3), '41 ms'],
  [latency(1_240), '1.24 s'],
  [latency(12_340), '12.3 s'],
  [bytes(999), '999 B'],
  [bytes(5_200_000_000), '5.2 GB'],
  [bytes(388_400_000), '388 MB'],
  [bytes(999_700), '1.0 MB'],
  [percent(0.008), '0.8 %'],
  [percent(1, 2), '100 %'],
  [percent(0.99999, 2), '99.99 %'],
  [percent(0), '0 %'],
] as const) {
  test(`a figure reads ${shown}`, () => assert.equal(`${figure.value} ${figure.unit}`, shown));
}

for (const [ms, english, japanese] of [
  [3_000, '3\u00a0s', '3秒'],
  [1_660_000, '27\u00a0min 40\u00a0s', '27分40秒'],
  [7_200_000, '2\u00a0h', '2時間'],
  [9 * 86_400_000 + 7_300_000, '9\u00a0d 2\u00a0h', '9日2時間'],
] as const) {
  test(`${ms} ms is ${english} and ${japanese}`, () => {
    assert.equal(duration(ms, createSay('en').time), english);
    assert.equal(duration(ms, createSay('ja').time), japanese);
  });
}

test('both languages fill in the same figures in every sentence', () => {
  const fills = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
  for (const [key, text] of Object.entries(en)) {
    assert.deepEqual(fills(ja[key as keyof typeof en]), fills(text), key);
  }
});
