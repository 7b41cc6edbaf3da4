import { z } from 'zod';
import type { JournalEvent } from '../journal/events.ts';
import type { MetricsHistory } from '../journal/journal.ts';
import { machineSubject } from '../journal/metrics.ts';
import { type AdviceSpec, advice, adviceOf } from './advice.ts';
import { alertCount, countAlerts } from './alerts.ts';
import { buildFigures, type FigureFacts, figures } from './figures.ts';
import { indicator, indicatorsOf } from './indicators.ts';

const curve = z.object({
  name: z.enum(['cpuPercent', 'memoryPercent', 'calls']),
  points: z.array(z.tuple([z.number(), z.number()])).describe('ms since 1970, value'),
});

/** Everything a report says, in figures; the words are put to it when it is shown. */
export const report = figures.extend({
  fleet: z.string(),
  timeZone: z.string(),
  madeAtMs: z.number().meta({ unit: 'ms since 1970' }),
  indicators: z.array(indicator),
  advice: z.array(advice),
  alerts: z.array(alertCount).default([]).describe('Most often first'),
  curves: z.array(curve),
});
export type Report = z.output<typeof report>;

/** What a report is made of. */
export interface ReportFacts extends FigureFacts {
  readonly fleet: string;
  readonly timeZone: string;
  readonly nowMs: number;
  /** Those of the time that fired; others are left out. */
  readonly alertEvents: readonly JournalEvent[];
  readonly specs: readonly AdviceSpec[];
  /** `sessions.max` of the fleet file. */
  readonly sessionsMax: number;
}

/** A report from stored figures. */
export function buildReport(facts: ReportFacts): Report {
  const built = buildFigures(facts);
  return {
    ...built,
    ...{ fleet: facts.fleet, timeZone: facts.timeZone, madeAtMs: facts.nowMs },
    indicators: indicatorsOf(built, facts.sessionsMax),
    advice: adviceOf(built, facts.specs),
    alerts: countAlerts(facts.alertEvents, facts),
    curves: curvesOf(facts, facts.history),
  };
}

function curvesOf(
  { fromMs, toMs }: Pick<ReportFacts, 'fromMs' | 'toMs'>,
  { samples, calls }: MetricsHistory,
): Report['curves'] {
  const isWithin = ({ atMs }: { readonly atMs: number }) => atMs >= fromMs && atMs < toMs;
  const ofMachine = samples.filter((one) => one.subject === machineSubject && isWithin(one));
  const machine = (['cpuPercent', 'memoryPercent'] as const).map((name) => ({
    name,
    points: ofMachine.flatMap(({ atMs, rollups }): [number, number][] => {
      const rollup = rollups[name];
      return rollup === undefined ? [] : [[atMs, round(rollup.sum / rollup.count)]];
    }),
  }));
  // Where the machine was measured and nobody called there were no calls; elsewhere nobody knows.
  const called = new Map(ofMachine.map(({ atMs }) => [atMs, 0]));
  for (const { atMs, rollup } of calls.filter(isWithin)) {
    called.set(atMs, (called.get(atMs) ?? 0) + rollup.calls);
  }
  const points = [...called].sort(([one], [other]) => one - other);
  return [...machine, { name: 'calls' as const, points }];
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
