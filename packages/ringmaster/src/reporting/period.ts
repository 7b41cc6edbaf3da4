/** How long a report reaches back, by the calendar of a time zone; weeks begin on Monday (ISO 8601). */
export const reportPeriods = ['daily', 'weekly', 'monthly'] as const;
/** What a report is about. */
export type ReportPeriod = (typeof reportPeriods)[number];

/** A stretch of the calendar, and the name of the report about it. */
export interface CalendarRange {
  /** `daily-2026-11-20`, `weekly-2026-11-16` (its Monday), `monthly-2026-11`. */
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

const dayMs = 86_400_000;

/**
 * The day, week or month that holds a moment, or the whole one before it. Days begin at midnight of the zone, so one
 * with a change of clocks has 23 or 25 hours. Throws a RangeError for a zone nobody knows.
 */
export function calendarRange(asked: {
  readonly period: ReportPeriod;
  readonly nowMs: number;
  readonly timeZone: string;
  readonly which: 'last' | 'current';
}): CalendarRange {
  const { period, nowMs, timeZone, which } = asked;
  const back = which === 'last' ? 1 : 0;
  const first = firstDay(period, localDay(nowMs, timeZone), back);
  const fromMs = midnightMs(first, timeZone);
  const toMs = midnightMs(firstDay(period, first, -1), timeZone);
  const date = new Date(first * dayMs).toISOString().slice(0, period === 'monthly' ? 7 : 10);
  return { name: `${period}-${date}`, fromMs, toMs };
}

/** First day of the period that holds a day, or of one so many periods back; days are counted from 1970. */
function firstDay(period: ReportPeriod, day: number, back: number): number {
  if (period === 'daily') return day - back;
  // 1970 began on a Thursday.
  if (period === 'weekly') return day - ((((day + 3) % 7) + 7) % 7) - 7 * back;
  const date = new Date(day * dayMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - back) / dayMs;
}

function localDay(atMs: number, timeZone: string): number {
  return Math.floor((atMs + offsetMs(atMs, timeZone)) / dayMs);
}

function midnightMs(day: number, timeZone: string): number {
  const localMs = day * dayMs;
  const guessMs = localMs - offsetMs(localMs, timeZone);
  return localMs - offsetMs(guessMs, timeZone);
}

/** How far the clocks of a zone are ahead of UTC at a moment. */
function offsetMs(atMs: number, timeZone: string): number {
  const fields = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  }).formatToParts(atMs);
  const of = (type: string) => Number(fields.find((field) => field.type === type)?.value ?? 0);
  const day = Date.UTC(of('year'), of('month') - 1, of('day'));
  const seconds = of('hour') * 3_600 + of('minute') * 60 + of('second');
  return day + seconds * 1_000 - Math.floor(atMs / 1_000) * 1_000;
}
