import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rollUpCall } from '../journal/call-rollups.ts';
import { machineSubject } from '../journal/metrics.ts';
import { rollUp } from '../journal/rollups.ts';
import { callSparksOf, sparkStepMs, sparksOf } from './sparks.ts';

const nowMs = 100 * sparkStepMs + 20_000;
const sample = (minute: number, subject: string, cpuPercent: number) => ({
  ...{ subject, atMs: minute * sparkStepMs, rollups: rollUp({ cpuPercent }) },
});
const call = (minute: number, server: string, tookMs: number, outcome = 'ok') => ({
  ...{ server, atMs: minute * sparkStepMs, rollup: rollUpCall({ tookMs, outcome }) },
});

test('a sparkline has the newest minute last, gaps where nothing was sampled, and is none of nothing', () => {
  const samples = [sample(100, 'a', 4), sample(41, 'a', 2), sample(40, 'a', 9)];
  const spark = sparksOf({ nowMs, hour: { samples, calls: [] } });
  const points = spark('a', 'cpuPercent');
  assert.deepEqual([points.length, points[0], points[1], points[59]], [60, 2, null, 4]);
  assert.deepEqual(spark('b', 'cpuPercent'), []);
});

test('calls of all servers are added up by minutes; the minute under way is told by the newest rate', () => {
  const calls = [call(98, 'a', 10), call(98, 'b', 90, 'error'), call(100, 'a', 10)];
  const samples = [sample(98, machineSubject, 1), sample(99, machineSubject, 1)];
  const { perSecond, p95Ms, failedShare } = callSparksOf({ nowMs, hour: { samples, calls } }, 5);
  assert.deepEqual(perSecond.slice(-4), [null, 0.03333, 0, 5]);
  assert.deepEqual(failedShare.slice(-4), [null, 0.5, null, 0]);
  assert.deepEqual(
    p95Ms.slice(-4).map((ms) => ms && Math.round(ms / 10)),
    [null, 9, null, 1],
  );
});
