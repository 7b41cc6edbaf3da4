import { memo } from 'react';
import { sparkPath } from './paths.ts';

/** At most 60 points, one line of ink; the scale ends at the limit where there is one, so that rows compare. */
export const Spark = memo(function Spark(props: {
  readonly points: readonly (number | null)[];
  readonly limit?: number | undefined;
  readonly width?: number;
  readonly height?: number;
}) {
  const { points, limit, width = 68, height = 18 } = props;
  const path = sparkPath(points, { width, height }, limit);
  return (
    <svg
      className="spark"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path
        d={path}
        fill="none"
        stroke="var(--ink-2)"
        strokeWidth="1.3"
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
});
