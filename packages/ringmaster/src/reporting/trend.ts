/** A straight line through points, and how far its slope is known. */
export interface Trend {
  /** Units a day. */
  readonly perDay: number;
  /** The true slope is between these in 95 of 100 cases, if the days are independent of each other. */
  readonly perDayLow: number;
  readonly perDayHigh: number;
  /** Of the line at the newest point. */
  readonly now: number;
  readonly n: number;
}

const dayMs = 86_400_000;
/** Fewer days than this tell nothing of the week's course. */
export const trendDaysMin = 7;
/** Two-sided, 95 %. */
const normalQuantile = 1.96;

/**
 * The line of Theil and Sen (the median of all slopes between two points), which up to 29 % of wild points do not move,
 * with Sen's interval (Sen 1968, "Estimates of the Regression Coefficient Based on Kendall's Tau"). Undefined for fewer
 * than `trendDaysMin` points.
 */
export function fitTrend(
  points: readonly { readonly atMs: number; readonly value: number }[],
): Trend | undefined {
  const n = points.length;
  const newest = points[n - 1];
  if (n < trendDaysMin || newest === undefined) return undefined;
  const slopes = points
    .flatMap((from, at) =>
      points.slice(at + 1).map((to) => ((to.value - from.value) / (to.atMs - from.atMs)) * dayMs),
    )
    .sort(ascending);
  const perDay = median(slopes);
  const spread = normalQuantile * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const at = (place: number) => slopes[Math.min(slopes.length - 1, Math.max(0, place))] ?? perDay;
  const lifted = points.map(({ atMs, value }) => value + (perDay * (newest.atMs - atMs)) / dayMs);
  return {
    ...{ perDay, now: median(lifted.sort(ascending)), n },
    perDayLow: at(Math.floor((slopes.length - spread) / 2) - 1),
    perDayHigh: at(Math.ceil((slopes.length + spread) / 2)),
  };
}

function median(sorted: readonly number[]): number {
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}

function ascending(one: number, other: number): number {
  return one - other;
}
