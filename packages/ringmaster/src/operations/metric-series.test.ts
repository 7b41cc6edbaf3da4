import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rollUpCall } from '../journal/call-rollups.ts';
import { machineSubject } from '../journal/metrics.ts';
import { mergeRollups, rollUp } from '../journal/rollups.ts';
import { decideStep, pointsMax, seriesPerSubject, toSeries } from './metric-series.ts';

const hourMs = 3_600_000;

for (const { says, step, asked, decided } of [
  {
    says: 'an hour of one server',
    step: 'auto',
    asked: { rangeMs: hourMs, sampleMs: 1_000, seriesCount: 9 },
    decided: { stepMs: 10_000 },
  },
  {
    says: 'an hour of many servers',
    step: 'auto',
    asked: { rangeMs: hourMs, sampleMs: 1_000, seriesCount: 450 },
    decided: { stepMs: 60_000 },
  },
  {
    says: 'the step that was asked for',
    step: '1m',
    asked: { rangeMs: hourMs, sampleMs: 600_000, seriesCount: 9 },
    decided: { stepMs: 60_000 },
  },
  {
    says: 'more points than one answer holds',
    step: '10s',
    asked: { rangeMs: 24 * hourMs, sampleMs: 1_000, seriesCount: 9 },
    decided: { tooManyPoints: 77_760 },
  },
  {
    says: 'years of a thousand servers, in any step',
    step: 'auto',
    asked: { rangeMs: 400 * 24 * hourMs, sampleMs: 1_000, seriesCount: 1_000 },
    decided: { tooManyPoints: 9_600_000 },
  },
] as const)
  test(`the step for ${says}`, () => assert.deepEqual(decideStep(step, asked), decided));

test('an answer in a chosen step never has too many points', () => {
  for (const seriesCount of [1, 9, 100, 450])
    for (const rangeMs of [1_000, hourMs, 24 * hourMs, 90 * hourMs]) {
      const decided = decideStep('auto', { rangeMs, sampleMs: 30_000, seriesCount });
      assert.ok('stepMs' in decided);
      assert.ok(seriesCount * Math.ceil(rangeMs / decided.stepMs) <= pointsMax);
    }
});

test('one figure is one series; a server has one more, for its calls', () => {
  assert.equal(seriesPerSubject('files', 'threads'), 1);
  assert.equal(seriesPerSubject('files', undefined), 9);
  assert.equal(seriesPerSubject(machineSubject, undefined), 11);
});

test('figures become series with a unit, and a step without a sample has no point', () => {
  const two = mergeRollups(rollUp({ threads: 2 }), rollUp({ threads: 5 }));
  const samples = [
    { subject: 'files', atMs: 0, rollups: two },
    { subject: 'files', atMs: 20_000, rollups: rollUp({ restarts: 1 }) },
    { subject: 'gone', atMs: 0, rollups: two },
    { subject: machineSubject, atMs: 0, rollups: rollUp({ load: 0.5 }) },
  ];
  const { series, calls } = toSeries({ samples, calls: [] }, [machineSubject, 'files']);
  const one = { count: 1, mean: 0.5, min: 0.5, max: 0.5, last: 0.5 };
  assert.deepEqual(series, [
    { metric: 'load', unit: 'processes', points: [{ atMs: 0, ...one }] },
    {
      ...{ server: 'files', metric: 'threads', unit: 'threads' },
      points: [{ atMs: 0, count: 2, mean: 3.5, min: 2, max: 5, last: 5 }],
    },
    {
      ...{ server: 'files', metric: 'restarts', unit: 'starts' },
      points: [{ atMs: 20_000, count: 1, mean: 1, min: 1, max: 1, last: 1 }],
    },
  ]);
  assert.deepEqual(calls, []);
});

test('calls are told by step and in all', () => {
  const rollup = (tookMs: number, outcome = 'ok') => rollUpCall({ tookMs, outcome });
  const stored = [
    { server: 'files', atMs: 0, rollup: rollup(10) },
    { server: 'files', atMs: 10_000, rollup: rollup(30, 'lost') },
  ];
  const { calls } = toSeries({ samples: [], calls: stored }, ['files']);
  const total = calls[0]?.total;
  assert.ok(Math.abs((total?.p50Ms ?? 0) - 10) <= 0.2, `${total?.p50Ms}`);
  assert.deepEqual([total?.calls, total?.failed, total?.meanMs, total?.maxMs], [2, 1, 20, 30]);
  assert.deepEqual(
    calls[0]?.points.map(({ atMs, failed }) => [atMs, failed]),
    [
      [0, 0],
      [10_000, 1],
    ],
  );
});
