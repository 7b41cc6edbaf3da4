import type { JournalEvent } from '../../journal/events.ts';
import type { Handlers } from '../index.ts';
import type { ScheduleRow } from '../schedules.ts';
import type { HandlerNeeds } from './needs.ts';

type ScheduleHandlers = Pick<
  Handlers,
  'schedule.list' | 'schedule.run' | 'schedule.pause' | 'schedule.resume'
>;

/** Events looked through for how each schedule went last. */
const lookedThrough = 1_000;

/** Handlers of the noun `schedule`. */
export function createScheduleHandlers({ scheduler, journal }: HandlerNeeds): ScheduleHandlers {
  async function list(): Promise<{ schedules: ScheduleRow[] }> {
    const events = await journal.list({ kind: 'schedule.', limit: lookedThrough });
    return {
      schedules: scheduler()
        .views()
        .map((view) => {
          const newest = events.find((event) => scheduleOf(event) === view.schedule);
          return { ...view, ...(newest === undefined ? {} : { last: lastOf(newest) }) };
        }),
    };
  }

  return {
    'schedule.list': list,
    async 'schedule.run'({ schedule }) {
      await scheduler().run(schedule);
      return list();
    },
    async 'schedule.pause'({ schedule }) {
      scheduler().setPaused(schedule, true);
      return list();
    },
    async 'schedule.resume'({ schedule }) {
      scheduler().setPaused(schedule, false);
      return list();
    },
  };
}

function scheduleOf(event: JournalEvent): string | undefined {
  return event.kind === 'schedule.ran' || event.kind === 'schedule.skipped'
    ? event.schedule
    : undefined;
}

function lastOf(event: JournalEvent): NonNullable<ScheduleRow['last']> {
  const { atMs } = event;
  if (event.kind !== 'schedule.ran') {
    const why = event.kind === 'schedule.skipped' ? event.why : undefined;
    return { atMs, outcome: 'skipped', ...(why === undefined ? {} : { why }) };
  }
  const { outcome, tookMs, why } = event;
  const took = tookMs === undefined ? {} : { tookMs };
  return { atMs, outcome, ...took, ...(why === undefined ? {} : { why }) };
}
