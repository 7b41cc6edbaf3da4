import type { Span, Standing } from '../journal/standings.ts';

/** A stretch of a lane: how the server stood, from, to (ms since 1970). */
export type LanePart = readonly [standing: Standing, fromMs: number, toMs: number];

/** Of two stretches that cannot be told apart on the screen the worse one is shown. */
const severity: Readonly<Record<Standing, number>> = {
  ...{
    ready: 0,
    asleep: 1,
    stopped: 2,
    away: 3,
    stopping: 4,
    starting: 5,
    sick: 6,
    waiting: 7,
    failed: 8,
  },
};

/**
 * Spans as parts of a lane that is `pixels` wide: neighbours that stand the same are one part, and what is shorter than
 * a pixel joins what comes before it, the worse winning, so that trouble is never too short to be seen.
 */
export function laneOf(
  spans: readonly Span[],
  range: { readonly fromMs: number; readonly toMs: number; readonly pixels: number },
): LanePart[] {
  const pixelMs = (range.toMs - range.fromMs) / range.pixels;
  const parts: [Standing, number, number][] = [];
  for (const { standing, fromMs, toMs } of spans) {
    const last = parts.at(-1);
    if (last === undefined) parts.push([standing, fromMs, toMs]);
    else if (last[0] === standing) last[2] = toMs;
    else if (last[2] - last[1] < pixelMs || toMs - fromMs < pixelMs)
      join(parts, standing, { fromMs, toMs, pixelMs });
    else parts.push([standing, fromMs, toMs]);
  }
  return parts;
}

/** At least one of the two neighbours is too short to be seen alone. */
function join(
  parts: [Standing, number, number][],
  standing: Standing,
  { fromMs, toMs, pixelMs }: { fromMs: number; toMs: number; pixelMs: number },
): void {
  const last = parts.at(-1);
  if (last === undefined) return;
  const isWorse = severity[standing] > severity[last[0]];
  const lastIsShort = last[2] - last[1] < pixelMs;
  if (lastIsShort && toMs - fromMs < pixelMs) {
    if (isWorse) last[0] = standing;
    last[2] = toMs;
  } else if (lastIsShort) {
    // The short one keeps its pixel when it is the worse, else it vanishes in its neighbour.
    if (isWorse) {
      last[0] = standing;
      last[2] = toMs;
    } else parts.push([standing, fromMs, toMs]);
  } else if (isWorse) parts.push([standing, fromMs, toMs]);
  else last[2] = toMs;
}

/** How a server stood and for how many steps; `none` while nothing was known of it. */
export type LaneStretch = readonly [standing: Standing | 'none', steps: number];

/** The steps a lane and its deaths are told in. */
interface Steps {
  /** Where the first step begins. */
  readonly fromMs: number;
  readonly stepMs: number;
}

/**
 * Parts that touch, as lengths one after the other: a third of the bytes of their times. Each end is rounded by itself,
 * so that no error adds up; trouble shorter than half a step is 0 long and still there.
 */
export function stretchesOf(parts: readonly LanePart[], { fromMs, stepMs }: Steps): LaneStretch[] {
  const step = (atMs: number): number => Math.round((atMs - fromMs) / stepMs);
  const before = step(parts[0]?.[1] ?? fromMs);
  const stretches = parts.map(
    ([standing, from, to]): LaneStretch => [standing, step(to) - step(from)],
  );
  return before === 0 ? stretches : [['none', before], ...stretches];
}

/** Deaths as steps after `fromMs`; those within `pixelSteps` of the first of them are one place with their count. */
export function deathPlaces(
  atMs: readonly number[],
  { fromMs, stepMs, pixelSteps }: Steps & { readonly pixelSteps: number },
): [step: number, count: number][] {
  const places: [step: number, count: number][] = [];
  for (const ms of atMs) {
    const step = Math.round((ms - fromMs) / stepMs);
    const last = places.at(-1);
    if (last !== undefined && step - last[0] < pixelSteps) last[1] += 1;
    else places.push([step, 1]);
  }
  return places;
}
