import type { Overview, ServerRow } from './fleet-store.ts';

/** A stretch of a lane: state (or `away`), from, to in ms since 1970. */
export type LanePart = readonly [state: string, fromMs: number, toMs: number];

/** What the lanes of an overview are counted from and in. */
export type LaneSteps = Pick<Overview, 'fromMs' | 'stepMs'>;

/** How long the lanes are: they begin up to a step earlier than was asked for. */
export function laneRangeMs({ fromMs, nowMs, stepMs }: Overview): number {
  return Math.floor((nowMs - fromMs) / stepMs) * stepMs;
}

/** A lane as times, as the daemon told it in lengths; what was not known is left out. */
export function laneParts(lane: ServerRow['lane'], { fromMs, stepMs }: LaneSteps): LanePart[] {
  const parts: LanePart[] = [];
  let beginMs = fromMs;
  for (const [state, steps] of lane) {
    const endMs = beginMs + steps * stepMs;
    if (state !== 'none') parts.push([state, beginMs, endMs]);
    beginMs = endMs;
  }
  return parts;
}

/** When a server died; deaths that a lane cannot show apart are one time. */
export function deathTimes(deaths: ServerRow['deaths'], { fromMs, stepMs }: LaneSteps): number[] {
  return deaths.map(([steps]) => fromMs + steps * stepMs);
}

/** How often it died in the range of the overview, or since `sinceMs`. */
export function deathCount(
  deaths: ServerRow['deaths'],
  lanes: LaneSteps,
  sinceMs = lanes.fromMs,
): number {
  return deaths
    .filter(([steps]) => lanes.fromMs + steps * lanes.stepMs >= sinceMs)
    .reduce((sum, [, count]) => sum + count, 0);
}

/**
 * Whether two lanes are drawn the same on one axis: where the first begins and the last ends is the axis' own, and
 * moves with the time.
 */
export function isSameLane(one: readonly LanePart[], other: readonly LanePart[]): boolean {
  return (
    one.length === other.length &&
    one.every(([state, fromMs], index) => {
      const [otherState, otherFromMs] = other[index] ?? ['', 0];
      return state === otherState && (index === 0 || fromMs === otherFromMs);
    })
  );
}
