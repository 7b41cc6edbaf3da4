import { Problem } from '../../../errors.ts';
import { sayWhy } from '../../../japanese/say-why.ts';
import type { AuditRow } from '../../../operations/audit.ts';
import { csvHead, csvLine } from '../../../operations/audit-csv.ts';
import type { AskedOf } from '../../../operations/index.ts';
import type { DaemonClient } from '../client.ts';
import { formatTime, localOffsetMinutes, printable } from '../format.ts';
import { type ExitCode, type Invocation, isGiven, textOption } from '../invocation.ts';
import { reachDaemon } from '../reach.ts';
import { renderTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

const formats = ['table', 'csv', 'json'] as const;
/** Rows of a table; a file (`csv`, `json`) gets all there are. */
const tableRows = 100;
const pageRows = 1_000;
const pageTimeoutMs = 60_000;

/** `ringmaster audit [TEXT]`: who did what by which way, newest first. */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const { words, flags, terminal } = invocation;
  const format = formatOf(invocation);
  const client = await reachDaemon(flags, terminal);
  const asked = {
    rangeMs: textOption(invocation, 'since') ?? '24h',
    ...(words[0] === undefined ? {} : { text: words.join(' ') }),
    ...(isGiven(invocation, 'refused') ? { choice: 'refused' as const } : {}),
  };
  if (format === 'table') {
    const { rows } = await client.ask('audit.list', { ...asked, limit: tableRows });
    terminal.result(table(rows, terminal));
    return 0;
  }
  const rows = allRows(client, asked);
  if (format === 'json') return printArray(rows, terminal);
  terminal.result(csvHead);
  for await (const row of rows) terminal.result(csvLine(row, timeText));
  return 0;
}

/** One JSON text, a row on each line of it; never all of it in memory, and none of it before the daemon has answered. */
async function printArray(rows: AsyncIterable<AuditRow>, terminal: Terminal): Promise<ExitCode> {
  let last: string | undefined;
  for await (const row of rows) {
    terminal.result(last === undefined ? '[' : `${last},`);
    last = JSON.stringify(row);
  }
  terminal.result(last ?? '[');
  terminal.result(']');
  return 0;
}

function formatOf(invocation: Invocation): (typeof formats)[number] {
  const { terminal } = invocation;
  const wanted = textOption(invocation, 'format') ?? (terminal.json ? 'json' : 'table');
  const format = formats.find((one) => one === wanted);
  if (format !== undefined) return format;
  throw new Problem('bad_usage', terminal.say('audit.format', { found: printable(wanted) }));
}

function timeText(atMs: number): string {
  return new Date(atMs).toISOString();
}

async function* allRows(
  client: DaemonClient,
  asked: AskedOf<'audit.list'>,
): AsyncGenerator<AuditRow> {
  let beforeRow: number | undefined;
  do {
    const place = beforeRow === undefined ? {} : { beforeRow };
    const page = await client.ask(
      'audit.list',
      { ...asked, ...place, limit: pageRows },
      { timeoutMs: pageTimeoutMs },
    );
    yield* page.rows;
    beforeRow = page.next;
  } while (beforeRow !== undefined);
}

function table(rows: readonly AuditRow[], { say, widthColumns, language }: Terminal): string {
  if (rows.length === 0) return say('audit.none');
  return renderTable(
    [
      { heading: say('column.row'), align: 'right' },
      { heading: say('column.at') },
      { heading: say('column.who') },
      { heading: say('column.did') },
      { heading: say('column.result') },
      { heading: say('column.what') },
    ],
    rows.map((row) => [
      String(row.row),
      formatTime(row.atMs, localOffsetMinutes(row.atMs)),
      printable(row.by === row.door ? row.by : `${row.by} (${row.door})`),
      row.did,
      say(`audit.${row.outcome}`),
      printable(
        [row.about.join(' '), row.why && sayWhy(row.why, language), timesOf(row, say)]
          .filter(Boolean)
          .join(': '),
      ),
    ]),
    widthColumns,
  );
}

function timesOf({ times }: AuditRow, say: Terminal['say']): string | undefined {
  return times === undefined ? undefined : say('audit.times', { count: times });
}
