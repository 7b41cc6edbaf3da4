import { Problem } from '../../../errors.ts';
import type { DaemonClient } from '../client.ts';
import { printable } from '../format.ts';
import { type ExitCode, type Invocation, isGiven, textOption, wholeNumber } from '../invocation.ts';
import { logEntryLine } from '../log-entry-line.ts';
import { isFilter, type LogFilter, readLogFilter } from '../log-options.ts';
import { reachDaemon } from '../reach.ts';
import { padColumns, widestColumns } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { interruption, pause } from '../wait.ts';

/** Lines read of each server when `-n` is not given, and the most that can be asked for at once. */
const linesDefault = 100;
const linesMax = 10_000;

/** How often followed logs are looked at. */
const followEveryMs = 300;
/** A search of many gigabytes answers with a part after eight seconds; packed files may take it longer. */
const searchTimeoutMs = 70_000;

interface LogLine {
  readonly server: string;
  readonly line: string;
}

/** Prints what is new in the log of one server. */
interface Reader {
  readonly readOn: (client: DaemonClient, lines: number) => Promise<void>;
}

/** `ringmaster logs [-f] [-n N] [filters] [SERVER…]`; a daemon that restarts interrupts following, but does not end it. */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const { words, flags, terminal } = invocation;
  const text = textOption(invocation, 'lines') ?? String(linesDefault);
  const lines = wholeNumber({ flag: '--lines', text }, { min: 0, max: linesMax }, terminal);
  const filter = readLogFilter(invocation);
  const file = textOption(invocation, 'export');
  checkCombination(invocation, file !== undefined);
  const client = await reachDaemon(flags, terminal);
  const names = await namesOf(words, client);
  if (isGiven(invocation, 'summary'))
    return (await import('../log-summary.ts')).showSummary(names, { client, filter, terminal });
  if (file !== undefined)
    return (await import('../log-export.ts')).exportLogs(names, { client, filter, terminal, file });
  if (isFilter(filter) && !isGiven(invocation, 'follow'))
    return search(names, { client, filter, terminal, limit: lines });
  const labels = createLabels(names, terminal);
  const follows = isGiven(invocation, 'follow');
  // What goes on cannot be one document; what ends is one, as with every other command.
  const collected: LogLine[] | undefined = terminal.json && !follows ? [] : undefined;
  const readers = isFilter(filter)
    ? names.map((name) => entryReader(name, { filter, terminal, label: labels(name) }))
    : names.map((name) => lineReader(name, { terminal, label: labels(name), collected }));
  for (const reader of readers) await reader.readOn(client, lines);
  if (collected !== undefined) terminal.resultJson({ lines: collected });
  if (follows) await follow(readers, invocation, client);
  return 0;
}

function checkCombination(invocation: Invocation, isExport: boolean): void {
  const { terminal } = invocation;
  const textFlag = ['level', 'search'].find((name) => textOption(invocation, name) !== undefined);
  const given = [
    ...(isGiven(invocation, 'follow') ? ['--follow'] : []),
    ...(isGiven(invocation, 'summary') ? ['--summary'] : []),
    ...(isExport ? ['--export'] : []),
    ...(textFlag !== undefined && isGiven(invocation, 'summary') ? [`--${textFlag}`] : []),
  ];
  const [flag, other] = given;
  if (flag !== undefined && other !== undefined)
    throw new Problem('bad_usage', terminal.say('logs.alone', { flag, other }));
}

async function namesOf(words: readonly string[], client: DaemonClient): Promise<string[]> {
  if (words.length > 0 && !words.includes('all')) return [...new Set(words)];
  const { servers } = await client.ask('server.list', {});
  return servers.map((server) => server.server);
}

