import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deathCount, deathTimes, isSameLane, laneParts } from './lanes.ts';

const lanes = { fromMs: 1_000, stepMs: 10 };

test('a lane told in lengths is one in times, without what was not known', () => {
  const parts = laneParts(
    [
      ['none', 5],
      ['ready', 10],
      ['failed', 0],
      ['ready', 3],
    ],
    lanes,
  );
  assert.deepEqual(parts, [
    ['ready', 1_050, 1_150],
    ['failed', 1_150, 1_150],
    ['ready', 1_150, 1_180],
  ]);
});

test('deaths that share a place count all the same', () => {
  const deaths: [number, number][] = [
    [0, 3],
    [20, 1],
  ];
  assert.deepEqual(deathTimes(deaths, lanes), [1_000, 1_200]);
  assert.equal(deathCount(deaths, lanes), 4);
  assert.equal(deathCount(deaths, lanes, 1_100), 1);
});

for (const [title, other, isSame] of [
  [
    'that only grew is',
    [
      ['ready', 5, 20],
      ['sick', 20, 45],
    ],
    true,
  ],
  [
    'whose trouble began at another time is not',
    [
      ['ready', 0, 21],
      ['sick', 21, 40],
    ],
    false,
  ],
  [
    'that ends in another state is not',
    [
      ['ready', 0, 20],
      ['failed', 20, 40],
    ],
    false,
  ],
  [
    'with one part more is not',
    [
      ['ready', 0, 20],
      ['sick', 20, 40],
      ['ready', 40, 41],
    ],
    false,
  ],
] as const) {
  test(`a lane ${title} drawn as it was`, () => {
    assert.equal(
      isSameLane(
        [
          ['ready', 0, 20],
          ['sick', 20, 40],
        ],
        other,
      ),
      isSame,
    );
  });
}
