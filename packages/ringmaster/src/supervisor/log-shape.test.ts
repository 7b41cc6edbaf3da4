import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createShapeCounts, shapeOf } from './log-shape.ts';

const same: readonly (readonly [string, string])[] = [
  ['ERROR user 17 not found', 'ERROR user 42 not found'],
  ['2026-11-20 10:00:00,123 ERROR x', '2026-11-21T11:01:01.5Z ERROR x'],
  ['ERROR at 0xdeadbeef', 'ERROR at 0x12'],
  [
    'ERROR job 550e8400-e29b-41d4-a716-446655440000',
    'ERROR job 123e4567-e89b-12d3-a456-426614174000',
  ],
  ['ERROR no column "a"', 'ERROR no column "b c"'],
  ['\x1b[31mERROR\x1b[0m no colour', 'ERROR no colour'],
  ["KeyError: 'one'", "KeyError: 'two'"],
  ['エラー: 「東京」が見つかりません', 'エラー: 「大阪」が見つかりません'],
  ['commit 9fceb02d0ae598e95dc970b74767f19372d61af8 broken', 'commit 1fceb02d broken'],
  [
    'Traceback (most recent call last):\n  File "a.py", line 1\nValueError: bad 1',
    'Traceback (most recent call last):\n  File "b.py", line 99\nValueError: bad 2',
  ],
];
for (const [one, other] of same)
  test(`one kind of error: ${one.slice(0, 40)}`, () => assert.equal(shapeOf(one), shapeOf(other)));

test('different errors stay different', () => {
  const shapes = ['ERROR read failed', 'ERROR write failed', 'TypeError: read failed'].map(shapeOf);
  assert.equal(new Set(shapes).size, 3);
  assert.match(shapeOf('Traceback (most recent call last):\n  x\nValueError: bad'), /^ValueError/);
});

test('a long line costs little, and its shape is short', () => {
  assert.ok(shapeOf(`ERROR ${'deadbeef'.repeat(100_000)}`).length <= 160);
});

test('the most frequent errors come first, with their first and last time', () => {
  const counts = createShapeCounts();
  for (let at = 0; at < 5; at += 1) counts.add(`ERROR user ${at} is gone`, 100 + at);
  counts.add('ERROR disk', 90);
  assert.deepEqual(counts.top(1), [
    {
      shape: 'ERROR user # is gone',
      count: 5,
      firstAtMs: 100,
      lastAtMs: 104,
      example: 'ERROR user 4 is gone',
    },
  ]);
});

test('more kinds of errors than are counted one by one are counted in sum', () => {
  const counts = createShapeCounts();
  const word = (at: number) => [...String(at)].map((digit) => 'abcdefghij'[Number(digit)]).join('');
  for (let at = 0; at < 1_200; at += 1) counts.add(`ERROR ${word(at)}`, at);
  assert.equal(counts.uncounted(), 200);
});
