import assert from 'node:assert/strict';
import { test } from 'node:test';
import { panelsOf } from './panels.ts';
import { ringOf } from './ring.ts';

const sample = (atMs: number, cpuPercent: number, memoryBytes?: number) => ({
  atMs,
  values: { cpuPercent, ...(memoryBytes === undefined ? {} : { memoryBytes }) },
});
const latest = {
  sampleMs: 1_000,
  subjects: [
    { samples: [sample(5_003, 10), sample(6_031, 90), sample(7_029, 20)] },
    { server: 'a', samples: [sample(5_003, 1, 100), sample(7_029, 2, 300)] },
  ],
};

test('samples are drawn as they were taken: at their own moments, none averaged, a missing one as a gap', () => {
  const ring = ringOf(latest, '');
  assert.equal(ring.rangeMs, 100_000);
  const frame = { fromMs: 0, toMs: 8_000, stepMs: 1_000, sampleMs: 1_000, series: [], calls: [] };
  const panels = panelsOf({
    machine: frame,
    calls: frame,
    memory: ring.memory,
    cpu: ring.cpu,
    times: ring.times,
  });
  const [, , , memory, cpu] = panels;
  assert.deepEqual(memory?.atMs, [5_003, 6_031, 7_029]);
  assert.deepEqual(memory?.lines, [{ label: 'a', values: [100, null, 300], look: 'bold' }]);
  assert.deepEqual(cpu?.lines[0]?.values, [10, 90, 20]);
});

test('of one server its own samples are drawn', () => {
  const of = { ...latest, subjects: latest.subjects.slice(1) };
  const ring = ringOf(of, 'a');
  assert.deepEqual(ring.times, [5_003, 7_029]);
  assert.deepEqual(
    ring.cpu.series.map(({ server, points }) => [server, points.length]),
    [['a', 2]],
  );
});
