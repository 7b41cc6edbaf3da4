import { z } from 'zod';
import type { MetricsHistory } from '../journal/journal.ts';
import { type MetricName, machineSubject } from '../journal/metrics.ts';
import { fitTrend, trendDaysMin } from './trend.ts';

const instant = z.number().meta({ unit: 'ms since 1970' });

const growth = z.object({
  server: z.string().optional().describe('Missing: the machine'),
  figure: z.enum(['diskPercent', 'memoryPercent', 'sessions', 'memoryBytes']),
  days: z.int().describe('Days with samples; the line is fitted through their means'),
  state: z
    .enum(['tooLittle', 'steady', 'shrinks', 'grows'])
    .describe('steady: the interval of the slope holds zero'),
  now: z.number().optional().describe('Of the line, on the newest day'),
  perDay: z.number().optional(),
  perDayLow: z.number().optional().describe('Of the 95 % interval'),
  perDayHigh: z.number().optional(),
  limit: z.number().optional(),
  limitAtMs: instant.optional().describe('When the line reaches the limit, within ten years'),
  earliestMs: instant.optional().describe('The same for the steepest line of the interval'),
  latestMs: instant.optional().describe('For the flattest; missing when that is never'),
});

/** How what is needed grows, and when it runs out. */
export const capacity = z.object({
  fromMs: instant,
  toMs: instant,
  daysNeeded: z.int().describe('Days with samples below which nothing is said'),
  growth: z.array(growth),
  secondInstance: z.array(
    z.object({
      server: z.string(),
      memoryBytes: z
        .number()
        .describe('What one more needs: the mean of the newest day, divided by those that run now'),
      machinePercent: z.number().describe('Of all memory'),
      fits: z.boolean().describe('Whether memory in use stays below 90 % with it'),
    }),
  ),
});
export type Capacity = z.output<typeof capacity>;
type Growth = Capacity['growth'][number];

const dayMs = 86_400_000;
/** Nobody knows what a machine needs in ten years. */
const horizonMs = 3_650 * dayMs;
/** Where the health check fails. */
const fullPercent = 90;

/** Fits a line through the days of each figure that can run out. */
export function planCapacity(facts: {
  readonly fromMs: number;
  readonly toMs: number;
  readonly history: MetricsHistory;
  readonly totalMemoryBytes: number;
  /** `sessions.max` of the fleet file. */
  readonly sessionsMax: number;
  readonly servers: readonly {
    readonly server: string;
    readonly instances: number;
    /** It is run by us, so that a second instance can be. */
    readonly canGrow: boolean;
  }[];
}): Capacity {
  const { fromMs, toMs, history, totalMemoryBytes, sessionsMax, servers } = facts;
  const days = (subject: string, metric: MetricName) => daysOf(history, subject, metric);
  const used = days(machineSubject, 'memoryPercent').at(-1)?.value;
  return {
    ...{ fromMs, toMs, daysNeeded: trendDaysMin },
    growth: [
      growthOf('diskPercent', days(machineSubject, 'diskPercent'), 100),
      growthOf('memoryPercent', days(machineSubject, 'memoryPercent'), 100),
      growthOf('sessions', days(machineSubject, 'sessions'), sessionsMax),
      ...servers.map(({ server }) => ({
        server,
        ...growthOf('memoryBytes', days(server, 'memoryBytes'), totalMemoryBytes),
      })),
    ],
    secondInstance: servers.flatMap(({ server, instances, canGrow }) => {
      const together = days(server, 'memoryBytes').at(-1)?.value;
      if (!canGrow || instances === 0 || together === undefined || used === undefined) return [];
      const memoryBytes = together / instances;
      const machinePercent = (100 * memoryBytes) / totalMemoryBytes;
      return [{ server, memoryBytes, machinePercent, fits: used + machinePercent < fullPercent }];
    }),
  };
}

function growthOf(
  figure: Growth['figure'],
  days: readonly { readonly atMs: number; readonly value: number }[],
  limit: number,
): Growth {
  const trend = fitTrend(days);
  const newestMs = days.at(-1)?.atMs ?? 0;
  if (trend === undefined) return { figure, days: days.length, state: 'tooLittle', limit };
  const { perDay, perDayLow, perDayHigh, now } = trend;
  const state = perDayLow > 0 ? 'grows' : perDayHigh < 0 ? 'shrinks' : 'steady';
  const reached = (slope: number) => {
    const inMs = ((limit - now) / slope) * dayMs;
    return slope > 0 && inMs <= horizonMs ? newestMs + Math.max(0, inMs) : undefined;
  };
  const times =
    state === 'grows'
      ? {
          limitAtMs: reached(perDay),
          earliestMs: reached(perDayHigh),
          latestMs: reached(perDayLow),
        }
      : {};
  return {
    ...{ figure, days: trend.n, state, now, perDay, perDayLow, perDayHigh, limit },
    ...(times as Pick<Growth, 'limitAtMs' | 'earliestMs' | 'latestMs'>),
  };
}

/** The mean of each day (of UTC) with samples, so that the course of a day is not taken for growth. */
function daysOf(
  { samples }: MetricsHistory,
  subject: string,
  metric: MetricName,
): { readonly atMs: number; readonly value: number }[] {
  const days = new Map<number, { sum: number; count: number }>();
  for (const sample of samples) {
    const rollup = sample.subject === subject ? sample.rollups[metric] : undefined;
    if (rollup === undefined) continue;
    const atMs = Math.floor(sample.atMs / dayMs) * dayMs;
    const { sum, count } = days.get(atMs) ?? { sum: 0, count: 0 };
    days.set(atMs, { sum: sum + rollup.sum, count: count + rollup.count });
  }
  return [...days]
    .map(([atMs, { sum, count }]) => ({ atMs, value: sum / count }))
    .sort((one, other) => one.atMs - other.atMs);
}
