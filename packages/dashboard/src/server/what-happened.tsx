import { memo } from 'react';
import type { OutputOf } from 'ringmaster/operations';
import type { ServerRow } from '../client/fleet-store.ts';
import {
  deathCount,
  deathTimes,
  type LanePart,
  type LaneSteps,
  laneParts,
} from '../client/lanes.ts';
import type { Death } from '../client/use-deaths.ts';
import { bytes, when } from '../format.ts';
import { LaneShapes } from '../parts/lane.tsx';
import { laneBoxes, lanePaths, ticks, ticksApart } from '../parts/paths.ts';
import { useWidth } from '../parts/use-width.ts';
import type { Say } from '../words/say.ts';
import { axisMarks, type Numbered } from './axis-marks.ts';

type History = OutputOf<'metric.read'>;

/** Of the figures, until they are known. */
const usualStepMs = 60_000;
/** In CSS pixels, until the page has measured its place. */
const usualWidth = 980;
const left = 72;
const right = 92;
/** A mark of memory so many times as high as the highest point is not drawn. */
const farAbove = 3;
/** Least pixels between two times of the axis. */
const tickPixels = 90;
/** Above all lanes stand flags, and below these the numbers of deaths: what a revision killed is seen with both. */
const flagTop = 2;
const flagWidth = 50;
const discTop = 21;
const discRadius = 9;
const laneTop = 48;
const memoryTop = 86;
const memoryHeight = 84;
const callsTop = 206;
const callsHeight = 34;
const lineBottom = 246;
const heightPixels = 270;

/** What bears a number on the axis: a revision of the fleet file, a death. */
export interface NumberedTime {
  readonly number: number;
  readonly atMs: number;
}

/** A line memory should stay below. */
export interface MemoryMark {
  readonly kind: 'limit' | 'warning';
  readonly bytes: number;
}

