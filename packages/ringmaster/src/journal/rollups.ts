import type { MetricName, MetricValues } from './metrics.ts';

/** What is kept of the samples of one figure in one stretch of time. */
export interface Rollup {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /** The newest. */
  readonly last: number;
}

/** Roll-ups of several figures. */
export type Rollups = Readonly<Partial<Record<MetricName, Rollup>>>;

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** The steps in which roll-ups are kept, finest first, and for how long. Each step is a multiple of the one before. */
export const rollupSteps = [
  { stepMs: 10 * secondMs, keepMs: dayMs },
  { stepMs: minuteMs, keepMs: 7 * dayMs },
  { stepMs: hourMs, keepMs: 400 * dayMs },
] as const;

/** The finest step; what waits in memory is rolled up in it. */
export const finestStepMs = rollupSteps[0].stepMs;

/** Start of the stretch of `stepMs` that holds a moment. */
export function stretchStartMs(atMs: number, stepMs: number): number {
  return Math.floor(atMs / stepMs) * stepMs;
}

/** Most points of one series when the step is chosen. */
const chosenPointsMax = 400;

/** The finest step that gives at most 400 points, and none that is shorter than the time between two samples. */
export function chooseStepMs(rangeMs: number, sampleMs: number): number {
  const fits = rollupSteps.find(
    ({ stepMs }) => stepMs >= sampleMs && rangeMs / stepMs <= chosenPointsMax,
  );
  return (fits ?? rollupSteps[rollupSteps.length - 1] ?? rollupSteps[0]).stepMs;
}

/** Roll-ups that samples are added to where they are: of every server, at every sample. */
export type GrowingRollups = Partial<
  Record<MetricName, { -readonly [Field in keyof Rollup]: Rollup[Field] }>
>;

/** Adds the newest sample; figures that are no numbers are left out. */
export function addSample(rollups: GrowingRollups, values: MetricValues): void {
  // Without a list of the names: this is done for every server at every sample.
  for (const key in values) {
    const name = key as MetricName;
    const value = values[name];
    if (value === undefined || !Number.isFinite(value)) continue;
    const rollup = rollups[name];
    if (rollup === undefined) {
      rollups[name] = { count: 1, sum: value, min: value, max: value, last: value };
      continue;
    }
    rollup.count += 1;
    rollup.sum += value;
    rollup.min = Math.min(rollup.min, value);
    rollup.max = Math.max(rollup.max, value);
    rollup.last = value;
  }
}

/** One sample as roll-ups. */
export function rollUp(values: MetricValues): Rollups {
  const rollups: GrowingRollups = {};
  addSample(rollups, values);
  return rollups;
}

/** Roll-ups of an earlier and a later stretch as those of both together. */
export function mergeRollups(earlier: Rollups, later: Rollups): Rollups {
  const merged: Partial<Record<MetricName, Rollup>> = { ...earlier };
  for (const name of Object.keys(later) as MetricName[]) {
    const [one, other] = [merged[name], later[name]];
    if (other !== undefined) merged[name] = one === undefined ? other : mergeOne(one, other);
  }
  return merged;
}

function mergeOne(earlier: Rollup, later: Rollup): Rollup {
  return {
    count: earlier.count + later.count,
    sum: earlier.sum + later.sum,
    min: Math.min(earlier.min, later.min),
    max: Math.max(earlier.max, later.max),
    last: later.last,
  };
}

/**
 * Text of roll-ups for the store: a figure of one sample is a number, one that stayed the same `[count, value]`, any
 * other `[count, sum, min, max, last]`.
 */
export function textOfRollups(rollups: Rollups): string {
  const short: Record<string, number | readonly number[]> = {};
  for (const [name, { count, sum, min, max, last }] of Object.entries(rollups)) {
    const isSame = min === max && sum === count * min;
    if (count === 1) short[name] = last;
    else short[name] = isSame ? [count, last] : [count, sum, min, max, last];
  }
  return JSON.stringify(short);
}

/** Roll-ups from their text; what is no roll-up is left out. */
export function rollupsOfText(text: string): Rollups {
  const short: Readonly<Record<string, unknown>> = JSON.parse(text);
  const rollups: Partial<Record<string, Rollup>> = {};
  for (const [name, value] of Object.entries(short)) {
    const [count = 0, first = 0, ...rest] =
      typeof value === 'number' ? [1, value] : (value as readonly number[]);
    const [min = first, max = first, last = first] = rest;
    const sum = rest.length === 0 ? count * first : first;
    if (count > 0) rollups[name] = { count, sum, min, max, last };
  }
  return rollups;
}
