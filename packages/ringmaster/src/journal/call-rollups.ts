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
  const rollup = startRollup();
  count(rollup, call);
  return rollup;
}

/** Calls of two stretches as those of both together; the order does not matter. */
export function mergeCallRollups(one: CallRollup, other: CallRollup): CallRollup {
  const sum = { ...one, buckets: { ...one.buckets } };
  add(sum, other);
  return sum;
}

/** All stretches of each server as one; a server without calls has no entry. */
export function callsByServer(
  stretches: Iterable<{ readonly server: string; readonly rollup: CallRollup }>,
): Map<string, CallRollup> {
  return callsBy(stretches, ({ server }) => server);
}

/** All stretches that share a key as one. */
export function callsBy<Key, Stretch extends { readonly rollup: CallRollup }>(
  stretches: Iterable<Stretch>,
  keyOf: (stretch: Stretch) => Key,
): Map<Key, CallRollup> {
  const sums = new Map<Key, Growing>();
  for (const stretch of stretches) {
    const key = keyOf(stretch);
    const sum = sums.get(key) ?? startRollup();
    add(sum, stretch.rollup);
    sums.set(key, sum);
  }
  return sums;
}

/** The latency that `share` (0 … 1) of the calls did not exceed, to 2 %; undefined when there were none. */
export function latencyMs(rollup: CallRollup, share: number): number | undefined {
  return latenciesMs(rollup, [share])[0];
}

/** The same for several shares, smallest first; empty when there were no calls. */
function latenciesMs(rollup: CallRollup, shares: readonly number[]): readonly number[] {
  const found: number[] = [];
  let seen = 0;
  // Whole numbers are keys in ascending order, in whatever order they were added.
  for (const bucket in rollup.buckets) {
    seen += rollup.buckets[bucket] ?? 0;
    for (let share = shares[found.length]; share !== undefined; share = shares[found.length]) {
      if (seen < Math.max(1, Math.ceil(rollup.calls * share))) break;
      // Between the ends of the bucket, so that the error is the same both ways.
      const middle = (shortestMs * growth ** Number(bucket) * 2) / (1 + growth);
      found.push(Math.min(rollup.maxMs, middle));
    }
  }
  return found;
}

/** What is told of some calls; latencies in ms, to a hundredth: nothing here is known better. */
export interface CallFigures {
  readonly calls: number;
  readonly failed: number;
  readonly meanMs: number;
  readonly maxMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

/** A roll-up in figures; without calls all are 0. */
export function callFigures(rollup: CallRollup): CallFigures {
  const { calls, failed, sumMs, maxMs } = rollup;
  const [p50Ms = 0, p95Ms = 0, p99Ms = 0] = latenciesMs(rollup, [0.5, 0.95, 0.99]);
  return {
    calls,
    failed,
    meanMs: rounded(sumMs / Math.max(1, calls)),
    maxMs: rounded(maxMs),
    p50Ms: rounded(p50Ms),
    p95Ms: rounded(p95Ms),
    p99Ms: rounded(p99Ms),
  };
}

/** Calls of two servers in the same stretch: sums, and the latencies of the slower one, as a sum must not hide it. */
export function slowerOfBoth(one: CallFigures, other: CallFigures): CallFigures {
  return {
    calls: one.calls + other.calls,
    failed: one.failed + other.failed,
    meanMs: Math.max(one.meanMs, other.meanMs),
    maxMs: Math.max(one.maxMs, other.maxMs),
    p50Ms: Math.max(one.p50Ms, other.p50Ms),
    p95Ms: Math.max(one.p95Ms, other.p95Ms),
    p99Ms: Math.max(one.p99Ms, other.p99Ms),
  };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Some calls of one server in one stretch of time. */
export interface CallStretch {
  readonly server: string;
  readonly startMs: number;
  readonly rollup: CallRollup;
}

/** The finished calls among some events, by server and stretch of `stepMs`. */
export function rollUpCalls(events: Iterable<NewEvent>, stepMs: number): readonly CallStretch[] {
  const stretches: (CallStretch & { readonly rollup: Growing })[] = [];
  const known = new Map<string, (typeof stretches)[number]>();
  for (const event of events) {
    if (event.kind !== 'call.finished') continue;
    const { subject: server } = event;
    const startMs = stretchStartMs(event.atMs, stepMs);
    // Nearly all calls of a batch are of the stretch their server's last one was of.
    let stretch = known.get(server);
    if (stretch?.startMs !== startMs) {
      stretch &&= stretches.find((one) => one.server === server && one.startMs === startMs);
      if (stretch === undefined) {
        stretch = { server, startMs, rollup: startRollup() };
        stretches.push(stretch);
      }
      known.set(server, stretch);
    }
    count(stretch.rollup, event);
  }
  return stretches;
}

/** Counted in place: the thousand calls of a batch would otherwise copy their buckets a thousand times. */
type Growing = { -readonly [Field in keyof CallRollup]: CallRollup[Field] } & {
  readonly buckets: Record<string, number>;
};

function startRollup(): Growing {
  return { calls: 0, failed: 0, sumMs: 0, maxMs: 0, buckets: {} };
}

function count(rollup: Growing, call: { readonly tookMs: number; readonly outcome: string }): void {
  const tookMs = Number.isFinite(call.tookMs) ? Math.max(0, call.tookMs) : 0;
  const within = Math.min(longestMs, Math.max(shortestMs, tookMs));
  const bucket = Math.ceil(Math.log(within / shortestMs) / Math.log(growth));
  rollup.calls += 1;
  if (call.outcome !== 'ok') rollup.failed += 1;
  rollup.sumMs += tookMs;
  rollup.maxMs = Math.max(rollup.maxMs, tookMs);
  rollup.buckets[bucket] = (rollup.buckets[bucket] ?? 0) + 1;
}

function add(sum: Growing, more: CallRollup): void {
  sum.calls += more.calls;
  sum.failed += more.failed;
  sum.sumMs += more.sumMs;
  sum.maxMs = Math.max(sum.maxMs, more.maxMs);
  for (const [bucket, calls] of Object.entries(more.buckets))
    sum.buckets[bucket] = (sum.buckets[bucket] ?? 0) + calls;
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
