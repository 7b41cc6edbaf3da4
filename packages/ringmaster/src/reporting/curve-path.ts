/** A course of a figure over some time. */
export interface CourseOfFigure {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  /** ms since 1970 and the figure, in order of time. */
  readonly points: readonly (readonly [atMs: number, value: number])[];
}

/** Points further apart than this many steps have something missing between them. */
const gapSteps = 1.5;

/**
 * The path of an SVG that draws a course into so much room, zero at the bottom and the largest figure at the top.
 * What is missing is a gap, and a figure between two gaps is a dot (where the line has round ends).
 */
export function curvePath(
  { fromMs, toMs, stepMs, points }: CourseOfFigure,
  { width, height }: { readonly width: number; readonly height: number },
): string {
  const largest = Math.max(...points.map(([, value]) => value), Number.MIN_VALUE);
  let lastMs = Number.NEGATIVE_INFINITY;
  return points
    .map(([atMs, value]) => {
      const x = ((width * (atMs - fromMs)) / (toMs - fromMs)).toFixed(1);
      const y = (height - (height * value) / largest).toFixed(1);
      const isGap = atMs - lastMs > gapSteps * stepMs;
      lastMs = atMs;
      return isGap ? `M${x} ${y}h0` : `L${x} ${y}`;
    })
    .join('');
}
