/** A curve over time with its limit, as path data. */
export interface Curve {
  /** Until the alert fired. */
  readonly calm: string;
  /** From then on. */
  readonly hot: string;
  readonly limitY: number;
  readonly end: { readonly x: number; readonly y: number } | undefined;
}

/** Where and how large a curve is drawn. */
export interface CurveFrame {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  readonly firedAtMs: number;
  readonly limit: number;
  readonly width: number;
  readonly height: number;
}

/** A stretch without figures this many steps long is a gap, never a line. */
const gapSteps = 2.5;

/** Draws points (ms since 1970, value) in order of time; the limit and the highest point both fit, zero is at the bottom. */
export function curveOf(
  points: readonly (readonly [atMs: number, value: number])[],
  frame: CurveFrame,
): Curve {
  const { fromMs, toMs, stepMs, firedAtMs, limit, width, height } = frame;
  const top = 1.08 * Math.max(limit, ...points.map(([, value]) => value)) || 1;
  const x = (atMs: number): number => round((width * (atMs - fromMs)) / (toMs - fromMs));
  const y = (value: number): number => round(height - (value / top) * height);
  const paths = { calm: '', hot: '' };
  let before: (typeof points)[number] | undefined;
  for (const point of points) {
    const [atMs, value] = point;
    const part = atMs + stepMs > firedAtMs ? 'hot' : 'calm';
    const isGap = before === undefined || atMs - before[0] > gapSteps * stepMs;
    if (isGap) paths[part] += `M${x(atMs)} ${y(value)}`;
    else {
      // The part in colour begins where the quiet one ends.
      if (paths[part] === '' && before !== undefined)
        paths[part] += `M${x(before[0])} ${y(before[1])}`;
      paths[part] += `L${x(atMs)} ${y(value)}`;
    }
    before = point;
  }
  const end = before && { x: x(before[0]), y: y(before[1]) };
  return { ...paths, limitY: y(limit), end };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
