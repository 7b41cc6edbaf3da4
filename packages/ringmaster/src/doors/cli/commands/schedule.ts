import { Problem } from '../../../errors.ts';
import { sayWhy } from '../../../japanese/say-why.ts';
import type { ScheduleRow } from '../../../operations/schedules.ts';
import { formatDuration, formatTime, localOffsetMinutes } from '../format.ts';
import type { ExitCode, Invocation } from '../invocation.ts';
import { reachDaemon } from '../reach.ts';
import { renderTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

const verbs = ['run', 'pause', 'resume'] as const;
/** What a schedule does may be a backup or a report over a month. */
const runTimeoutMs = 3_600_000;

/** `ringmaster schedule [run|pause|resume NAME]`: without words, what runs when and how it went last. */
export async function run({ words, flags, terminal }: Invocation): Promise<ExitCode> {
  const [word, name] = words;
  const verb = verbs.find((one) => one === word);
  if ((word !== undefined && verb === undefined) || (verb === undefined) !== (name === undefined)) {
    throw new Problem('bad_usage', terminal.say('schedule.usage'));
  }
  const client = await reachDaemon(flags, terminal);
  const { schedules } =
    verb === undefined || name === undefined
      ? await client.ask('schedule.list', {})
      : await client.ask(
          `schedule.${verb}`,
          { schedule: name },
          { timeoutMs: verb === 'run' ? runTimeoutMs : 15_000 },
        );
  if (terminal.json) terminal.resultJson({ schedules });
  else if (schedules.length === 0) terminal.note(terminal.say('schedule.none'));
  else show(schedules, terminal);
  return schedules.some(({ state }) => state === 'broken') ? 1 : 0;
}

function show(schedules: readonly ScheduleRow[], terminal: Terminal): void {
  const { say } = terminal;
  terminal.result(
    renderTable(
      [
        { heading: say('column.schedule') },
        { heading: say('column.cron') },
        { heading: say('column.operation') },
        { heading: say('column.state') },
        { heading: say('column.next') },
        { heading: say('column.last') },
      ],
      schedules.map((row) => [
        row.schedule,
        row.timeZone === undefined ? row.cron : `${row.cron} ${row.timeZone}`,
        row.run,
        row.why === undefined ? say(`schedule.${row.state}`) : sayWhy(row.why, terminal.language),
        row.nextAtMs === undefined ? '-' : timeOf(row.nextAtMs),
        lastOf(row.last, terminal),
      ]),
      terminal.widthColumns,
    ),
  );
}

function lastOf(last: ScheduleRow['last'], { say, language }: Terminal): string {
  if (last === undefined) return '-';
  const words = [timeOf(last.atMs), say(`schedule.${last.outcome}`)];
  if (last.tookMs !== undefined) words.push(formatDuration(last.tookMs, language));
  if (last.why !== undefined) words.push(sayWhy(last.why, language));
  return words.join(' ');
}

function timeOf(atMs: number): string {
  return formatTime(atMs, localOffsetMinutes(atMs));
}
