import type { MetricSample } from '../journal/metrics.ts';

/** Most samples kept of each subject. */
export const ringSamples = 100;

/** The newest samples of each subject, in memory. */
export interface SampleRings {
  /** Takes in the samples of one moment; a subject that is no longer in `kept` is forgotten. */
  add(samples: readonly MetricSample[], kept: ReadonlySet<string>): void;
  /** Oldest first. */
  recent(subject: string, count: number): readonly MetricSample[];
}

/** Rings without samples. */
export function createSampleRings(): SampleRings {
  const rings = new Map<string, MetricSample[]>();
  return {
    add(samples, kept) {
      for (const subject of rings.keys()) if (!kept.has(subject)) rings.delete(subject);
      for (const sample of samples) {
        const ring = rings.get(sample.subject) ?? [];
        ring.push(sample);
        if (ring.length > ringSamples) ring.shift();
        rings.set(sample.subject, ring);
      }
    },
    recent: (subject, count) => (rings.get(subject) ?? []).slice(-Math.max(1, count)),
  };
}

/** After a round moment, so that a timer that fires a little early still finds itself behind it. */
const afterRoundMs = 5;

/**
 * Until the next sample: just after the next round multiple of `sampleMs`, so that each stretch of time holds the same
 * number of samples and none is empty by mere rounding.
 */
export function untilNextSampleMs(nowMs: number, sampleMs: number): number {
  const sinceRoundMs = (((nowMs - afterRoundMs) % sampleMs) + sampleMs) % sampleMs;
  return Math.max(1, sampleMs - sinceRoundMs);
}