/** State, memory and calls of one server on one axis; deaths go through all of them. */
export const WhatHappened = memo(function WhatHappened(props: {
  readonly server: ServerRow;
  /** What the lane and the deaths of the server are counted from and in. */
  readonly lanes: LaneSteps;
  readonly died: readonly Death[];
  readonly revisions: readonly NumberedTime[];
  /** Undefined until it is known. */
  readonly memory: History | undefined;
  readonly calls: History | undefined;
  /** What its memory is measured against. */
  readonly marks: readonly MemoryMark[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly say: Say;
}) {
  const { server, lanes, died, revisions, marks, fromMs, toMs, say } = props;
  const [place, width] = useWidth(usualWidth);
  const plot = Math.max(tickPixels, width - left - right);
  const x = (ms: number): number => left + ((ms - fromMs) / (toMs - fromMs)) * plot;
  const axis = ticks(fromMs, toMs, Math.min(8, Math.floor(plot / tickPixels)));
  const memory = props.memory?.series[0]?.points ?? [];
  const calls = props.calls?.calls[0]?.points ?? [];
  const stepMs = props.memory?.stepMs ?? props.calls?.stepMs ?? usualStepMs;
  const deaths = deathTimes(server.deaths, lanes).filter((ms) => ms >= fromMs);
  const placed = (things: readonly NumberedTime[]): Numbered[] =>
    things
      .filter(({ atMs }) => atMs >= fromMs && atMs <= toMs)
      .map(({ atMs, number }) => ({ x: x(atMs), number }));
  const label = say('happened.said', {
    ...{ server: server.server, deaths: deathCount(server.deaths, lanes, fromMs) },
    calls: calls.reduce((sum, point) => sum + point.calls, 0),
  });
  return (
    <svg
      ref={place}
      className="happened"
      viewBox={`0 0 ${width} ${heightPixels}`}
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      {axis.map((ms) => (
        <g key={ms}>
          <path d={`M${x(ms)} ${laneTop}V${lineBottom}`} stroke="var(--hair)" />
          <text x={x(ms)} y={heightPixels - 8} textAnchor="middle">
            {when(ms, toMs, say.language)}
          </text>
        </g>
      ))}
      <text className="t" x={0} y={laneTop + 14}>
        {say('happened.state')}
      </text>
      <g transform={`translate(${left} ${laneTop})`}>
        <StateLane parts={laneParts(server.lane, lanes)} {...{ fromMs, toMs, plot }} />
      </g>
      <text className="t" x={0} y={memoryTop + 14}>
        {say('table.memory')}
      </text>
      <MemoryLine points={memory} {...{ x, stepMs, plot, marks, say }} />
      <text className="t" x={0} y={callsTop + 14}>
        {say('nav.calls')}
      </text>
      <CallBars points={calls} {...{ x, stepMs, plot }} />
      {ticksApart(deaths.map(x), 4).map((place) => (
        <path
          key={place}
          d={`M${place} ${discTop}V${lineBottom}`}
          stroke="var(--ink)"
          strokeWidth="1.2"
        />
      ))}
      <Flags revisions={placed(revisions)} />
      <DeathNumbers deaths={placed(died)} />
    </svg>
  );
});

/** Revisions that changed the server: each a flag, with a line through what came of it. */
function Flags({ revisions }: { readonly revisions: readonly Numbered[] }) {
  return axisMarks(revisions, flagReach).map(({ x, label }) => (
    <g key={label}>
      <path d={`M${x} ${flagTop}V${lineBottom}`} stroke="var(--ink)" strokeDasharray="3 3" />
      <path
        d={`M${x} ${flagTop}h${flagWidth}l-4 8 4 8h${-flagWidth}z`}
        fill="var(--sheet)"
        stroke="var(--ink)"
      />
      <text className="b" x={x + 5} y={flagTop + 12}>{`r${label}`}</text>
    </g>
  ));
}

const flagReach = () => ({ before: 2, after: flagWidth + 2 });
const discHalf = (label: string): number => Math.max(discRadius, label.length * 3.5 + 3);
const discReach = (label: string) => ({ before: discHalf(label), after: discHalf(label) });

/** Deaths by the numbers they have in the table. */
function DeathNumbers({ deaths }: { readonly deaths: readonly Numbered[] }) {
  return axisMarks(deaths, discReach).map(({ x, label }) => {
    const half = discHalf(label);
    return (
      <g key={label} className="died">
        <rect
          {...{ x: x - half, width: 2 * half }}
          {...{ y: discTop, height: 2 * discRadius, rx: discRadius }}
        />
        <text x={x} y={discTop + 13} textAnchor="middle">
          {label}
        </text>
      </g>
    );
  });
}

function StateLane(props: {
  readonly parts: readonly LanePart[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly plot: number;
}) {
  const { parts, fromMs, toMs, plot } = props;
  const boxes = laneBoxes(parts, { fromMs, toMs, width: plot });
  return <LaneShapes paths={lanePaths(boxes, 10)} />;
}

/** The band is from the least to the most of each step, the line its mean. */
function MemoryLine(props: {
  readonly points: History['series'][number]['points'];
  readonly x: (ms: number) => number;
  readonly stepMs: number;
  readonly plot: number;
  readonly marks: readonly MemoryMark[];
  readonly say: Say;
}) {
  const { points, x, stepMs, plot, say } = props;
  if (points.length === 0) return null;
  const highest = Math.max(...points.map(({ max }) => max));
  // A mark far above would press the line flat on the ground.
  const marks = props.marks.filter((mark) => mark.bytes < highest * farAbove);
  const top = Math.max(highest, ...marks.map((mark) => mark.bytes)) * 1.15 || 1;
  const y = (value: number): number => memoryTop + memoryHeight * (1 - value / top);
  const line = points
    .map(({ atMs, mean }, index) => {
      const before = points[index - 1];
      // A step without samples is a gap, not a line.
      const isGap = before === undefined || atMs - before.atMs > stepMs * 1.5;
      return `${isGap ? 'M' : 'L'}${x(atMs).toFixed(1)} ${y(mean).toFixed(1)}`;
    })
    .join('');
  const limit = marks.find(({ kind }) => kind === 'limit');
  const most = bytes(highest);
  const bottom = memoryTop + memoryHeight;
  return (
    <>
      {limit === undefined ? null : (
        <path
          d={`M${left} ${memoryTop}h${plot}V${y(limit.bytes)}h${-plot}z`}
          fill="var(--failed-tint)"
        />
      )}
      <path d={`M${left} ${bottom}h${plot}`} stroke="var(--rule)" />
      <path d={line} fill="none" stroke="var(--ink)" strokeWidth="1.5" strokeLinejoin="round" />
      {marks.map((mark) => (
        <MarkLine key={mark.kind} {...{ mark, plot, say }} y={y(mark.bytes)} />
      ))}
      {marks.length > 0 ? null : (
        <text x={left + plot + 6} y={memoryTop + 14}>{`${most.value}\u00a0${most.unit}`}</text>
      )}
      <text x={left + plot + 6} y={bottom + 4}>
        0
      </text>
    </>
  );
}

function MarkLine(props: {
  readonly mark: MemoryMark;
  readonly y: number;
  readonly plot: number;
  readonly say: Say;
}) {
  const { mark, y, plot, say } = props;
  const { value, unit } = bytes(mark.bytes);
  const [ink, dashes] = mark.kind === 'limit' ? ['failed', '4 3'] : ['sick', '1.5 3'];
  return (
    <>
      <path d={`M${left} ${y}h${plot}`} stroke={`var(--${ink})`} strokeDasharray={dashes} />
      <text x={left + plot + 6} y={y + 4} style={{ fill: `var(--${ink})` }}>
        {say(`happened.${mark.kind}`, { size: `${value}\u00a0${unit}` })}
      </text>
    </>
  );
}

function CallBars(props: {
  readonly points: History['calls'][number]['points'];
  readonly x: (ms: number) => number;
  readonly stepMs: number;
  readonly plot: number;
}) {
  const { points, x, stepMs, plot } = props;
  const most = Math.max(1, ...points.map(({ calls }) => calls));
  const bottom = callsTop + callsHeight;
  return (
    <>
      <path d={`M${left} ${bottom}h${plot}`} stroke="var(--rule)" />
      {points.map(({ atMs, calls, failed }) => {
        const wide = Math.max(1, x(atMs + stepMs) - x(atMs) - 1);
        const high = (calls / most) * callsHeight;
        const bad = failed === 0 ? 0 : Math.max(2, (failed / most) * callsHeight);
        return (
          <g key={atMs}>
            <rect x={x(atMs)} y={bottom - high} width={wide} height={high} fill="var(--edge)" />
            <rect x={x(atMs)} y={bottom - bad} width={wide} height={bad} fill="var(--failed)" />
          </g>
        );
      })}
    </>
  );
}
