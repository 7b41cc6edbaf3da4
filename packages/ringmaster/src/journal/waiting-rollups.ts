import type { MetricSample } from './metrics.ts';
import {
  addSample,
  finestStepMs,
  type GrowingRollups,
  type Rollups,
  stretchStartMs,
} from './rollups.ts';

/** Samples of one subject in one stretch of the finest step, rolled up. */
export interface RollupStretch {
  readonly subject: string;
  readonly startMs: number;
  readonly rollups: Rollups;
}

/** Samples that wait to be written, rolled up already; at most a fixed number of stretches. */
export interface WaitingRollups {
  readonly count: number;
  /** Takes in one sample. A new stretch beyond the limit pushes out the oldest one. */
  add(sample: MetricSample): void;
  /** Takes out everything, in the order of time. */
  take(): RollupStretch[];
}

/** Nothing waits yet. */
export function createWaitingRollups(maxStretches: number): WaitingRollups {
  let stretches = new Map<string, RollupStretch & { readonly rollups: GrowingRollups }>();
  return {
    get count() {
      return stretches.size;
    },
    add({ atMs, subject, values }) {
      const startMs = stretchStartMs(atMs, finestStepMs);
      const key = `${startMs} ${subject}`;
      const known = stretches.get(key);
      const rollups = known?.rollups ?? {};
      addSample(rollups, values);
      if (known !== undefined) return;
      stretches.set(key, { subject, startMs, rollups });
      const oldest = stretches.size > maxStretches ? stretches.keys().next().value : undefined;
      if (oldest !== undefined) stretches.delete(oldest);
    },
    take() {
      const taken = [...stretches.values()].sort((one, other) => one.startMs - other.startMs);
      stretches = new Map();
      return taken;
    },
  };
}
