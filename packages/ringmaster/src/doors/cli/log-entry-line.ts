import type { OutputOf } from '../../operations/index.ts';
import { formatTime, localOffsetMinutes, printable } from './format.ts';
import type { Terminal } from './terminal.ts';

/** One entry as the daemon tells it. */
export type LogEntryRow = OutputOf<'log.search'>['entries'][number];

/** An entry for people: time, level, server where there are several, and its lines below each other. */
export function logEntryLine(entry: LogEntryRow, terminal: Terminal, label: string): string {
  const { paint } = terminal;
  const colours = {
    critical: paint.red,
    error: paint.red,
    warn: paint.yellow,
    info: paint.green,
    debug: paint.dim,
  };
  const time = formatTime(entry.atMs, localOffsetMinutes(entry.atMs));
  const level = colours[entry.level](entry.level.toUpperCase().padEnd(8));
  const [first = '', ...rest] = entry.text.split('\n').map(printable);
  const end = entry.isCut ? ['  …'] : [];
  return [`${paint.dim(time)} ${level} ${label}${first}`, ...rest, ...end].join('\n');
}
