import { z } from 'zod';

const duration = z.number().meta({ unit: 'ms' });

/** What a short load on a server came to. */
export const loadFigures = z.object({
  durationMs: duration,
  calls: z.int().describe('Calls that ended well'),
  failed: z.int().describe('Calls that failed, or were answered with an error'),
  callsPerSecond: z.number().describe('Of calls that ended well'),
  p50Ms: duration.optional().describe('Of calls that ended well; missing when none did'),
  p95Ms: duration.optional(),
  maxMs: duration.optional(),
});
export type LoadFigures = z.output<typeof loadFigures>;

/** Figures of calls from how long each took; percentiles by the nearest rank. */
export function loadFiguresOf(load: {
  readonly tookMs: readonly number[];
  readonly failed: number;
  readonly durationMs: number;
}): LoadFigures {
  const { failed, durationMs } = load;
  const sorted = [...load.tookMs].sort((one, other) => one - other);
  const calls = sorted.length;
  const share = (part: number) => hundredths(sorted[Math.ceil(calls * part) - 1] ?? 0);
  const perSecond = durationMs > 0 ? (calls * 1_000) / durationMs : 0;
  return {
    ...{ durationMs: hundredths(durationMs), calls, failed },
    callsPerSecond: hundredths(perSecond),
    ...(calls === 0 ? {} : { p50Ms: share(0.5), p95Ms: share(0.95), maxMs: share(1) }),
  };
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
