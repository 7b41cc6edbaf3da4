import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Span, Standing } from '../journal/standings.ts';
import { deathPlaces, laneOf, stretchesOf } from './lane.ts';

function spansOf(text: string): Span[] {
  let atMs = 0;
  return text.split(' ').map((part) => {
    const [standing = '', length = ''] = part.split(':');
    const fromMs = atMs;
    atMs += Number(length);
    return { standing: standing as Standing, isUp: standing === 'ready', fromMs, toMs: atMs };
  });
}

for (const [title, spans, expected] of [
  [
    'long stretches stay as they are',
    'ready:50 sick:30 ready:20',
    'ready 0-50, sick 50-80, ready 80-100',
  ],
  [
    'short trouble keeps its place',
    'ready:50 failed:1 ready:49',
    'ready 0-50, failed 50-51, ready 51-100',
  ],
  ['a short good stretch within trouble vanishes', 'failed:50 ready:1 failed:49', 'failed 0-100'],
  [
    'of two short ones the worse is shown',
    'ready:50 starting:1 failed:1 ready:48',
    'ready 0-50, failed 50-52, ready 52-100',
  ],
] as const) {
  test(`on a lane ${title}`, () => {
    const parts = laneOf(spansOf(spans), { fromMs: 0, toMs: 100, pixels: 20 });
    assert.equal(
      parts.map(([standing, from, to]) => `${standing} ${from}-${to}`).join(', '),
      expected,
    );
  });
}

test('a lane has no hole, no overlap and few parts, whatever a server went through', () => {
  const standing = fc.constantFrom<Standing>('ready', 'sick', 'failed', 'starting', 'waiting');
  const lengths = fc.array(fc.tuple(standing, fc.integer({ min: 1, max: 500 })), {
    minLength: 1,
    maxLength: 400,
  });
  fc.assert(
    fc.property(lengths, (all) => {
      const spans = spansOf(all.map(([one, length]) => `${one}:${length}`).join(' '));
      const toMs = spans.at(-1)?.toMs ?? 0;
      const parts = laneOf(spans, { fromMs: 0, toMs, pixels: 100 });
      assert.equal(parts[0]?.[1], 0);
      assert.equal(parts.at(-1)?.[2], toMs);
      for (const [index, part] of parts.entries()) {
        if (index > 0) assert.equal(part[1], parts[index - 1]?.[2]);
      }
      assert.ok(parts.length <= 202, `${parts.length} parts`);
    }),
  );
});

test('a lane in steps is as long as its time, begins with what was not known, and keeps what is shorter than a step', () => {
  const parts = [
    ['ready', 120, 1_009],
    ['failed', 1_009, 1_012],
    ['ready', 1_012, 2_000],
  ] as const;
  assert.deepEqual(stretchesOf(parts, { fromMs: 0, stepMs: 10 }), [
    ['none', 12],
    ['ready', 89],
    ['failed', 0],
    ['ready', 99],
  ]);
  assert.deepEqual(stretchesOf([], { fromMs: 0, stepMs: 10 }), []);
});

test('deaths that a lane cannot show apart are one place with their count', () => {
  const steps = { fromMs: 1_000, stepMs: 10, pixelSteps: 3 };
  assert.deepEqual(deathPlaces([1_000, 1_010, 1_020, 1_030, 1_500], steps), [
    [0, 3],
    [3, 1],
    [50, 1],
  ]);
});
