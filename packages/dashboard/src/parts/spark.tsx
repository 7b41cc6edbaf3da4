import { memo } from 'react';
import { sparkPath } from './paths.ts';

/**
 * At most 60 points, one line of ink; the scale ends at `top` or the limit where there is one, so that rows compare. The
 * limit is dashed.
 */
export const Spark = memo(function Spark(props: {
  readonly points: readonly (number | null)[];
  readonly top?: number | undefined;
  readonly limit?: number | undefined;
  /** Of whom they are, where that is in trouble: its colour, else ink. */
  readonly state?: string | undefined;
  readonly width?: number;
  readonly height?: number;
}) {
  const { points, limit, state, width = 68, height = 18 } = props;
  const size = { width, height };
  const top = Math.max(limit ?? 0, props.top ?? 0, ...points.map((point) => point ?? 0));
  const shared = { fill: 'none', vectorEffect: 'non-scaling-stroke' } as const;
  return (
    <svg
      className="spark"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {limit === undefined || points.length === 0 ? null : (
        <path
          {...shared}
          d={sparkPath([limit, limit], size, top)}
          stroke="var(--failed)"
          strokeDasharray="2 2"
        />
      )}
      <path
        {...shared}
        d={sparkPath(points, size, top)}
        stroke={state === undefined ? 'var(--ink-2)' : `var(--${state})`}
        strokeWidth="1.3"
        strokeLinejoin="round"
      />
    </svg>
  );
});
