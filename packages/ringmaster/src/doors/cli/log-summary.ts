import type { OutputOf } from '../../operations/index.ts';
import type { DaemonClient } from './client.ts';
import { formatTime, localOffsetMinutes, printable } from './format.ts';
import type { ExitCode } from './invocation.ts';
import type { LogFilter } from './log-options.ts';
import { type Column, cut, renderTable } from './table.ts';
import type { Terminal } from './terminal.ts';

/** A period of a day tells what is going on; `--since` asks for another. */
const periodMs = 86_400_000;
const summaryTimeoutMs = 70_000;

type Row = OutputOf<'log.summary'>['servers'][number];

/** Entries by level for each server, then the most frequent errors of those that have some. */
export async function showSummary(
  names: readonly string[],
  how: {
    readonly client: DaemonClient;
    readonly filter: LogFilter;
    readonly terminal: Terminal;
  },
): Promise<ExitCode> {
  const { client, terminal } = how;
  if (names.length === 0) return 0;
  const { sinceMs = terminal.nowMs() - periodMs, untilMs } = how.filter;
  const asked = { servers: [...names], sinceMs, untilMs };
  const { servers } = await client.ask('log.summary', asked, { timeoutMs: summaryTimeoutMs });
  if (terminal.json) terminal.resultJson({ sinceMs, untilMs, servers });
  else print(servers, terminal);
  const lost = servers.reduce((sum, { lostBytes }) => sum + lostBytes, 0);
  if (lost > 0) terminal.note(terminal.say('logs.lost', { bytes: lost }));
  return 0;
}

function print(servers: readonly Row[], terminal: Terminal): void {
  const { say } = terminal;
  if (servers.every(({ entries }) => entries === 0)) terminal.note(say('logs.quiet'));
  const right = (heading: string): Column => ({ heading, align: 'right' });
  const columns: Column[] = [
    { heading: say('column.server') },
    right(say('column.critical')),
    right(say('column.error')),
    right(say('column.warn')),
    right(say('column.info')),
    right(say('column.debug')),
    right(say('column.perMinute')),
    { heading: say('column.first') },
    { heading: say('column.last') },
  ];
  const rows = servers.map(({ server, counts, entriesPerMinute, firstAtMs, lastAtMs }) => [
    server,
    String(counts.critical),
    String(counts.error),
    String(counts.warn),
    String(counts.info),
    String(counts.debug),
    entriesPerMinute.toFixed(1),
    moment(firstAtMs),
    moment(lastAtMs),
  ]);
  terminal.result(renderTable(columns, rows, terminal.widthColumns));
  for (const row of servers) printErrors(row, terminal);
}

function printErrors({ server, topErrors }: Row, terminal: Terminal): void {
  if (topErrors.length === 0) return;
  const { say, paint } = terminal;
  terminal.result(`\n${say('logs.top', { server })}`);
  const width = Math.max(...topErrors.map(({ count }) => String(count).length));
  for (const { shape, count, firstAtMs, lastAtMs } of topErrors) {
    const text = printable(shape);
    const room = (terminal.widthColumns ?? Number.POSITIVE_INFINITY) - width - 4;
    const seen = say('logs.seen', { first: moment(firstAtMs), last: moment(lastAtMs) });
    terminal.result(`  ${paint.red(String(count).padStart(width))}  ${cut(text, room)}`);
    terminal.result(`  ${' '.repeat(width)}  ${paint.dim(seen)}`);
  }
}

function moment(atMs: number | undefined): string {
  return atMs === undefined ? '-' : formatTime(atMs, localOffsetMinutes(atMs));
}
