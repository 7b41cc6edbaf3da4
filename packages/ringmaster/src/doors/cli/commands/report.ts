import { z } from 'zod';
import { Problem } from '../../../errors.ts';
import { block } from '../../../reporting/document.ts';
import { htmlOf } from '../../../reporting/html.ts';
import { markdownOf } from '../../../reporting/markdown.ts';
import { reportPeriods } from '../../../reporting/period.ts';
import type { Report } from '../../../reporting/report.ts';
import { formatBytes, formatTime, localOffsetMinutes } from '../format.ts';
import { type ExitCode, type Invocation, isGiven, textOption } from '../invocation.ts';
import { reachDaemon } from '../reach.ts';
import { blocksText, reportText } from '../report-text.ts';
import { renderTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

const formats = ['text', 'markdown', 'html', 'json'] as const;
type Format = (typeof formats)[number];
/** A month of many servers is read from the store. */
const makeTimeoutMs = 60_000;

/** `ringmaster report daily|weekly|monthly`, `report list`, `report show NAME`. */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const { words, terminal } = invocation;
  const [word = 'list', name] = words;
  const period = reportPeriods.find((one) => one === word);
  if (word === 'show' && name !== undefined) await show(invocation, name);
  else if (name === undefined && period !== undefined) await make(invocation, period);
  else if (name === undefined && word === 'list') await list(invocation);
  else throw new Problem('bad_usage', terminal.say('report.usage'));
  return 0;
}

async function make(invocation: Invocation, period: (typeof reportPeriods)[number]): Promise<void> {
  const { flags, terminal } = invocation;
  const { language, say } = terminal;
  const format = formatOf(invocation);
  const client = await reachDaemon(flags, terminal);
  const timeZone = textOption(invocation, 'timeZone');
  const which = isGiven(invocation, 'current') ? 'current' : 'last';
  const asked = {
    period,
    which,
    language,
    ...(timeZone === undefined ? {} : { timeZone }),
  } as const;
  const { name, report } = await client.ask('report.create', asked, { timeoutMs: makeTimeoutMs });
  tell(report, format, terminal);
  const { folder } = await client.ask('report.list', {});
  terminal.note(say('report.kept', { name, folder }));
}

async function show(invocation: Invocation, name: string): Promise<void> {
  const { flags, terminal } = invocation;
  const format = formatOf(invocation);
  const client = await reachDaemon(flags, terminal);
  const { language } = terminal;
  if (format === 'text') {
    const asked = { report: name, format: 'document', language } as const;
    const { text } = await client.ask('report.read', asked);
    return terminal.result(blocksText(z.array(block).parse(JSON.parse(text)), terminal));
  }
  const { text } = await client.ask('report.read', { report: name, format, language });
  terminal.result(text.trimEnd());
}

async function list({ flags, terminal }: Invocation): Promise<void> {
  const { say } = terminal;
  const client = await reachDaemon(flags, terminal);
  const told = await client.ask('report.list', {});
  if (terminal.json) terminal.resultJson(told);
  else if (told.reports.length === 0) terminal.note(say('report.none'));
  else {
    const headings = [
      { heading: say('column.report') },
      { heading: say('column.made') },
      { heading: say('column.size'), align: 'right' as const },
    ];
    const rows = told.reports.map(({ name, madeAtMs, sizeBytes }) => [
      ...[name, formatTime(madeAtMs, localOffsetMinutes(madeAtMs)), formatBytes(sizeBytes)],
    ]);
    terminal.result(renderTable(headings, rows, terminal.widthColumns));
  }
}

function tell(report: Report, format: Format, terminal: Terminal): void {
  if (format === 'json') terminal.resultJson(report);
  else if (format === 'html') terminal.result(htmlOf(report, terminal.language).trimEnd());
  else if (format === 'text') terminal.result(reportText(report, terminal));
  else terminal.result(markdownOf(report, terminal.language).trimEnd());
}

function formatOf(invocation: Invocation): Format {
  const { terminal } = invocation;
  const found = textOption(invocation, 'format') ?? (terminal.json ? 'json' : 'text');
  const format = formats.find((one) => one === found);
  if (format !== undefined) return format;
  throw new Problem('bad_usage', terminal.say('report.format', { found }));
}