async function search(
  names: readonly string[],
  how: {
    readonly client: DaemonClient;
    readonly filter: LogFilter;
    readonly terminal: Terminal;
    readonly limit: number;
  },
): Promise<ExitCode> {
  const { client, filter, terminal } = how;
  if (names.length === 0 || how.limit === 0) return 0;
  const asked = { servers: [...names], ...filter, limit: how.limit };
  const found = await client.ask('log.search', asked, { timeoutMs: searchTimeoutMs });
  const labels = createLabels(names, terminal);
  if (terminal.json) terminal.resultJson(found);
  else
    for (const entry of found.entries.toReversed())
      terminal.result(logEntryLine(entry, terminal, labels(entry.server)));
  if (found.entries.length === 0) terminal.note(terminal.say('logs.none'));
  else if (!found.isComplete) terminal.note(terminal.say('logs.more'));
  if (found.lostBytes > 0) terminal.note(terminal.say('logs.lost', { bytes: found.lostBytes }));
  return 0;
}

async function follow(
  readers: readonly Reader[],
  { flags, terminal }: Invocation,
  first: DaemonClient,
): Promise<void> {
  const stop = interruption();
  let client: DaemonClient | undefined = first;
  for (;;) {
    await pause(followEveryMs, stop);
    if (stop.aborted) return;
    try {
      const back = client === undefined;
      client ??= await reachDaemon(flags, terminal);
      for (const reader of readers) await reader.readOn(client, linesMax);
      if (back) terminal.note(terminal.say('logs.back'));
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'daemon_unreachable') throw error;
      // It may come back on another port, so it is looked for anew.
      if (client !== undefined) terminal.note(terminal.say('logs.away'));
      client = undefined;
    }
  }
}

/** Every line as it was written. */
function lineReader(
  server: string,
  how: {
    readonly terminal: Terminal;
    readonly label: string;
    readonly collected: LogLine[] | undefined;
  },
): Reader {
  const { terminal, label, collected } = how;
  let cursor: string | undefined;
  let toldBytes = 0;
  return {
    async readOn(client, lines) {
      const page = await client.ask('log.read', { server, lines, cursor });
      const bytes = page.lostBytes ?? 0;
      if (bytes > toldBytes) terminal.note(terminal.say('logs.lost', { bytes }));
      toldBytes = bytes;
      if (page.missed) terminal.note(terminal.say('logs.missed', { server }));
      for (const line of page.lines) {
        if (collected !== undefined) collected.push({ server, line });
        else if (terminal.json) terminal.resultJsonLine({ server, line });
        else terminal.result(label + printable(line));
      }
      cursor = page.cursor;
    },
  };
}

/** Only entries that fit: first the last ones up to a place, then whatever comes after it. */
function entryReader(
  server: string,
  how: { readonly filter: LogFilter; readonly terminal: Terminal; readonly label: string },
): Reader {
  const { filter, terminal, label } = how;
  let cursor: string | undefined;
  return {
    async readOn(client, limit) {
      const limits = { timeoutMs: searchTimeoutMs };
      const isFirst = cursor === undefined;
      cursor ??= (await client.ask('log.read', { server, lines: 0 })).cursor;
      if (limit === 0) return;
      const order = isFirst ? ('newest' as const) : ('oldest' as const);
      const asked = { servers: [server], ...filter, order, cursor, limit };
      const found = await client.ask('log.search', asked, limits);
      for (const entry of isFirst ? found.entries.toReversed() : found.entries) {
        if (terminal.json) terminal.resultJsonLine(entry);
        else terminal.result(logEntryLine(entry, terminal, label));
      }
      if (!isFirst) cursor = found.cursor ?? cursor;
    },
  };
}

/** The name of a server before its lines, in a colour of its own; nothing where there is only one. */
function createLabels(names: readonly string[], { paint }: Terminal): (name: string) => string {
  const colours = [paint.cyan, paint.yellow, paint.green, paint.magenta, paint.blue, paint.red];
  const width = widestColumns(names);
  const labels = new Map(
    names.map((name, at) => {
      const colour = colours[at % colours.length] ?? paint.cyan;
      return [name, names.length === 1 ? '' : `${colour(padColumns(name, width))} │ `];
    }),
  );
  return (name) => labels.get(name) ?? '';
}
