import type { OutputOf } from 'ringmaster/operations';
import { useAsk } from '../client/use-ask.ts';
import type { PageNeeds } from '../page-needs.ts';
import { curveOf } from './curve.ts';
import { type AlertRow, alertTitle, ruleFigure, severityClass } from './rule-words.ts';

const minuteMs = 60_000;
const width = 272;
const height = 42;
/** Seen before it fired, and the shortest and longest time that is drawn. */
const beforeMs = 30 * minuteMs;
const shortestMs = 45 * minuteMs;
const longestMs = 24 * 60 * minuteMs;
const everyMs = 10_000;

/** Whether there is a curve to an alert. */
export function hasCurve({ rule, threshold }: AlertRow): boolean {
  return threshold !== undefined && rule in metrics;
}

const metrics: Readonly<Record<string, string>> = {
  ...{ cpuPercent: 'cpuPercent', memoryPercent: 'memoryPercent', diskPercent: 'diskPercent' },
  ...{ memoryBytes: 'memoryBytes', latencyMs: 'calls', errorPercent: 'calls' },
};

/** The figure of an alert over time against its limit. */
export function AlertChart(
  props: Pick<PageNeeds, 'client' | 'say'> & { readonly alert: AlertRow; readonly nowMs: number },
) {
  const { client, say, alert, nowMs } = props;
  const { rule, subject, threshold = 0, firedAtMs } = alert;
  const wantedMs = Math.ceil((nowMs - firedAtMs + beforeMs) / (5 * minuteMs)) * 5 * minuteMs;
  const rangeMs = Math.min(longestMs, Math.max(shortestMs, wantedMs));
  const metric = metrics[rule] as 'calls';
  const about = subject === 'machine' ? {} : { server: subject };
  const { data } = useAsk(client, 'metric.read', { ...about, metric, rangeMs }, everyMs);
  if (data === undefined) return <span className="faint">–</span>;
  const points = pointsOf(rule, data);
  const { fromMs, toMs, stepMs } = data;
  const frame = { fromMs, toMs, stepMs, firedAtMs, limit: threshold, width, height };
  const { calm, hot, limitY, end } = curveOf(points, frame);
  const limit = ruleFigure(rule, threshold);
  const newest = points.at(-1)?.[1];
  const label = say('alerts.curve', {
    title: alertTitle(alert, say),
    value: newest === undefined ? '–' : ruleFigure(rule, newest),
    limit,
  });
  return (
    <span className={`curve ${severityClass(alert.severity)}`}>
      <svg viewBox={`0 -5 ${width + 62} ${height + 10}`} role="img" aria-label={label}>
        <path d={`M0 ${limitY}h${width}`} stroke="currentColor" strokeDasharray="4 3" />
        <text x={width + 8} y={limitY + 4} fill="currentColor">
          {limit}
        </text>
        <path d={calm} fill="none" stroke="var(--ink-2)" strokeWidth="1.4" />
        <path d={hot} fill="none" stroke="currentColor" strokeWidth="2.2" />
        {end === undefined ? null : <circle cx={end.x} cy={end.y} r="3.2" fill="currentColor" />}
      </svg>
    </span>
  );
}

function pointsOf(rule: string, { series, calls }: OutputOf<'metric.read'>): [number, number][] {
  if (rule === 'latencyMs')
    return calls[0]?.points.map(({ atMs, p95Ms }) => [atMs, p95Ms] as [number, number]) ?? [];
  if (rule === 'errorPercent')
    return (
      calls[0]?.points.map(
        ({ atMs, calls: all, failed }) => [atMs, (100 * failed) / all] as [number, number],
      ) ?? []
    );
  return series[0]?.points.map(({ atMs, mean }) => [atMs, mean] as [number, number]) ?? [];
}
