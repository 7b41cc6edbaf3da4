import { memo, type ReactNode } from 'react';
import { isSameLane, type LanePart } from '../client/lanes.ts';
import { when } from '../format.ts';
import type { Key } from '../words/en.ts';
import type { Say } from '../words/say.ts';
import { laneBoxes, lanePaths, ticksApart } from './paths.ts';

/** A lane is so wide in its own units, whatever its place on the page is. */
export const lanePixels = 330;
const height = 20;
/** Between two deaths, so that the state below them is seen. */
const tickGap = 5;
/** Parts that are read out. */
const toldMax = 4;

interface LaneNeeds {
  readonly server: string;
  readonly parts: readonly LanePart[];
  readonly deaths: readonly number[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly ticks: readonly number[];
  readonly say: Say;
}

/** How a server stood, on the axis that all rows share; drawn again when something happened or the axis moved. */
export const Lane = memo(
  function Lane({ server, parts, deaths, fromMs, toMs, ticks, say }: LaneNeeds) {
    const boxes = laneBoxes(parts, { fromMs, toMs, width: lanePixels });
    const at = (ms: number): number => ((ms - fromMs) / (toMs - fromMs)) * lanePixels;
    const time = (ms: number): string => when(ms, toMs, say.language);
    const notable = boxes.filter(({ state }) => state !== 'ready');
    const told = (notable.length === 0 ? boxes : notable).slice(-toldMax).map((box) =>
      say('lane.part', {
        state: say(`state.${box.state}` as Key),
        from: time(box.fromMs),
        to: box === boxes.at(-1) ? say('table.now') : time(box.toMs),
      }),
    );
    const label = say('lane.said', { server, parts: told.join(', ') });
    return (
      <LaneFrame label={label} width={lanePixels} ticks={ticks.map(at)}>
        <LaneShapes paths={lanePaths(boxes, height / 2)} />
        <path
          d={ticksApart(deaths.map(at), tickGap)
            .map((x) => `M${x.toFixed(1)} 1v18`)
            .join('')}
          stroke="var(--ink)"
          strokeWidth="2"
          vectorEffect="non-scaling-stroke"
        />
      </LaneFrame>
    );
  },
  (one, other) =>
    one.fromMs === other.fromMs &&
    one.toMs === other.toMs &&
    one.say === other.say &&
    one.deaths.join() === other.deaths.join() &&
    isSameLane(one.parts, other.parts),
);

/** A drawing on the time axis of its table: hairlines at its ticks, and a sentence for who cannot see it. */
export function LaneFrame(props: {
  readonly label: string;
  readonly width: number;
  /** Where the hairlines stand, in units of `width`. */
  readonly ticks: readonly number[];
  readonly children: ReactNode;
}) {
  const { label, width, ticks, children } = props;
  return (
    <svg
      className="lane"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      <path
        d={ticks.map((x) => `M${x.toFixed(1)} -6v32`).join('')}
        stroke="var(--hair)"
        vectorEffect="non-scaling-stroke"
      />
      {children}
    </svg>
  );
}

/** The states of a lane, each in its own colour. */
export function LaneShapes({ paths }: { readonly paths: ReturnType<typeof lanePaths> }) {
  return paths.map(({ state, path, isLine }) =>
    isLine ? (
      <path
        key={state}
        d={path}
        stroke="var(--stopped)"
        strokeWidth="1.5"
        strokeDasharray="1.5 3.5"
        vectorEffect="non-scaling-stroke"
      />
    ) : (
      <path
        key={state}
        d={path}
        fill={state === 'away' ? 'url(#hatch-away)' : `var(--${state})`}
        opacity={state === 'waiting' ? 0.55 : 1}
      />
    ),
  );
}

/** Times above the lanes; `end` is what its end is called: now, or when it was. */
export function LaneAxis(props: {
  readonly fromMs: number;
  readonly toMs: number;
  readonly ticks: readonly number[];
  readonly end: string;
  readonly say: Say;
}) {
  const { fromMs, toMs, ticks, end, say } = props;
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
      <span className="end">{end}</span>
    </div>
  );
}
