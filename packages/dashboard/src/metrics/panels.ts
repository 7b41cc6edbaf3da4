import type { OutputOf } from 'ringmaster/operations';

type History = OutputOf<'metric.read'>;

/** A line of a panel; `values` stand beside the panel's `atMs`, null where nothing is known. */
export interface Line {
  /** A server or a percentile; empty for the machine, or for all servers together. */
  readonly label: string;
  readonly values: readonly (number | null)[];
  /** A week before, beside `values`; missing when nothing is put beside. */
  readonly past?: readonly (number | null)[];
  /** How it is told apart: series are ink, by weight and dash. */
  readonly look: 'bold' | 'thin' | 'dashed' | 'dotted' | 'bad';
}

/** One small chart on the shared axis. */
export interface Panel {
  readonly name: 'calls' | 'latency' | 'notDone' | 'memory' | 'cpu';
  readonly unit: 'perSecond' | 'ms' | 'bytes' | 'percent';
  readonly isLog: boolean;
  readonly atMs: readonly number[];
  readonly lines: readonly Line[];
}

/** What the panels are made of. */
export interface Histories {
  /** Of the machine: its CPU, and when anything was measured at all. */
  readonly machine: History;
  /** Of one server or of all. */
  readonly calls: History;
  readonly memory: History;
  /** Of one server; without one the machine's is shown. */
  readonly cpu?: History | undefined;
  /** Until when the newest step has lasted so far, where it is under way; else all steps are over. */
  readonly nowMs?: number | undefined;
  /** When memory and CPU were sampled, where every sample is drawn; else they are drawn by steps. */
  readonly times?: readonly number[] | undefined;
}

/** Servers whose memory is drawn when all are asked for: the largest. */
export const largestShown = 4;
/** What a step has lasted at least: of less no rate is told. */
const lastedMinMs = 1_000;
const looks = ['bold', 'thin', 'dashed', 'dotted'] as const;

/**
 * The charts of the Metrics page. Calls are zero in a step without any while the daemon watched, and unknown while it
 * did not: a gap, never a line to zero.
 */
export function panelsOf(histories: Histories): Panel[] {
  const { machine, calls, memory, cpu = machine, times } = histories;
  return [
    callsPanel('calls', histories, (sum) => sum.calls),
    latencyPanel(calls),
    callsPanel('notDone', histories, (sum) => sum.failed),
    seriesPanel('memory', 'bytes', { history: memory, metric: 'memoryBytes', times }),
    seriesPanel('cpu', 'percent', { history: cpu, metric: 'cpuPercent', times }),
  ];
}

/** Steps from the begin to the end of a history; at most some thousands, as the daemon keeps to a limit. */
export function gridOf({ fromMs, toMs, stepMs }: History): number[] {
  const first = Math.ceil(fromMs / stepMs) * stepMs;
  const count = Math.max(0, Math.floor((toMs - first) / stepMs) + 1);
  return Array.from({ length: count }, (_, index) => first + index * stepMs);
}

function callsPanel(
  name: 'calls' | 'notDone',
  { calls, machine, nowMs = Number.POSITIVE_INFINITY }: Histories,
  of: (point: { readonly calls: number; readonly failed: number }) => number,
): Panel {
  const atMs = gridOf(calls);
  const sums = new Map<number, number>();
  for (const points of callPoints(calls))
    for (const point of points) sums.set(point.atMs, (sums.get(point.atMs) ?? 0) + of(point));
  const isWatched = watchedAt(machine);
  const values = atMs.map((ms) => {
    const sum = sums.get(ms);
    const lastedMs = Math.max(lastedMinMs, Math.min(calls.stepMs, nowMs - ms));
    return sum === undefined ? (isWatched(ms) ? 0 : null) : (sum * 1_000) / lastedMs;
  });
  const look = name === 'calls' ? 'bold' : 'bad';
  return { name, unit: 'perSecond', isLog: false, atMs, lines: [{ label: '', values, look }] };
}

/** The calls of one server, or those of all together. */
function callPoints({ calls, together }: History) {
  return together === undefined ? calls.map(({ points }) => points) : [together];
}

/** Percentiles of one server; of several, those of the slowest: percentiles cannot be added up. */
function latencyPanel(history: History): Panel {
  const atMs = gridOf(history);
  const line = (field: 'p50Ms' | 'p95Ms' | 'p99Ms', look: Line['look']): Line => {
    const worst = new Map<number, number>();
    for (const points of callPoints(history))
      for (const point of points)
        worst.set(point.atMs, Math.max(worst.get(point.atMs) ?? 0, point[field]));
    return {
      ...{ look, label: field.slice(0, 3) },
      // A logarithmic axis has no zero.
      values: atMs.map((ms) => (worst.has(ms) ? Math.max(0.1, worst.get(ms) ?? 0) : null)),
    };
  };
  const lines = [line('p99Ms', 'thin'), line('p95Ms', 'bold'), line('p50Ms', 'dashed')];
  return { name: 'latency', unit: 'ms', isLog: true, atMs, lines };
}

function seriesPanel(
  name: 'memory' | 'cpu',
  unit: Panel['unit'],
  of: {
    readonly history: History;
    readonly metric: string;
    readonly times: readonly number[] | undefined;
  },
): Panel {
  const { history, metric, times } = of;
  const atMs = times ?? gridOf(history);
  const most = (series: History['series'][number]): number =>
    series.points.reduce((top, { max }) => Math.max(top, max), 0);
  const largest = history.series
    .filter((series) => series.metric === metric)
    .sort((one, other) => most(other) - most(one))
    .slice(0, largestShown);
  const lines = largest.map(({ server, points }, index): Line => {
    const known = new Map(points.map((point) => [point.atMs, point.mean]));
    const values = atMs.map((ms) => known.get(ms) ?? null);
    return { label: server ?? '', values, look: looks[index] ?? 'thin' };
  });
  return { name, unit, isLog: false, atMs, lines };
}

/** Whether the daemon measured anything around a moment. */
function watchedAt(machine: History): (atMs: number) => boolean {
  const [series] = machine.series;
  const known = new Set((series?.points ?? []).map((point) => point.atMs / machine.stepMs));
  return (atMs) => {
    const step = Math.floor(atMs / machine.stepMs);
    return known.has(step) || known.has(step + 1) || known.has(step - 1);
  };
}

/** The value of a line at a moment, or its newest when none is pointed at. */
export function valueAt(panel: Panel, line: Line, atMs: number | undefined): number | null {
  if (atMs === undefined) return line.values.findLast((value) => value !== null) ?? null;
  let nearest = 0;
  for (const [index, ms] of panel.atMs.entries()) {
    if (Math.abs(ms - atMs) < Math.abs((panel.atMs[nearest] ?? 0) - atMs)) nearest = index;
  }
  return line.values[nearest] ?? null;
}
