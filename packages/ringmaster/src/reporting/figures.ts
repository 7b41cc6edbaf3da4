import { z } from 'zod';
import {
  type CallRollup,
  callsByServer,
  latencyMs,
  mergeCallRollups,
  noCalls,
} from '../journal/call-rollups.ts';
import type { MetricsHistory } from '../journal/journal.ts';
import { type MetricName, machineSubject } from '../journal/metrics.ts';
import { mergeRollups, type Rollups } from '../journal/rollups.ts';
import type { Availability } from '../journal/standings.ts';
import { budget, budgetOf } from './slo.ts';

const instant = z.number().meta({ unit: 'ms since 1970' });
const duration = z.number().meta({ unit: 'ms' });

const spread = z
  .object({ samples: z.int(), mean: z.number(), max: z.number(), last: z.number() })
  .describe('Missing when nothing was sampled');

const calls = z.object({
  calls: z.int(),
  failed: z.int().describe('Calls that did not end ok'),
  meanMs: duration.optional(),
  maxMs: duration.optional(),
  p50Ms: duration.optional().describe('Percentiles are right to 2 %'),
  p95Ms: duration.optional(),
  p99Ms: duration.optional(),
});
export type CallFigures = z.output<typeof calls>;

const serverFigures = z.object({
  server: z.string(),
  cpuPercent: spread.optional().describe('Of one core'),
  memoryBytes: spread.optional(),
  calls,
  deaths: z.int().describe('Deaths nobody asked for'),
  budget,
});
export type ServerFigures = z.output<typeof serverFigures>;

/** The figures of one stretch of time; whatever a report says rests on these. */
export const figures = z.object({
  fromMs: instant,
  toMs: instant,
  stepMs: duration.describe('Of the stored figures that were read'),
  storedFromMs: instant
    .optional()
    .describe('Where they begin; missing: none of the time are stored'),
  knownMs: duration
    .default(0)
    .describe('Of how much of the time figures are stored; gaps are not in it'),
  machine: z.object({
    cpuPercent: spread.optional(),
    memoryPercent: spread.optional(),
    diskPercent: spread.optional(),
    sessions: spread.optional().describe('Sessions of clients that were open at once'),
  }),
  calls: calls.describe('Of all servers together'),
  servers: z.array(serverFigures),
});
export type Figures = z.output<typeof figures>;

/** What figures are made of. */
export interface FigureFacts {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  /** Machine and servers; stretches that begin outside the time are left out. */
  readonly history: MetricsHistory;
  readonly servers: readonly {
    readonly server: string;
    readonly availability: Availability;
    readonly deaths: number;
    /** Availability it should have, in per cent. */
    readonly objectivePercent: number;
  }[];
}

/** Folds stored figures into those of the whole time. */
export function buildFigures(facts: FigureFacts): Figures {
  const { fromMs, toMs, stepMs, history } = facts;
  const isWithin = ({ atMs }: { readonly atMs: number }) => atMs >= fromMs && atMs < toMs;
  const stored = [...history.samples, ...history.calls].filter(isWithin);
  const storedFromMs = stored.reduce((first, { atMs }) => Math.min(first, atMs), toMs);
  const steps = new Set(stored.map(({ atMs }) => atMs)).size;
  const knownMs = Math.min(steps * stepMs, toMs - storedFromMs);
  const samples = new Map<string, Rollups>();
  for (const { subject, rollups } of history.samples.filter(isWithin)) {
    samples.set(subject, mergeRollups(samples.get(subject) ?? {}, rollups));
  }
  const called = callsByServer(history.calls.filter(isWithin));
  const spreadOf = (subject: string, name: MetricName) => spreadFrom(samples.get(subject), name);
  return {
    ...{ fromMs, toMs, stepMs, knownMs },
    ...(stored.length === 0 ? {} : { storedFromMs }),
    machine: {
      ...spreadOf(machineSubject, 'cpuPercent'),
      ...spreadOf(machineSubject, 'memoryPercent'),
      ...spreadOf(machineSubject, 'diskPercent'),
      ...spreadOf(machineSubject, 'sessions'),
    },
    calls: callFiguresOf([...called.values()].reduce(mergeCallRollups, noCalls)),
    servers: facts.servers.map(({ server, availability, deaths, objectivePercent }) => ({
      server,
      ...spreadOf(server, 'cpuPercent'),
      ...spreadOf(server, 'memoryBytes'),
      calls: callFiguresOf(called.get(server) ?? noCalls),
      deaths,
      budget: budgetOf({ availability, objectivePercent, rangeMs: toMs - fromMs }),
    })),
  };
}

function spreadFrom(rollups: Rollups | undefined, name: MetricName) {
  const rollup = rollups?.[name];
  if (rollup === undefined) return {};
  const { count, sum, min, max, last } = rollup;
  // A sum of floating-point numbers may leave their bounds by a hair.
  const mean = Math.min(max, Math.max(min, sum / count));
  return { [name]: { samples: count, mean, max, last } };
}

function callFiguresOf(rollup: CallRollup): CallFigures {
  const { calls, failed, sumMs, maxMs } = rollup;
  if (calls === 0) return { calls, failed };
  const share = (part: number) => hundredths(latencyMs(rollup, part) ?? 0);
  return {
    ...{ calls, failed, meanMs: hundredths(sumMs / calls), maxMs: hundredths(maxMs) },
    ...{ p50Ms: share(0.5), p95Ms: share(0.95), p99Ms: share(0.99) },
  };
}

/** Nothing here is known better than to a hundredth of a millisecond. */
function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
