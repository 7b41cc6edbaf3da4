import type { NewEvent } from './events.ts';
import { stretchStartMs } from './rollups.ts';

/** What is kept of the calls to one server that finished in one stretch of time. */
export interface CallRollup {
  readonly calls: number;
  /** Those that did not end `ok`. */
  readonly failed: number;
  readonly sumMs: number;
  readonly maxMs: number;
  /** Calls by latency: bucket `n` holds those that took up to `growth ** n` times the shortest told apart. */
  readonly buckets: Readonly<Record<string, number>>;
}

/** Latencies are told apart to 2 %: each bucket is 1.04 times the one before. */
const growth = 1.04;
/** Shorter calls share the first bucket, longer ones the last: at most 504 buckets. */
const shortestMs = 0.01;
const longestMs = 3_600_000;

/** The roll-up of no calls. */
export const noCalls: CallRollup = { calls: 0, failed: 0, sumMs: 0, maxMs: 0, buckets: {} };

/** One finished call as a roll-up. */
export function rollUpCall(call: {
  readonly tookMs: number;
  readonly outcome: string;
}): CallRollup {
  const tookMs = Number.isFinite(call.tookMs) ? Math.max(0, call.tookMs) : 0;
  const within = Math.min(longestMs, Math.max(shortestMs, tookMs));
  const bucket = Math.ceil(Math.log(within / shortestMs) / Math.log(growth));
  return {
    calls: 1,
    failed: call.outcome === 'ok' ? 0 : 1,
    sumMs: tookMs,
    maxMs: tookMs,
    buckets: { [bucket]: 1 },
  };
}

/** Calls of two stretches as those of both together; the order does not matter. */
export function mergeCallRollups(one: CallRollup, other: CallRollup): CallRollup {
  const buckets: Record<string, number> = { ...one.buckets };
  for (const [bucket, count] of Object.entries(other.buckets))
    buckets[bucket] = (buckets[bucket] ?? 0) + count;
  return { ...mergeSums(one, other), buckets };
}

/** The latency that `share` (0 … 1) of the calls did not exceed, to 2 %; undefined when there were none. */
export function latencyMs(rollup: CallRollup, share: number): number | undefined {
  const wanted = Math.max(1, Math.ceil(rollup.calls * share));
  let seen = 0;
  for (const bucket of Object.keys(rollup.buckets).map(Number).sort(ascending)) {
    seen += rollup.buckets[bucket] ?? 0;
    if (seen < wanted) continue;
    // Between the ends of the bucket, so that the error is the same both ways.
    const middle = (shortestMs * growth ** bucket * 2) / (1 + growth);
    return Math.min(rollup.maxMs, middle);
  }
  return undefined;
}

function ascending(one: number, other: number): number {
  return one - other;
}

/** Some calls of one server in one stretch of time. */
export interface CallStretch {
  readonly server: string;
  readonly startMs: number;
  readonly rollup: CallRollup;
}

/** The finished calls among some events, by server and stretch of `stepMs`. */
export function rollUpCalls(events: Iterable<NewEvent>, stepMs: number): readonly CallStretch[] {
  const stretches = new Map<string, { server: string; startMs: number; rollup: Growing }>();
  for (const event of events) {
    if (event.kind !== 'call.finished') continue;
    const startMs = stretchStartMs(event.atMs, stepMs);
    const key = `${startMs} ${event.subject}`;
    const { buckets, ...sums } = rollUpCall(event);
    const { rollup } = stretches.get(key) ?? {
      rollup: { ...noCalls, buckets: {} as Record<string, number> },
    };
    // Counted in place: the thousand calls of a batch would otherwise copy their buckets a thousand times.
    for (const bucket of Object.keys(buckets))
      rollup.buckets[bucket] = (rollup.buckets[bucket] ?? 0) + 1;
    const summed = { ...mergeSums(rollup, sums), buckets: rollup.buckets };
    stretches.set(key, { server: event.subject, startMs, rollup: summed });
  }
  return [...stretches.values()];
}

type Sums = Omit<CallRollup, 'buckets'>;
type Growing = Sums & { readonly buckets: Record<string, number> };

function mergeSums(one: Sums, other: Sums): Sums {
  return {
    calls: one.calls + other.calls,
    failed: one.failed + other.failed,
    sumMs: one.sumMs + other.sumMs,
    maxMs: Math.max(one.maxMs, other.maxMs),
  };
}

/** Share (0 to 1) of the calls that took longer than `thresholdMs`, to 2 % of it; 0 when there were none. */
export function slowerShare(rollup: CallRollup, thresholdMs: number): number {
  if (rollup.calls === 0) return 0;
  const within = Math.min(longestMs, Math.max(shortestMs, thresholdMs));
  const last = Math.ceil(Math.log(within / shortestMs) / Math.log(growth));
  let slower = 0;
  for (const [bucket, count] of Object.entries(rollup.buckets))
    if (Number(bucket) > last) slower += count;
  return slower / rollup.calls;
}
