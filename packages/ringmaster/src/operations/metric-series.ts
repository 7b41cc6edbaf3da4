import { callFigures, mergeCallRollups, noCalls } from '../journal/call-rollups.ts';
import type { MetricsHistory, StoredCalls, StoredRollups } from '../journal/journal.ts';
import {
  type MetricName,
  type MetricRow,
  machineMetrics,
  machineSubject,
  serverMetrics,
} from '../journal/metrics.ts';
import { chooseStepMs, type Rollup, rollupSteps } from '../journal/rollups.ts';
import type { MetricHistory } from './metrics.ts';

/** Most points in one answer. */
export const pointsMax = 50_000;

const namedStepsMs = { '10s': 10_000, '1m': 60_000, '1h': 3_600_000 } as const;

/** What is asked for, counted. */
export interface Asked {
  readonly rangeMs: number;
  readonly sampleMs: number;
  /** Series in the answer. */
  readonly seriesCount: number;
}

/** The step to answer in; when one was asked for that gives too many points, how many they would be. */
export function decideStep(
  step: 'auto' | keyof typeof namedStepsMs,
  { rangeMs, sampleMs, seriesCount }: Asked,
): { readonly stepMs: number } | { readonly tooManyPoints: number } {
  const pointsAt = (stepMs: number) => seriesCount * Math.ceil(rangeMs / stepMs);
  if (step === 'auto') {
    const chosenMs = chooseStepMs(rangeMs, sampleMs);
    const fits = rollupSteps.find(
      ({ stepMs }) => stepMs >= chosenMs && pointsAt(stepMs) <= pointsMax,
    );
    if (fits !== undefined) return { stepMs: fits.stepMs };
  }
  const stepMs = namedStepsMs[step === 'auto' ? '1h' : step];
  const points = pointsAt(stepMs);
  return points <= pointsMax ? { stepMs } : { tooManyPoints: points };
}

/** How many series one subject has. */
export function seriesPerSubject(subject: string, metric: string | undefined): number {
  if (metric !== undefined) return 1;
  return subject === machineSubject
    ? Object.keys(machineMetrics).length
    : Object.keys(serverMetrics).length + 1;
}

/** Stored roll-ups as series: each figure of each subject in the order of their declaration, points in that of time. */
export function toSeries(
  history: MetricsHistory,
  subjects: readonly string[],
): Pick<MetricHistory, 'series' | 'calls'> {
  const samples = groupBy(history.samples, ({ subject }) => subject);
  const calls = groupBy(history.calls, ({ server }) => server);
  return {
    series: subjects.flatMap((subject) => seriesOf(subject, samples.get(subject) ?? [])),
    calls: subjects.flatMap((subject) => callsOf(subject, calls.get(subject) ?? [])),
  };
}

function seriesOf(subject: string, rows: readonly StoredRollups[]): MetricHistory['series'] {
  const metrics: Readonly<Record<string, MetricRow>> =
    subject === machineSubject ? machineMetrics : serverMetrics;
  return Object.entries(metrics).flatMap(([metric, { unit }]) => {
    const points = rows.flatMap(({ atMs, rollups }) => {
      const rollup = rollups[metric as MetricName];
      return rollup === undefined ? [] : [{ atMs, ...toPoint(rollup) }];
    });
    if (points.length === 0) return [];
    return [{ ...(subject === machineSubject ? {} : { server: subject }), metric, unit, points }];
  });
}

function toPoint({ count, sum, min, max, last }: Rollup) {
  // A sum of floating-point numbers may leave their bounds by a hair.
  return { count, mean: Math.min(max, Math.max(min, sum / count)), min, max, last };
}

function callsOf(server: string, rows: readonly StoredCalls[]): MetricHistory['calls'] {
  if (rows.length === 0) return [];
  const total = rows.map(({ rollup }) => rollup).reduce(mergeCallRollups, noCalls);
  const points = rows.map(({ atMs, rollup }) => ({ atMs, ...callFigures(rollup) }));
  return [{ server, total: callFigures(total), points }];
}

/** Items that share a key, in their order, by that key. */
export function groupBy<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
