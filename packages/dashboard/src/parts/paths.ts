/** Drawing as text: pure, so that what is drawn can be tested. */

/** Width and height of a drawing in its own units. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * A sparkline as path data. Zero is at the bottom, `limit` (or the highest point) at the top; a missing point is a gap,
 * never a line to zero. Empty when nothing was measured.
 */
export function sparkPath(points: readonly (number | null)[], size: Size, limit?: number): string {
  const known = points.filter((point) => point !== null);
  if (known.length === 0) return '';
  const top = Math.max(limit ?? 0, ...known) || 1;
  const stepX = size.width / Math.max(1, points.length - 1);
  let path = '';
  let isDown = false;
  for (const [index, point] of points.entries()) {
    if (point === null) {
      isDown = false;
      continue;
    }
    const x = round(index * stepX);
    const y = round(size.height - 1 - (point / top) * (size.height - 2));
    path += `${isDown ? 'L' : 'M'}${x} ${y}`;
    isDown = true;
  }
  return path;
}

/** Places of ticks without those that stand nearer than `least` to the one before: what lies below is still seen. */
export function ticksApart(places: readonly number[], least: number): number[] {
  const kept: number[] = [];
  for (const place of places.toSorted((one, other) => one - other)) {
    if (place - (kept.at(-1) ?? Number.NEGATIVE_INFINITY) >= least) kept.push(place);
  }
  return kept;
}

/** A part of a lane on its axis. */
export interface LaneBox {
  readonly state: string;
  readonly x: number;
  readonly width: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Where the parts of a lane lie on an axis from `fromMs` to `toMs` that is `width` long; none is thinner than 1. */
export function laneBoxes(
  parts: readonly (readonly [string, number, number])[],
  axis: { readonly fromMs: number; readonly toMs: number; readonly width: number },
): LaneBox[] {
  const { fromMs, toMs, width } = axis;
  const scale = width / (toMs - fromMs);
  return parts
    .filter(([, from, to]) => to > fromMs && from < toMs)
    .map(([state, from, to]) => {
      const start = (Math.max(from, fromMs) - fromMs) * scale;
      const end = (Math.min(to, toMs) - fromMs) * scale;
      const thick = Math.max(1, end - start);
      return {
        ...{ state, fromMs: from, toMs: to, width: round(thick) },
        x: round(Math.min(start, width - thick)),
      };
    });
}

/** How high each state stands in a lane: health is a hairline, trouble a block. */
const thickness: Readonly<Record<string, number>> = {
  ...{ ready: 2, starting: 6, stopping: 4, sick: 10, waiting: 12, failed: 16, away: 10 },
};

/** All boxes of one look as one path; `isLine` when it is a line to be stroked. */
export interface LanePath {
  readonly state: string;
  readonly path: string;
  readonly isLine: boolean;
}

/** One path a state, around `middle`: a hundred boxes cost the browser as much as one. */
export function lanePaths(
  boxes: readonly Pick<LaneBox, 'state' | 'x' | 'width'>[],
  middle: number,
  thick: (state: string) => number = (state) => thickness[state] ?? 2,
): LanePath[] {
  const paths = new Map<string, string>();
  for (const { state, x, width } of boxes) {
    const high = thick(state);
    const box = isResting(state)
      ? `M${x} ${middle}h${width}`
      : `M${x} ${middle - high / 2}h${width}v${high}h${-width}z`;
    paths.set(state, `${paths.get(state) ?? ''}${box}`);
  }
  return [...paths].map(([state, path]) => ({ state, path, isLine: isResting(state) }));
}

/** Stopped by wish is no trouble: a dotted line. */
function isResting(state: string): boolean {
  return state === 'stopped' || state === 'asleep';
}

/** Round times on an axis, at most `count` of them: whole steps of the zone's own clock. */
export function ticks(fromMs: number, toMs: number, count: number): number[] {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 10_080].map(
    (minutes) => minutes * 60_000,
  );
  const stepMs = steps.find((step) => (toMs - fromMs) / step <= count) ?? 40 * 86_400_000;
  const zoneMs = new Date(toMs).getTimezoneOffset() * 60_000;
  const first = Math.ceil((fromMs - zoneMs) / stepMs) * stepMs + zoneMs;
  const found: number[] = [];
  for (let atMs = first; atMs < toMs; atMs += stepMs) found.push(atMs);
  return found;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
