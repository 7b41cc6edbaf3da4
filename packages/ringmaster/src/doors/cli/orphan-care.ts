import { createInterface } from 'node:readline/promises';
import { redactWords } from '../../fleet/clients/redact-words.ts';
import type { Orphan } from '../../supervisor/orphans.ts';
import { thisMachine } from './client-machine.ts';
import { formatBytes, formatDuration, printable } from './format.ts';
import type { ExitCode, Flags } from './invocation.ts';
import { findFleetFile, knownDataDirs } from './locate.ts';
import { cut, renderTable } from './table.ts';
import type { Terminal } from './terminal.ts';

/** MCP servers on this machine that nobody supervises. */
export async function lookForOrphans(
  about: { readonly flags: Flags; readonly dataDir: string },
  terminal: Terminal,
): Promise<readonly Orphan[]> {
  const { readKnownCommands } = await import('../../fleet/io/known-servers.ts');
  const { scanOrphans } = await import('../../supervisor/io/scan-orphans.ts');
  return scanOrphans({
    known: await readKnownCommands(thisMachine(terminal), findFleetFile(about.flags, terminal)),
    dataDirs: [about.dataDir, ...knownDataDirs(terminal)],
    nowMs: terminal.nowMs(),
  });
}

/** Memory of all of them, for people. */
export function memoryOf(orphans: readonly Orphan[]): string {
  return formatBytes(orphans.reduce((sum, orphan) => sum + orphan.memoryBytes, 0));
}

/**
 * Shows orphans and ends those that a person confirms, one by one, or all with `--yes`. Exits 1 while any is left.
 */
export async function careForOrphans(
  orphans: readonly Orphan[],
  how: { readonly yes: boolean },
  terminal: Terminal,
): Promise<ExitCode> {
  const { say } = terminal;
  if (!terminal.json) tell(orphans, terminal);
  const asks = !how.yes && !terminal.json && process.stdin.isTTY === true;
  const chosen = how.yes ? orphans : asks ? await confirmed(orphans, terminal) : [];
  const { endOrphan } = await import('../../supervisor/io/scan-orphans.ts');
  const ended = new Set<number>();
  await Promise.all(
    chosen.map(async (orphan) => {
      if (await endOrphan(orphan)) ended.add(orphan.pid);
    }),
  );
  const left = orphans.filter(({ pid }) => !ended.has(pid));
  if (terminal.json) {
    const shown = orphans.map((orphan) => ({ ...orphan, words: redactWords(orphan.words) }));
    terminal.resultJson({ orphans: shown, ended: [...ended], left: left.map(({ pid }) => pid) });
  } else {
    for (const { pid } of chosen) {
      terminal.result(say(ended.has(pid) ? 'orphans.ended' : 'orphans.stays', { pid }));
    }
    if (orphans.length > 0 && !how.yes && !asks) terminal.note(say('orphans.how'));
  }
  return left.length === 0 ? 0 : 1;
}

function tell(orphans: readonly Orphan[], terminal: Terminal): void {
  const { say, language } = terminal;
  if (orphans.length === 0) {
    terminal.result(say('orphans.none'));
    return;
  }
  const memory = memoryOf(orphans);
  terminal.result(`${say('orphans.found', { count: orphans.length, memory })}\n`);
  terminal.result(
    renderTable(
      [
        { heading: say('column.pid'), align: 'right' },
        { heading: say('column.age'), align: 'right' },
        { heading: say('column.memory'), align: 'right' },
        { heading: say('column.toldBy') },
        { heading: say('column.command') },
      ],
      orphans.map((orphan) => [
        String(orphan.pid),
        formatDuration(orphan.ageMs, language),
        formatBytes(orphan.memoryBytes),
        toldText(orphan, terminal),
        commandOf(orphan),
      ]),
      terminal.widthColumns,
    ),
  );
}

function toldText({ told, server = '', file = '' }: Orphan, { say }: Terminal): string {
  switch (told) {
    case 'mark':
      return say('told.mark', { server });
    case 'configuration':
      return say('told.configuration', { server, file });
    case 'command':
      return say('told.command');
  }
}

function commandOf(orphan: Orphan): string {
  return printable(redactWords(orphan.words).join(' ')).replaceAll(/\s+/g, ' ');
}

/** Columns of a command line in a question. */
const questionColumns = 60;

async function confirmed(
  orphans: readonly Orphan[],
  { say }: Terminal,
): Promise<readonly Orphan[]> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const chosen: Orphan[] = [];
  // Ctrl-D or Ctrl-C in the middle is no answer, and then none is ended.
  const over = new AbortController();
  lines.once('close', () => over.abort());
  try {
    for (const orphan of orphans) {
      const command = cut(commandOf(orphan), questionColumns);
      const question = say('orphans.ask', { pid: orphan.pid, command });
      const answer = await lines.question(question, { signal: over.signal });
      if (/^\s*(y|yes|はい)\s*$/i.test(answer)) chosen.push(orphan);
    }
  } catch (error) {
    if (!over.signal.aborted) throw error;
    return [];
  } finally {
    lines.close();
  }
  return chosen;
}
