import { Problem } from '../../../errors.ts';
import type { DaemonClient } from '../client.ts';
import { printable } from '../format.ts';
import { type ExitCode, type Invocation, isGiven, textOption, wholeNumber } from '../invocation.ts';
import { reachDaemon } from '../reach.ts';
import { padColumns, widestColumns } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { interruption, pause } from '../wait.ts';

/** Lines read of each server when `-n` is not given, and the most that can be asked for at once. */
const linesDefault = 100;
const linesMax = 10_000;

/** How often followed logs are looked at. */
const followEveryMs = 300;

interface LogLine {
  readonly server: string;
  readonly line: string;
}

interface Reader {
  readonly server: string;
  readonly print: (line: string) => void;
  cursor: string | undefined;
}

/** `ringmaster logs [-f] [-n N] SERVER…`; a daemon that restarts interrupts following, but does not end it. */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const { words, flags, terminal } = invocation;
  const text = textOption(invocation, 'lines') ?? String(linesDefault);
  const lines = wholeNumber({ flag: '--lines', text }, { min: 0, max: linesMax }, terminal);
  const client = await reachDaemon(flags, terminal);
  const follows = isGiven(invocation, 'follow');
  // What goes on cannot be one document; what ends is one, as with every other command.
  const collected: LogLine[] | undefined = terminal.json && !follows ? [] : undefined;
  const readers = createReaders(await namesOf(words, client), terminal, collected);
  for (const reader of readers) await readOn(reader, client, { lines, terminal });
  if (collected !== undefined) terminal.resultJson({ lines: collected });
  if (follows) await follow(readers, invocation, client);
  return 0;
}

async function namesOf(words: readonly string[], client: DaemonClient): Promise<string[]> {
  if (!words.includes('all')) return [...new Set(words)];
  const { servers } = await client.ask('server.list', {});
  return servers.map((server) => server.server);
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
      for (const reader of readers) await readOn(reader, client, { lines: linesMax, terminal });
      if (back) terminal.note(terminal.say('logs.back'));
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'daemon_unreachable') throw error;
      // It may come back on another port, so it is looked for anew.
      if (client !== undefined) terminal.note(terminal.say('logs.away'));
      client = undefined;
    }
  }
}

async function readOn(
  reader: Reader,
  client: DaemonClient,
  how: { readonly lines: number; readonly terminal: Terminal },
): Promise<void> {
  const page = await client.ask('log.read', {
    server: reader.server,
    lines: how.lines,
    cursor: reader.cursor,
  });
  if (page.missed) {
    how.terminal.note(how.terminal.say('logs.missed', { server: reader.server }));
  }
  for (const line of page.lines) reader.print(line);
  reader.cursor = page.cursor;
}

function createReaders(
  names: readonly string[],
  terminal: Terminal,
  collected: LogLine[] | undefined,
): readonly Reader[] {
  const { paint } = terminal;
  const colours = [paint.cyan, paint.yellow, paint.green, paint.magenta, paint.blue, paint.red];
  const width = widestColumns(names);
  return names.map((server, at) => {
    const colour = colours[at % colours.length] ?? paint.cyan;
    const label = names.length === 1 ? '' : `${colour(padColumns(server, width))} │ `;
    return {
      server,
      cursor: undefined,
      print: (line) => {
        if (collected !== undefined) collected.push({ server, line });
        else if (terminal.json) terminal.resultJsonLine({ server, line });
        else terminal.result(label + printable(line));
      },
    };
  });
}
