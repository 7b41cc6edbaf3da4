import type { OutputOf } from 'ringmaster/operations';
import { latency } from '../format.ts';
import type { Say } from '../words/say.ts';
import { levelsOf, type Rules } from './rule-levels.ts';

type Total = OutputOf<'metric.read'>['calls'][number]['total'];

const rungs = [
  ['p50', 'p50Ms'],
  ['p95', 'p95Ms'],
  ['p99', 'p99Ms'],
  ['max', 'maxMs'],
] as const;
/** The threshold where an alert begins, and the worst there is. */
const limits = [
  { level: 'warning', state: 'sick', anchor: 'end', besidePixels: -4 },
  { level: 'critical', state: 'failed', anchor: 'start', besidePixels: 4 },
] as const;
/** Times of the axis. */
const decadesMs = [1, 10, 100, 1_000, 10_000, 100_000];
/** A time, and where it lies on the axis. */
interface Place {
  readonly ms: number;
  readonly x: number;
}

const width = 300;
const height = 150;
const lineTop = 18;
const lineBottom = 128;

/** Percentiles as rungs on a logarithmic axis, with the thresholds of the alert about latency as verticals. */
export function Latency(props: {
  readonly total: Total | undefined;
  readonly server: string;
  readonly rules: Rules;
  readonly say: Say;
}) {
  const { total, server, rules, say } = props;
  if (total === undefined || total.calls === 0) return <p className="empty">{say('calls.none')}</p>;
  const levels = levelsOf(rules, 'latencyMs', server);
  const drawn = limits.flatMap((limit) => {
    const ms = levels[limit.level];
    return ms === undefined ? [] : [{ ...limit, ms }];
  });
  const [low, high] = [
    Math.min(1, total.p50Ms),
    Math.max(10_000, total.maxMs, ...drawn.map(({ ms }) => ms)),
  ];
  const x = (ms: number): number =>
    (Math.log(Math.max(ms, low) / low) / Math.log(high / low)) * width;
  return (
    <svg
      className="ladder"
      viewBox={`-40 0 ${width + 110} ${height}`}
      role="img"
      aria-label={say('latency.said', {
        p50: shown(total.p50Ms),
        p95: shown(total.p95Ms),
        max: shown(total.maxMs),
      })}
    >
      {drawn.map((limit) => (
        <Limit key={limit.level} {...limit} x={x(limit.ms)} say={say} />
      ))}
      {rungs.map(([name, field], index) => {
        const ms = total[field];
        const state = drawn.findLast((limit) => ms >= limit.ms)?.state ?? 'ink';
        return <Rung key={name} {...{ name, ms, state }} x={x(ms)} y={34 + index * 26} />;
      })}
      {decadesMs
        .filter((ms) => ms >= low && ms <= high)
        .map((ms) => (
          <text key={ms} x={x(ms)} y={height - 4} textAnchor="middle">
            {short(ms)}
          </text>
        ))}
    </svg>
  );
}

function Limit(props: (typeof limits)[number] & Place & { readonly say: Say }) {
  const { level, state, anchor, besidePixels, ms, x, say } = props;
  return (
    <g className={`is-${state}`}>
      <path d={`M${x} ${lineTop}V${lineBottom}`} stroke="currentColor" strokeDasharray="3 3" />
      <text className="b" x={x + besidePixels} y={12} textAnchor={anchor}>
        {say(`latency.${level}`, { limit: short(ms) })}
      </text>
    </g>
  );
}

function Rung(
  props: Place & { readonly name: string; readonly state: string; readonly y: number },
) {
  const { name, state, ms, x, y } = props;
  return (
    <g className={`is-${state}`}>
      <text className="t" x={-40} y={y + 4}>
        {name}
      </text>
      <path d={`M0 ${y}H${x}`} stroke="currentColor" strokeWidth="1.5" />
      <circle cx={x} cy={y} r="3.5" fill="currentColor" />
      <text className="b" x={width + 8} y={y + 4}>
        {shown(ms)}
      </text>
    </g>
  );
}

function shown(ms: number): string {
  const { value, unit } = latency(ms);
  return `${value}\u00a0${unit}`;
}

/** A round time without the digits that a measured one has. */
function short(ms: number): string {
  return ms < 1_000 ? `${ms}\u00a0ms` : `${ms / 1_000}\u00a0s`;
}
