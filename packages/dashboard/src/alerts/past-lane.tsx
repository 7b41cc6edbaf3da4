import type { OutputOf } from 'ringmaster/operations';
import { duration, when } from '../format.ts';
import { laneBoxes } from '../parts/paths.ts';
import type { Say } from '../words/say.ts';
import { alertTitle, type Severity } from './rule-words.ts';

const width = 1_000;
const height = 20;
/** The worse, the thicker; a span is at least this wide, so that a short one is seen. */
const looks: Readonly<Record<Severity, { readonly thick: number; readonly fill: string }>> = {
  info: { thick: 4, fill: 'var(--starting)' },
  warning: { thick: 10, fill: 'var(--sick)' },
  high: { thick: 14, fill: 'var(--high)' },
  critical: { thick: 16, fill: 'var(--failed)' },
};
const narrowest = 4;

/** When one rule fired, on the axis that all rows share. */
export function PastLane(props: {
  readonly row: OutputOf<'alert.history'>['rows'][number];
  readonly fromMs: number;
  readonly toMs: number;
  readonly axis: readonly number[];
  readonly say: Say;
}) {
  const { row, fromMs, toMs, axis, say } = props;
  const boxes = laneBoxes(row.spans, { fromMs, toMs, width });
  const told = row.spans.slice(-4).map(([severity, from, to]) =>
    say('past.span', {
      severity: say(`severity.${severity}`),
      time: when(from, toMs, say.language),
      long: duration(to - from, say.time),
    }),
  );
  const name = alertTitle(row, say);
  const label = say('lane.said', { server: name, parts: told.join(', ') || say('past.never') });
  return (
    <svg
      className="lane"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      {axis.map((ms) => (
        <path
          key={ms}
          d={`M${(width * (ms - fromMs)) / (toMs - fromMs)} -6v32`}
          stroke="var(--hair)"
          vectorEffect="non-scaling-stroke"
        />
      ))}
      <path d={`M0 10h${width}`} stroke="var(--rule)" vectorEffect="non-scaling-stroke" />
      {boxes.map(({ state, x, width: wide, fromMs: key }) => {
        const { thick, fill } = looks[state as Severity];
        const shown = Math.max(narrowest, wide);
        return (
          <rect
            key={key}
            x={Math.min(x, width - shown)}
            y={(height - thick) / 2}
            width={shown}
            height={thick}
            fill={fill}
          />
        );
      })}
    </svg>
  );
}
