import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sparkline } from './sparkline.ts';

const spots = (...values: (number | undefined)[]) =>
  values.flatMap((value, at) => (value === undefined ? [] : [{ atMs: at * 10, value }]));

for (const { says, values, widthColumns, drawn } of [
  { says: 'from zero to the largest', values: [0, 1, 2, 3, 4, 5, 6, 7], drawn: '▁▂▃▄▅▆▇█' },
  { says: 'a gap stays empty', values: [7, undefined, undefined, 7], drawn: '█  █' },
  { says: 'nothing but zero', values: [0, 0, 0], drawn: '▁▁▁' },
  { says: 'nothing at all', values: [undefined, undefined], drawn: '  ' },
  { says: 'means', values: [0, 14, 7, 7, undefined, 7], widthColumns: 3, drawn: '███' },
  { says: 'an uneven rest', values: [7, 7, 7], widthColumns: 2, drawn: '██' },
])
  test(`a sparkline shows ${says}`, () => {
    const toMs = (values.length - 1) * 10;
    const time = { fromMs: 0, toMs, stepMs: 10, widthColumns: widthColumns ?? 20 };
    assert.equal(sparkline(spots(...values), time), drawn);
  });

test('a time that begins in the middle of a step shows that step whole', () => {
  const time = { fromMs: 5, toMs: 29, stepMs: 10, widthColumns: 20 };
  assert.equal(sparkline(spots(7, 7, 0, 9), time), '██▁');
});
