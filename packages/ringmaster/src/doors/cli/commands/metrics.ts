import type { OutputOf } from '../../../operations/index.ts';
import type { MetricHistory } from '../../../operations/metrics.ts';
import { tellCapacity } from '../capacity-table.ts';
import type { DaemonClient } from '../client.ts';
import { formatBytes, formatDuration, formatPercent } from '../format.ts';
import { type ExitCode, type Invocation, isGiven, textOption } from '../invocation.ts';
import type { MessageKey } from '../messages/say.ts';
import { reachDaemon } from '../reach.ts';
import { nothing } from '../server-words.ts';
import { sparkline } from '../sparkline.ts';
import { renderTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

type Series = MetricHistory['series'][number];
type Calls = MetricHistory['calls'][number];
type Latest = OutputOf<'metric.latest'>;
type Step = 'auto' | '10s' | '1m' | '1h';
interface When {
  readonly rangeMs: string;
  /** The daemon says which there are when it is none of them. */
  readonly step: Step;
}

/** Most columns of a sparkline beside one figure, and beside another one. */
const trendColumns = 40;
const shortTrendColumns = 16;
/** A month of many servers is read from the store. */
const capacityTimeoutMs = 60_000;

/** `ringmaster metrics [SERVER]`: the figures of one server, or of the machine and, in short, of every server. */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const { words, flags, terminal } = invocation;
  const when: When = {
    rangeMs: textOption(invocation, 'since') ?? textOption(invocation, 'period') ?? '1h',
    step: (textOption(invocation, 'step') ?? 'auto') as Step,
  };
  const client = await reachDaemon(flags, terminal);
  if (isGiven(invocation, 'capacityPlanning')) {
    const rangeMs = textOption(invocation, 'period');
    const asked = rangeMs === undefined ? {} : { rangeMs };
    const capacity = await client.ask('advice.capacity', asked, { timeoutMs: capacityTimeoutMs });
    if (terminal.json) terminal.resultJson(capacity);
    else tellCapacity(capacity, terminal);
    return 0;
  }
  const [server] = words;
  if (server !== undefined && server !== 'all') {
    const history = await client.ask('metric.read', { server, ...when });
    if (terminal.json) terminal.resultJson(history);
    else terminal.result(figureTable(history, terminal));
    return 0;
  }
  if (terminal.json) {
    const machine = await client.ask('metric.read', when);
    const servers = await client.ask('metric.read', { server: 'all', ...when });
    terminal.resultJson({ machine, servers });
    return 0;
  }
  await (isGiven(invocation, 'detailed') ? tellEach : tellAll)(client, when, terminal);
  return 0;
}

/** Every figure: of the machine, then of each server of the fleet. */
async function tellEach(client: DaemonClient, when: When, terminal: Terminal): Promise<void> {
  const { servers } = await client.ask('fleet.get', {});
  const machine = await client.ask('metric.read', when);
  terminal.result(`${terminal.say('metrics.machine')}\n${figureTable(machine, terminal)}`);
  for (const server of servers) {
    const history = await client.ask('metric.read', { server, ...when });
    terminal.result(`\n${server}\n${figureTable(history, terminal)}`);
  }
}

async function tellAll(client: DaemonClient, when: When, terminal: Terminal): Promise<void> {
  const machine = await client.ask('metric.read', when);
  const all = { server: 'all', ...when };
  const cpu = await client.ask('metric.read', { ...all, metric: 'cpuPercent' });
  const memory = await client.ask('metric.read', { ...all, metric: 'memoryBytes' });
  const calls = await client.ask('metric.read', { ...all, metric: 'calls' });
  const latest = await client.ask('metric.latest', {});
  terminal.result(`${terminal.say('metrics.machine')}\n${figureTable(machine, terminal)}\n`);
  terminal.result(serverTable({ cpu, memory, calls, latest }, terminal));
}

/** One row a figure. */
function figureTable(history: MetricHistory, terminal: Terminal): string {
  const { say } = terminal;
  const [calls] = history.calls;
  if (history.series.length === 0 && calls === undefined) return say('metrics.none');
  const rows = history.series.map((series) => figureRow(series, history, terminal));
  if (calls !== undefined) rows.push(...callRows(calls, history, terminal));
  return renderTable(
    [
      { heading: say('column.figure') },
      { heading: say('column.now'), align: 'right' },
      { heading: say('column.smallest'), align: 'right' },
      { heading: say('column.mean'), align: 'right' },
      { heading: say('column.largest'), align: 'right' },
      { heading: say('column.trend') },
    ],
    rows,
    terminal.widthColumns,
  );
}

