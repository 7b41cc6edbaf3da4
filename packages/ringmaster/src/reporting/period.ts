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

interface CalendarDate {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
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
  const { year, month, day } = dateOf(first);
  const monthText = `${year}-${twoFigures(month)}`;
  const date = period === 'monthly' ? monthText : `${monthText}-${twoFigures(day)}`;
  return { name: `${period}-${date}`, fromMs, toMs };
}

/** First day of the period that holds a day, or of one so many periods back; days are counted from 1970. */
function firstDay(period: ReportPeriod, day: number, back: number): number {
  if (period === 'daily') return day - back;
  // 1970 began on a Thursday.
  if (period === 'weekly') return day - ((((day + 3) % 7) + 7) % 7) - 7 * back;
  const { year, month } = dateOf(day);
  const months = year * 12 + month - 1 - back;
  return dayOf({ year: Math.floor(months / 12), month: (months % 12) + 1, day: 1 });
}

/** Days from 1970-01-01 to a date of the Gregorian calendar; years begin in March so that a leap day is the last. */
function dayOf({ year, month, day }: CalendarDate): number {
  const marchYear = month > 2 ? year : year - 1;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const leapDays = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  return era * 146_097 + yearOfEra * 365 + leapDays + dayOfYear - 719_468;
}

/** The other way round (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
function dateOf(dayNumber: number): CalendarDate {
  const shifted = dayNumber + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const leapDays = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  const dayOfYear = dayOfEra - (365 * yearOfEra + leapDays);
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  };
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
  const day = dayOf({ year: of('year'), month: of('month'), day: of('day') });
  const seconds = of('hour') * 3_600 + of('minute') * 60 + of('second');
  return day * dayMs + seconds * 1_000 - Math.floor(atMs / 1_000) * 1_000;
}

function twoFigures(value: number): string {
  return String(value).padStart(2, '0');
}
