import { closeSync, openSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { Problem } from '../../errors.ts';
import type { DaemonClient } from './client.ts';
import type { ExitCode } from './invocation.ts';
import type { LogEntryRow } from './log-entry-line.ts';
import type { LogFilter } from './log-options.ts';
import type { Terminal } from './terminal.ts';

/** Entries of one answer: fewer when many servers are merged, as one answer of each is held. */
const pageMax = 50_000;
const pageMin = 1_000;
const pageTimeoutMs = 70_000;

interface How {
  readonly client: DaemonClient;
  readonly filter: LogFilter;
  readonly terminal: Terminal;
  readonly file: string;
}

/** Writes every entry that fits to a file, oldest first, those of several servers in the order of their time. */
export async function exportLogs(names: readonly string[], how: How): Promise<ExitCode> {
  const { terminal } = how;
  const file = resolve(terminal.cwd, how.file);
  const fd = openNew(file, terminal);
  let count = 0;
  try {
    const limit = Math.max(pageMin, Math.floor(pageMax / Math.max(1, names.length)));
    const sources = names.map((name) => entriesOf(name, how, limit));
    let text = '';
    for await (const entry of merged(sources)) {
      text += terminal.json ? `${JSON.stringify(entry)}\n` : plainLine(entry, names.length > 1);
      count += 1;
      if (text.length < 65_536) continue;
      writeSync(fd, text);
      text = '';
    }
    writeSync(fd, text);
  } finally {
    closeSync(fd);
  }
  terminal.note(terminal.say('logs.exported', { count, file }));
  return 0;
}

/** Logs may hold what is not for everybody, so only their owner reads the copy too. */
function openNew(file: string, terminal: Terminal): number {
  try {
    return openSync(file, 'w', 0o600);
  } catch (cause) {
    throw new Problem('file_unreadable', terminal.say('logs.unwritable', { file }), { cause });
  }
}

function plainLine({ atMs, level, server, text }: LogEntryRow, isNamed: boolean): string {
  const name = isNamed ? ` ${server}` : '';
  return `${new Date(atMs).toISOString()} ${level.toUpperCase()}${name} ${text}\n`;
}

async function* entriesOf(
  server: string,
  { client, filter, terminal }: How,
  limit: number,
): AsyncGenerator<LogEntryRow> {
  // A log that grows faster than it is read would never end.
  const untilMs = filter.untilMs ?? terminal.nowMs();
  let cursor: string | undefined;
  for (let isComplete = false; !isComplete; ) {
    const asked = {
      ...filter,
      servers: [server],
      untilMs,
      order: 'oldest' as const,
      limit,
      cursor,
    };
    const page = await client.ask('log.search', asked, { timeoutMs: pageTimeoutMs });
    yield* page.entries;
    isComplete = page.isComplete;
    cursor = page.cursor;
  }
}

/** The earliest of all heads, again and again. */
async function* merged(
  sources: readonly AsyncGenerator<LogEntryRow>[],
): AsyncGenerator<LogEntryRow> {
  const heads = await Promise.all(sources.map((source) => source.next()));
  for (;;) {
    let earliest = -1;
    let atMs = Number.POSITIVE_INFINITY;
    for (const [at, head] of heads.entries()) {
      if (head.done === true || head.value.atMs >= atMs) continue;
      earliest = at;
      atMs = head.value.atMs;
    }
    const head = heads[earliest];
    const source = sources[earliest];
    if (head === undefined || head.done === true || source === undefined) return;
    yield head.value;
    heads[earliest] = await source.next();
  }
}
