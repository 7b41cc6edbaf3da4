import { z } from 'zod';
import type { Availability } from '../journal/standings.ts';

const duration = z.number().meta({ unit: 'ms' });

/** Availability of a server against its objective: what it may be down, and was. */
export const budget = z.object({
  upMs: duration,
  downMs: duration,
  unwantedMs: duration.describe('Stopped as asked, or starting for the first time'),
  unknownMs: duration.describe('Nobody watched, or it is not recorded any more'),
  availabilityPercent: z.number().optional().describe('Of time watched and wanted; or missing'),
  objectivePercent: z.number(),
  allowedMs: duration.describe('What it may be down in the time watched and wanted'),
  spentShare: z.number().optional().describe('Of allowedMs; above 1 the objective is missed'),
  state: z
    .enum(['met', 'missed', 'unknown', 'tooLittle'])
    .describe('tooLittle: watched for less than an hour, which neither meets nor misses'),
});
export type Budget = z.output<typeof budget>;

/** Shorter knowledge is no ground for a judgement: of 99.5 % a minute allows a third of a second. */
export const knownMinMs = 3_600_000;

/** What became of a server's error budget; time in which nobody watched counts neither way. */
export function budgetOf(facts: {
  readonly availability: Availability;
  readonly objectivePercent: number;
  readonly rangeMs: number;
}): Budget {
  const { objectivePercent, rangeMs } = facts;
  const { upMs, downMs, unwantedMs } = facts.availability;
  const watchedMs = upMs + downMs;
  const unknownMs = Math.max(0, rangeMs - watchedMs - unwantedMs);
  const allowedMs = Math.round(watchedMs * (1 - objectivePercent / 100));
  const sums = { upMs, downMs, unwantedMs, unknownMs, objectivePercent, allowedMs };
  if (watchedMs === 0) return { ...sums, state: 'unknown' };
  const availabilityPercent = (100 * upMs) / watchedMs;
  if (watchedMs < knownMinMs) return { ...sums, availabilityPercent, state: 'tooLittle' };
  return {
    ...sums,
    availabilityPercent,
    // An objective of 100 % allows nothing; a share of nothing is no number.
    ...(allowedMs === 0 ? {} : { spentShare: downMs / allowedMs }),
    state: downMs <= allowedMs ? 'met' : 'missed',
  };
}
