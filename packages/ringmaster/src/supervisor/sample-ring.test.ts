import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSampleRings, ringSamples, untilNextSampleMs } from './sample-ring.ts';

const sample = (atMs: number, subject: string) => ({ atMs, subject, values: { threads: 1 } });
const both = new Set(['files', 'api']);

test('a ring holds its newest hundred samples, oldest first', () => {
  const rings = createSampleRings();
  for (let atMs = 0; atMs < 1_000; atMs += 1)
    rings.add([sample(atMs, 'files'), sample(atMs, 'api')], both);
  const recent = rings.recent('files', 5_000);
  assert.equal(recent.length, ringSamples);
  assert.deepEqual([recent[0]?.atMs, recent.at(-1)?.atMs], [900, 999]);
  assert.deepEqual(
    rings.recent('api', 2).map(({ atMs }) => atMs),
    [998, 999],
  );
});

test('a server that left the fleet is forgotten', () => {
  const rings = createSampleRings();
  rings.add([sample(1, 'files'), sample(1, 'api')], both);
  rings.add([sample(2, 'api')], new Set(['api']));
  assert.equal(rings.recent('files', 10).length, 0);
  assert.equal(rings.recent('api', 10).length, 2);
});

for (const row of [
  { nowMs: 60_005, sampleMs: 30_000, delayMs: 30_000 },
  { nowMs: 60_000, sampleMs: 30_000, delayMs: 5 },
  { nowMs: 59_999, sampleMs: 30_000, delayMs: 6 },
  { nowMs: 61_000, sampleMs: 30_000, delayMs: 29_005 },
  { nowMs: 61_000, sampleMs: 1_000, delayMs: 5 },
])
  test(`at ${row.nowMs} the next sample every ${row.sampleMs} ms is due in ${row.delayMs} ms`, () =>
    assert.equal(untilNextSampleMs(row.nowMs, row.sampleMs), row.delayMs));
