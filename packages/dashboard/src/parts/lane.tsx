import { memo } from 'react';
import { when } from '../format.ts';
import type { Key } from '../words/en.ts';
import type { Say } from '../words/say.ts';
import { laneBoxes, ticksApart } from './paths.ts';

const width = 330;
const height = 20;
/** Between two deaths, so that the state below them is seen. */
const tickGap = 5;
/** Health is a hairline, trouble a block: ink in proportion to trouble. */
const thickness: Readonly<Record<string, number>> = {
  ready: 2,
  starting: 6,
  stopping: 4,
  sick: 10,
  waiting: 12,
  failed: 16,
  away: 10,
};

/** How a server stood, on the axis that all rows share. */
export const Lane = memo(function Lane(props: {
  readonly server: string;
  readonly parts: readonly (readonly [string, number, number])[];
  readonly deaths: readonly number[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly ticks: readonly number[];
  readonly say: Say;
}) {
  const { parts, deaths, fromMs, toMs, ticks, say } = props;
  const boxes = laneBoxes(parts, { fromMs, toMs, width });
  const at = (ms: number): number => ((ms - fromMs) / (toMs - fromMs)) * width;
  const time = (ms: number): string => when(ms, toMs, say.language);
  const notable = boxes.filter(({ state }) => state !== 'ready');
  const told = (notable.length === 0 ? boxes : notable).slice(-4).map((box) =>
    say('lane.part', {
      state: say(`state.${box.state}` as Key),
      from: time(box.fromMs),
      to: time(Math.min(box.toMs, toMs)),
    }),
  );
  const label = say('lane.said', { server: props.server, parts: told.join(', ') });
  return (
    <svg
      className="lane"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      {ticks.map((ms) => (
        <path
          key={ms}
          d={`M${at(ms)} 0v${height}`}
          stroke="var(--hair)"
          vectorEffect="non-scaling-stroke"
        />
      ))}
      {boxes.map(({ state, x, width: wide, fromMs: key }) => {
        const thick = thickness[state] ?? 2;
        if (state === 'stopped' || state === 'asleep') {
          return (
            <path
              key={key}
              d={`M${x} 10h${wide}`}
              stroke="var(--stopped)"
              strokeWidth="1.5"
              strokeDasharray="1.5 3.5"
              vectorEffect="non-scaling-stroke"
            />
          );
        }
        const fill = state === 'away' ? 'url(#hatch-away)' : `var(--${state})`;
        const opacity = state === 'waiting' ? 0.55 : 1;
        return (
          <rect
            key={key}
            x={x}
            y={(height - thick) / 2}
            width={wide}
            height={thick}
            fill={fill}
            opacity={opacity}
          />
        );
      })}
      {ticksApart(deaths.map(at), tickGap).map((x) => (
        <path
          key={x}
          d={`M${x} 1v18`}
          stroke="var(--ink)"
          strokeWidth="2"
          vectorEffect="non-scaling-stroke"
        />
      ))}
    </svg>
  );
});

/** Times above the lanes. */
export function LaneAxis(props: {
  readonly fromMs: number;
  readonly toMs: number;
  readonly ticks: readonly number[];
  readonly say: Say;
}) {
  const { fromMs, toMs, ticks, say } = props;
  const share = (ms: number): number => ((ms - fromMs) / (toMs - fromMs)) * 100;
  return (
    <div className="axis">
      {ticks
        .filter((ms) => share(ms) < 88)
        .map((ms) => (
          <span key={ms} style={{ left: `${share(ms)}%` }}>
            {when(ms, toMs, say.language)}
          </span>
        ))}
      <span className="end">{say('table.now')}</span>
    </div>
  );
}
