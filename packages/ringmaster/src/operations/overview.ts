import { z } from 'zod';
import { type Alert, alertView } from '../alerting/alert.ts';
import { verdictView } from '../alerting/verdict.ts';
import { durationMs } from '../fleet/units.ts';
import {
  type CallRollup,
  callsByServer,
  latencyMs,
  mergeCallRollups,
  noCalls,
} from '../journal/call-rollups.ts';
import type { MetricsHistory } from '../journal/journal.ts';
import { machineSubject } from '../journal/metrics.ts';
import type { Standings } from '../journal/standings.ts';
import { deathPlaces, laneOf, stretchesOf } from './lane.ts';
import { operation } from './operation.ts';
import { type ServerView, serverView } from './servers.ts';
import { callSparksOf, sparksOf } from './sparks.ts';

const hourMs = 3_600_000;
/** Calls a second and latency are those of the last five minutes. */
export const recentMs = 300_000;
/** Lanes are made for this many pixels; at 7 d one is 17 min. */
const lanePixels = 600;
const availabilityMs = 30 * 24 * hourMs;

const spark = z
  .array(z.number().nullable())
  .describe('The last hour, a mean a minute, oldest first; null where nothing was sampled');
const callFigures = z.object({
  perSecond: z.number().describe('Of the last five minutes'),
  p95Ms: z.number().optional().meta({ unit: 'ms' }).describe('Of the last five minutes'),
  failedShare: z.number().optional().describe('0 to 1, of the last hour; missing without calls'),
  hour: z.int().describe('Calls of the last hour'),
});

const overviewServer = serverView.extend({
  lane: z
    .array(z.tuple([z.string(), z.int()]))
    .describe(
      'How it stood from fromMs to nowMs, one after the other: state (or away, while no daemon watched; none, while it was not known) and for how many stepMs',
    ),
  deaths: z
    .array(z.tuple([z.int(), z.int()]))
    .describe(
      'Deaths nobody asked for in the range: how many stepMs after fromMs, and how many from there on within one pixel of a lane',
    ),
  availability: z
    .object({
      share: z.number().optional().describe('0 to 1; missing when nothing is known'),
      knownMs: z.number().meta({ unit: 'ms' }).describe('Watched and wanted, of 30 days'),
    })
    .describe('Of 30 days: time in which at least one instance was ready'),
  recent: callFigures,
  cpu: spark,
  memory: spark,
  alerts: z
    .array(alertView.pick({ rule: true, severity: true }))
    .describe('What is open about it, silenced or not'),
});
type OverviewServer = z.output<typeof overviewServer>;

/** The whole fleet at one glance. */
export const overview = z.object({
  nowMs: z.number().meta({ unit: 'ms since 1970' }),
  seq: z.int().describe('Of the newest event in this answer: go on with /api/live?after=SEQ'),
  fleet: z.string(),
  revision: z.int(),
  fromMs: z.number().meta({ unit: 'ms since 1970' }).describe('Where the lanes begin'),
  stepMs: z
    .int()
    .meta({ unit: 'ms' })
    .describe('What lanes and deaths are counted in: a second, over more than a day a minute'),
  sessions: z.int(),
  waiting: z.int().describe('Calls that wait or are in flight'),
  recent: callFigures,
  calls: z
    .object({ perSecond: spark, p95Ms: spark, failedShare: spark })
    .describe('Of all servers together'),
  availability: z.number().optional().describe('0 to 1, of 30 days, over all servers'),
  machine: z.object({
    cpuPercent: z.number().optional(),
    memoryUsedBytes: z.number().optional(),
    memoryTotalBytes: z.number().optional(),
    diskPercent: z.number().optional(),
    cpu: spark,
    memory: spark,
  }),
  servers: z.array(overviewServer),
  verdict: verdictView.describe('As fleet.verdict tells it, of the same moment'),
});
export type Overview = z.output<typeof overview>;

/** What the first page of the dashboard asks. */
export const overviewOperations = {
  'fleet.overview': operation({
    summary: 'Show the whole fleet at a glance: states over time, availability, calls and load',
    input: z.object({
      rangeMs: durationMs({
        min: 60_000,
        max: 30 * 24 * hourMs,
        default: 6 * hourMs,
        describe: 'How far back the lanes reach',
      }),
    }),
    output: overview,
    errors: [],
  }),
} as const;

/** Everything an overview is made of. */
export interface OverviewFacts {
  readonly nowMs: number;
  readonly rangeMs: number;
  readonly rows: readonly ServerView[];
  readonly standings: Standings;
  /** The last hour by minutes, servers and machine. */
  readonly hour: MetricsHistory;
  /** The last five minutes in the finest step. */
  readonly recent: MetricsHistory;
  /** Those that are open. */
  readonly alerts: readonly Pick<Alert, 'rule' | 'subject' | 'severity'>[];
}

