import { rollupSteps } from '../journal/rollups.ts';

/** Points of one curve at most: the minutes of a day. */
const pointsMax = 1_500;
/** Stretches read at once, below what the journal gives (50 000). */
const stretchesMax = 45_000;

/** The finest step that is still kept for all the time asked for, and is not too much to read. */
export function reportStepMs(asked: {
  readonly fromMs: number;
  readonly toMs: number;
  readonly nowMs: number;
  /** Time between two samples. */
  readonly sampleMs: number;
  readonly servers: number;
}): number {
  const { fromMs, toMs, nowMs, sampleMs, servers } = asked;
  const fits = rollupSteps.find(({ stepMs, keepMs }) => {
    const points = (toMs - fromMs) / stepMs;
    const isMuch = points > pointsMax || points * Math.max(1, servers) > stretchesMax;
    return stepMs >= sampleMs && nowMs - fromMs <= keepMs && !isMuch;
  });
  return (fits ?? rollupSteps[2]).stepMs;
}
