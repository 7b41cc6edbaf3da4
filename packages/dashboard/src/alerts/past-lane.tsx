import type { OutputOf } from 'ringmaster/operations';
import { duration, when } from '../format.ts';
import { LaneFrame } from '../parts/lane.tsx';
import { laneBoxes, lanePaths } from '../parts/paths.ts';
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
  const seen = boxes.map(({ state, x, width: wide }) => {
    const shown = Math.max(narrowest, wide);
    return { state, width: shown, x: Math.min(x, width - shown) };
  });
  const paths = lanePaths(seen, height / 2, (severity) => looks[severity as Severity].thick);
  const at = (ms: number): number => (width * (ms - fromMs)) / (toMs - fromMs);
  return (
    <LaneFrame label={label} width={width} ticks={axis.map(at)}>
      <path d={`M0 10h${width}`} stroke="var(--rule)" vectorEffect="non-scaling-stroke" />
      {paths.map(({ state, path }) => (
        <path key={state} d={path} fill={looks[state as Severity].fill} />
      ))}
    </LaneFrame>
  );
}