/** The parts of an overview that are folded from history. */
export function buildOverview(facts: OverviewFacts): Pick<
  Overview,
  'fromMs' | 'stepMs' | 'servers' | 'recent' | 'calls' | 'availability' | 'waiting'
> & {
  machine: Pick<Overview['machine'], 'cpu' | 'memory'>;
} {
  const { rows } = facts;
  const lanes = lanesOf(facts);
  const hourCalls = callsByServer(facts.hour.calls);
  const recentCalls = callsByServer(facts.recent.calls);
  const spark = sparksOf(facts);
  const known = rows.map((row) => availabilityOf(facts, row.server));
  const knownMs = known.reduce((sum, one) => sum + one.knownMs, 0);
  const upMs = known.reduce((sum, one) => sum + one.upMs, 0);
  const recent = figures(together(recentCalls), together(hourCalls));
  return {
    ...{ ...lanes, recent },
    waiting: rows.reduce((sum, row) => sum + row.inFlight, 0),
    calls: callSparksOf(facts, recent.perSecond),
    ...(knownMs === 0 ? {} : { availability: upMs / knownMs }),
    machine: {
      cpu: spark(machineSubject, 'cpuPercent'),
      memory: spark(machineSubject, 'memoryUsedBytes'),
    },
    servers: rows.map((row, index) =>
      serverOf(facts, row, {
        ...{ lanes, spark },
        availability: known[index] ?? { upMs: 0, knownMs: 0 },
        hour: hourCalls.get(row.server) ?? noCalls,
        recent: recentCalls.get(row.server) ?? noCalls,
      }),
    ),
  };
}

function serverOf(
  facts: OverviewFacts,
  row: ServerView,
  known: {
    readonly lanes: Lanes;
    readonly spark: ReturnType<typeof sparksOf>;
    readonly availability: { readonly upMs: number; readonly knownMs: number };
    readonly hour: CallRollup;
    readonly recent: CallRollup;
  },
): OverviewServer {
  const { nowMs, standings } = facts;
  const { fromMs, stepMs } = known.lanes;
  const { upMs, knownMs } = known.availability;
  const pixelSteps = facts.rangeMs / lanePixels / stepMs;
  const spans = standings.spans(row.server, fromMs, nowMs);
  const parts = laneOf(spans, { fromMs, toMs: nowMs, pixels: lanePixels });
  const deaths = standings.deaths(row.server, fromMs, nowMs);
  return {
    ...row,
    lane: stretchesOf(parts, known.lanes).map(([standing, count]) => [standing, count]),
    deaths: deathPlaces(deaths, { fromMs, stepMs, pixelSteps }),
    availability: { ...(knownMs === 0 ? {} : { share: upMs / knownMs }), knownMs },
    recent: figures(known.recent, known.hour),
    cpu: known.spark(row.server, 'cpuPercent'),
    memory: known.spark(row.server, 'memoryBytes'),
    alerts: facts.alerts
      .filter(({ subject }) => subject === row.server)
      .map(({ rule, severity }) => ({ rule, severity })),
  };
}

type Lanes = Pick<Overview, 'fromMs' | 'stepMs'>;

/**
 * Lanes begin with a whole step, so that the next answer tells the same times; a step is as exact as a lane can show
 * it: a second over hours, a minute over days.
 */
function lanesOf({ nowMs, rangeMs }: OverviewFacts): Lanes {
  const stepMs = rangeMs > 24 * hourMs ? 60_000 : 1_000;
  return { stepMs, fromMs: Math.floor((nowMs - rangeMs) / stepMs) * stepMs };
}

function availabilityOf({ standings, nowMs }: OverviewFacts, server: string) {
  const { upMs, downMs } = standings.availability(server, nowMs - availabilityMs, nowMs);
  return { upMs, knownMs: upMs + downMs };
}

function together(calls: ReadonlyMap<string, CallRollup>): CallRollup {
  return [...calls.values()].reduce(mergeCallRollups, noCalls);
}

function figures(recent: CallRollup, hour: CallRollup): Overview['recent'] {
  const p95Ms = latencyMs(recent, 0.95);
  return {
    perSecond: recent.calls / (recentMs / 1_000),
    ...(p95Ms === undefined ? {} : { p95Ms }),
    ...(hour.calls === 0 ? {} : { failedShare: hour.failed / hour.calls }),
    hour: hour.calls,
  };
}
