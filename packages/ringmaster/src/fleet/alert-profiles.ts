import type { z } from 'zod';
import { isSection } from './entry-change.ts';
import type { AlertProfile, alerts } from './schema-alerts.ts';

type Numbers = Partial<Omit<z.input<typeof alerts>, 'profile'>>;

/** Judged one by one: a single sample or call over the threshold is enough. */
const eachSample = { samplesPercent: 0, callsPercent: 0, minSamples: 1 } as const;

/**
 * The alert numbers of five kinds of installations, unchanged; what a profile does not name keeps the default of the
 * setting. Megabytes are those of the fleet file: a million bytes.
 */
export const alertProfiles: Readonly<Record<AlertProfile, Numbers>> = {
  'mfg-drone': {
    cpuPercent: { warning: 80 },
    memoryPercent: { warning: 85 },
    diskPercent: { warning: 90 },
    latencyMs: { warning: 5_000 },
    errorPercent: { warning: 5 },
    ...eachSample,
  },
  'learning-kit': {
    cpuPercent: { warning: 80 },
    memoryPercent: { warning: 75 },
    diskPercent: { warning: 85 },
    latencyMs: { warning: 2_000 },
    errorPercent: { warning: 5 },
    samplesPercent: 10,
    callsPercent: 5,
  },
  techsapo: {
    memoryBytes: { warning: 400_000_000, critical: 512_000_000 },
    latencyMs: { warning: 3_000, critical: 5_000 },
    errorPercent: { warning: 2, critical: 5 },
    ...eachSample,
  },
  'llm-generator': {
    cpuPercent: { warning: 80 },
    memoryPercent: { warning: 80, critical: 95 },
    diskPercent: { warning: 80, high: 85, critical: 95 },
    latencyMs: { warning: 1_000 },
    logErrorsPerDay: { warning: 50 },
    // Looks are five minutes apart there (`metrics.sampleMs: 5m`): one sample is a window.
    windowMs: '6m',
    ...eachSample,
  },
  circus: {
    memoryBytes: { critical: 1_000_000_000 },
    latencyMs: { critical: 30_000 },
    logErrorsPerMinute: { warning: 10 },
    logCritical: { critical: 1 },
    crashLoop: { deaths: 3, withinMs: '10m' },
    ...eachSample,
  },
};

/** The content of a fleet file with the numbers of `alerts.profile` where `alerts` itself says nothing. */
export function withAlertProfile(content: unknown): unknown {
  if (!isSection(content) || !isSection(content['alerts'])) return content;
  const { alerts } = content;
  const name = alerts['profile'];
  if (typeof name !== 'string' || !Object.hasOwn(alertProfiles, name)) return content;
  return { ...content, alerts: { ...alertProfiles[name as AlertProfile], ...alerts } };
}