function figureRow(series: Series, history: MetricHistory, terminal: Terminal): string[] {
  const { metric, unit, points } = series;
  const text = (value: number) => figureText(value, unit, terminal);
  const count = points.reduce((sum, point) => sum + point.count, 0);
  const total = points.reduce((sum, point) => sum + point.mean * point.count, 0);
  const spots = points.map(({ atMs, mean }) => ({ atMs, value: mean }));
  return [
    terminal.say(`metric.${metric}` as MessageKey & `metric.${string}`),
    text(points.at(-1)?.last ?? 0),
    text(Math.min(...points.map(({ min }) => min))),
    text(total / count),
    text(Math.max(...points.map(({ max }) => max))),
    sparkline(spots, { ...history, widthColumns: trendColumns }),
  ];
}

function callRows({ total, points }: Calls, history: MetricHistory, terminal: Terminal) {
  const { say, language } = terminal;
  const time = { ...history, widthColumns: trendColumns };
  const spots = (of: (point: Calls['points'][number]) => number) =>
    points.map((point) => ({ atMs: point.atMs, value: of(point) }));
  const latency = (valueMs: number) =>
    valueMs < 10 ? `${valueMs.toFixed(1)}${say('metrics.ms')}` : formatDuration(valueMs, language);
  return [
    [
      say('metric.calls'),
      ...['', '', '', say('metrics.calls', { calls: total.calls, failed: total.failed })],
      sparkline(
        spots(({ calls }) => calls),
        time,
      ),
    ],
    ...(['p50Ms', 'p95Ms', 'p99Ms'] as const).map((share) => [
      say(`metric.${share}`),
      ...['', '', '', latency(total[share])],
      sparkline(
        spots((point) => point[share]),
        time,
      ),
    ]),
  ];
}

/** One row a server. */
function serverTable(
  told: {
    readonly cpu: MetricHistory;
    readonly memory: MetricHistory;
    readonly calls: MetricHistory;
    readonly latest: Latest;
  },
  terminal: Terminal,
): string {
  const { say, language } = terminal;
  const names = told.latest.subjects.flatMap(({ server }) => server ?? []);
  const known = [
    ...names,
    ...[...told.cpu.series, ...told.calls.calls].flatMap((one) => one.server ?? []),
  ];
  const trend = (history: MetricHistory, server: string) => {
    const points = history.series.find((series) => series.server === server)?.points ?? [];
    const spots = points.map(({ atMs, mean }) => ({ atMs, value: mean }));
    return sparkline(spots, { ...history, widthColumns: shortTrendColumns });
  };
  const rows = [...new Set(known)].map((server) => {
    const now = told.latest.subjects.find((one) => one.server === server)?.samples.at(-1)?.values;
    const total = told.calls.calls.find((one) => one.server === server)?.total;
    const cell = (name: string, unit: string) =>
      now?.[name] === undefined ? nothing : figureText(now[name], unit, terminal);
    return [
      ...[server, cell('cpuPercent', '%'), trend(told.cpu, server)],
      ...[cell('memoryBytes', 'bytes'), trend(told.memory, server)],
      ...[cell('processCount', ''), cell('threads', ''), cell('openFiles', '')],
      `${total?.calls ?? 0}/${total?.failed ?? 0}`,
      total === undefined ? nothing : formatDuration(total.p95Ms, language),
    ];
  });
  if (rows.length === 0) return say('metrics.none');
  return renderTable(
    [
      { heading: say('column.server') },
      { heading: say('column.cpu'), align: 'right' },
      { heading: '' },
      { heading: say('column.memory'), align: 'right' },
      { heading: '' },
      { heading: say('metric.processCount').toUpperCase(), align: 'right' },
      { heading: say('metric.threads').toUpperCase(), align: 'right' },
      { heading: say('metric.openFiles').toUpperCase(), align: 'right' },
      { heading: say('column.calls'), align: 'right' },
      { heading: say('column.p95'), align: 'right' },
    ],
    rows,
    terminal.widthColumns,
  );
}

function figureText(value: number, unit: string, { language }: Terminal): string {
  if (unit === 'bytes') return formatBytes(value);
  if (unit === 'ms') return formatDuration(value, language);
  if (unit.startsWith('%')) return formatPercent(value);
  return Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 2 : 1);
}
