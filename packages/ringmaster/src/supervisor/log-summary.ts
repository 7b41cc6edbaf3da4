import { logLevels } from '../fleet/log-levels.ts';
import type { LogLevel } from './log-level.ts';
import type { ErrorShape } from './log-shape.ts';

/** What a log held in a period. */
export interface LogSummary {
  /** Entries by level. */
  readonly counts: Readonly<Record<LogLevel, number>>;
  readonly entries: number;
  /** Over the period from the first entry to the last one, at least a minute. */
  readonly entriesPerMinute: number;
  readonly firstAtMs: number | undefined;
  readonly lastAtMs: number | undefined;
  /** The most frequent kinds of errors. */
  readonly topErrors: readonly ErrorShape[];
}

const minuteMs = 60_000;

/** The figures of a period from what was counted. */
export function summaryOf(counted: {
  readonly counts: readonly number[];
  readonly firstAtMs: number | undefined;
  readonly lastAtMs: number | undefined;
  readonly topErrors: readonly ErrorShape[];
}): LogSummary {
  const { counts, firstAtMs, lastAtMs, topErrors } = counted;
  const entries = counts.reduce((sum, count) => sum + count, 0);
  const periodMs = Math.max(minuteMs, (lastAtMs ?? 0) - (firstAtMs ?? 0));
  return {
    counts: Object.fromEntries(
      logLevels.map((level, rank) => [level, counts[rank] ?? 0]),
    ) as Record<LogLevel, number>,
    entries,
    entriesPerMinute: entries === 0 ? 0 : (entries * minuteMs) / periodMs,
    ...{ firstAtMs, lastAtMs, topErrors },
  };
}
