import { Cron } from 'croner';
import type { ScheduleSpec } from '../due.ts';

/** The first due time after a moment; undefined when there is none. Throws when croner cannot read the pattern. */
export function nextDueMs(
  { cron, timeZone }: Pick<ScheduleSpec, 'cron' | 'timeZone'>,
  afterMs: number,
): number | undefined {
  const job = new Cron(cron, {
    paused: true,
    ...(timeZone === undefined ? {} : { timezone: timeZone }),
  });
  return job.nextRun(new Date(afterMs))?.getTime();
}
