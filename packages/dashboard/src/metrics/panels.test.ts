import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gridOf, panelsOf, valueAt } from './panels.ts';

type Histories = Parameters<typeof panelsOf>[0];
type History = Histories['machine'];

const minuteMs = 60_000;
const blank = { fromMs: 0, toMs: 4 * minuteMs, stepMs: minuteMs, sampleMs: 5_000 };
const point = (minute: number, mean: number) => ({
  ...{ atMs: minute * minuteMs, count: 12, mean, min: mean, max: mean, last: mean },
});
const callPoint = (minute: number, calls: number, p95Ms: number) => ({
  ...{ atMs: minute * minuteMs, calls, failed: 1, meanMs: 1, maxMs: p95Ms },
  ...{ p50Ms: 1, p95Ms, p99Ms: p95Ms },
});

function histories(): Histories {
  const total = callPoint(0, 1, 1);
  const machine: History = {
    ...{ ...blank, calls: [] },
    series: [{ metric: 'cpuPercent', unit: '%', points: [point(0, 10), point(1, 20)] }],
  };
  const calls: History = {
    ...{ ...blank, series: [] },
    calls: [
      { server: 'a', total, points: [callPoint(0, 60, 5)] },
      { server: 'b', total, points: [callPoint(0, 120, 80)] },
    ],
  };
  const series = ['a', 'b', 'c', 'd', 'e'].map((server, index) => ({
    ...{ server, metric: 'memoryBytes', unit: 'B', points: [point(1, index)] },
  }));
  return { machine, calls, memory: { ...blank, series, calls: [] } };
}

test('calls of all servers are added up, zero while watched, and unknown while nobody watched', () => {
  const [calls] = panelsOf(histories());
  assert.deepEqual(calls?.lines[0]?.values, [3, 0, 0, null, null]);
});

test('calls of a step under way are those a second so far, and no fall at the end', () => {
  const [calls] = panelsOf({ ...histories(), nowMs: 30_000 });
  assert.equal(calls?.lines[0]?.values[0], 6);
});

test('of several servers the latency of the slowest is shown, with gaps where nobody called', () => {
  const latency = panelsOf(histories())[1];
  const p95 = latency?.lines.find(({ label }) => label === 'p95');
  assert.deepEqual(p95?.values, [80, null, null, null, null]);
});

test('calls that are told together are drawn as those of each server', () => {
  const of = histories();
  const calls = { ...of.calls, calls: [], together: [callPoint(0, 180, 80)] };
  assert.deepEqual(
    panelsOf({ ...of, calls }).map(({ lines }) => lines[0]?.values),
    panelsOf(of).map(({ lines }, at) => (at === 2 ? [1 / 60, 0, 0, null, null] : lines[0]?.values)),
  );
});

test('memory is drawn for the four largest, largest first', () => {
  const memory = panelsOf(histories())[3];
  assert.deepEqual(
    memory?.lines.map(({ label }) => label),
    ['e', 'd', 'c', 'b'],
  );
});

test('a value is read at a moment, or the newest known one', () => {
  const cpu = panelsOf(histories())[4];
  const [line] = cpu?.lines ?? [];
  assert.ok(cpu && line);
  assert.equal(valueAt(cpu, line, 0.6 * minuteMs), 20);
  assert.equal(valueAt(cpu, line, 3 * minuteMs), null);
  assert.equal(valueAt(cpu, line, undefined), 20);
});

test('a grid holds whole steps only', () => {
  const odd = { ...histories().machine, fromMs: 30_000, toMs: 150_000 };
  assert.deepEqual(gridOf(odd), [60_000, 120_000]);
});
