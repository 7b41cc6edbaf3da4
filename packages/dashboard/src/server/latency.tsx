import type { OutputOf } from 'ringmaster/operations';
import { latency } from '../format.ts';
import type { Say } from '../words/say.ts';

type Total = OutputOf<'metric.read'>['calls'][number]['total'];

const rungs = [
  ['p50', 'p50Ms'],
  ['p95', 'p95Ms'],
  ['p99', 'p99Ms'],
  ['max', 'maxMs'],
] as const;
/** Where the unified defaults begin to warn, and to call it critical. */
const warnMs = 3_000;
const criticalMs = 5_000;
const width = 300;

/** Percentiles as rungs on a logarithmic axis, with the limits as verticals. */
export function Latency({ total, say }: { readonly total: Total | undefined; readonly say: Say }) {
  if (total === undefined || total.calls === 0) return <p className="empty">{say('calls.none')}</p>;
  const [low, high] = [Math.min(1, total.p50Ms), Math.max(10_000, total.maxMs)];
  const x = (ms: number): number =>
    (Math.log(Math.max(ms, low) / low) / Math.log(high / low)) * width;
  return (
    <svg
      className="ladder"
      viewBox={`-40 0 ${width + 110} 130`}
      role="img"
      aria-label={say('latency.said', {
        p50: shown(total.p50Ms),
        p95: shown(total.p95Ms),
        max: shown(total.maxMs),
      })}
    >
      <path d={`M${x(warnMs)} 8v104`} stroke="var(--sick)" strokeDasharray="3 3" />
      <path d={`M${x(criticalMs)} 8v104`} stroke="var(--failed)" strokeDasharray="3 3" />
      {rungs.map(([name, field], index) => {
        const ms = total[field];
        const y = 22 + index * 26;
        const state = ms >= criticalMs ? 'failed' : ms >= warnMs ? 'sick' : 'ink';
        return (
          <g key={name} className={`is-${state}`}>
            <text className="t" x={-40} y={y + 4}>
              {name}
            </text>
            <path d={`M0 ${y}H${x(ms)}`} stroke="currentColor" strokeWidth="1.5" />
            <circle cx={x(ms)} cy={y} r="3.5" fill="currentColor" />
            <text className="b" x={width + 8} y={y + 4}>
              {shown(ms)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

function shown(ms: number): string {
  const { value, unit } = latency(ms);
  return `${value}\u00a0${unit}`;
}
