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
  /** Those of one start are together, by subject: samples of one moment share it, and it is looked up once for each. */
  let starts = new Map<number, Map<string, GrowingRollups>>();
  let count = 0;

  function dropOldest(): void {
    for (const [startMs, subjects] of starts) {
      for (const subject of subjects.keys()) {
        subjects.delete(subject);
        if (subjects.size === 0) starts.delete(startMs);
        return;
      }
    }
  }

  return {
    get count() {
      return count;
    },
    add({ atMs, subject, values }) {
      const startMs = stretchStartMs(atMs, finestStepMs);
      const subjects = starts.get(startMs) ?? new Map<string, GrowingRollups>();
      starts.set(startMs, subjects);
      const known = subjects.get(subject);
      const rollups = known ?? {};
      addSample(rollups, values);
      if (known !== undefined) return;
      subjects.set(subject, rollups);
      if (count < maxStretches) count += 1;
      else dropOldest();
    },
    take() {
      const taken = [...starts]
        .sort(([one], [other]) => one - other)
        .flatMap(([startMs, subjects]) =>
          [...subjects].map(([subject, rollups]) => ({ subject, startMs, rollups })),
        );
      starts = new Map();
      count = 0;
      return taken;
    },
  };
}
