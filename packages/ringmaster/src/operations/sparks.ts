import { type CallRollup, callsBy, latencyMs } from '../journal/call-rollups.ts';
import type { MetricsHistory } from '../journal/journal.ts';
import { type MetricName, machineSubject } from '../journal/metrics.ts';
import { groupBy } from './metric-series.ts';

/** Sparklines show the last hour, a point a minute. */
export const sparkMs = 3_600_000;
/** Time between two of these points. */
export const sparkStepMs = 60_000;

/** A point a minute, oldest first, null where nothing is known; none when nothing is known at all. */
export type Spark = (number | null)[];

/** The last hour by minutes, servers and machine. */
interface Facts {
  readonly nowMs: number;
  readonly hour: MetricsHistory;
}

/** Means of one figure of one subject. */
export function sparksOf({ nowMs, hour }: Facts): (subject: string, metric: MetricName) => Spark {
  const minutes = minutesTo(nowMs);
  const bySubject = groupBy(hour.samples, ({ subject }) => subject);
  return (subject, metric) => {
    const means = new Map(
      (bySubject.get(subject) ?? []).flatMap(({ atMs, rollups }) => {
        const rollup = rollups[metric];
        return rollup === undefined ? [] : [[atMs, rollup.sum / rollup.count] as const];
      }),
    );
    return sparkOf(minutes.map((atMs) => means.get(atMs)));
  };
}

/** How the calls of all servers together went. */
export interface CallSparks {
  readonly perSecond: Spark;
  readonly p95Ms: Spark;
  readonly failedShare: Spark;
}

/** A minute without calls has none a second if the machine was looked at then; the newest minute is not over yet. */
export function callSparksOf({ nowMs, hour }: Facts, newestPerSecond: number): CallSparks {
  const minutes = minutesTo(nowMs);
  const calls = callsBy(hour.calls, ({ atMs }) => atMs);
  const watched = new Set(
    hour.samples.filter(({ subject }) => subject === machineSubject).map(({ atMs }) => atMs),
  );
  const rate = (atMs: number): number | undefined => {
    if (atMs === minutes.at(-1)) return newestPerSecond;
    const rollup = calls.get(atMs);
    if (rollup !== undefined) return rollup.calls / (sparkStepMs / 1_000);
    return watched.has(atMs) ? 0 : undefined;
  };
  const ofCalls = (figure: (rollup: CallRollup) => number | undefined): Spark =>
    sparkOf(
      minutes.map((atMs) => {
        const rollup = calls.get(atMs);
        return rollup && figure(rollup);
      }),
    );
  return {
    perSecond: sparkOf(minutes.map(rate)),
    p95Ms: ofCalls((rollup) => latencyMs(rollup, 0.95)),
    failedShare: ofCalls(({ calls: all, failed }) => failed / all),
  };
}

/** Where the minutes of the last hour begin; the last of them is under way. */
function minutesTo(nowMs: number): number[] {
  const count = sparkMs / sparkStepMs;
  const lastMs = Math.floor(nowMs / sparkStepMs) * sparkStepMs;
  return Array.from({ length: count }, (_, at) => lastMs - (count - 1 - at) * sparkStepMs);
}

function sparkOf(values: readonly (number | undefined)[]): Spark {
  if (values.every((value) => value === undefined)) return [];
  return values.map((value) => (value === undefined ? null : Number(value.toPrecision(4))));
}
