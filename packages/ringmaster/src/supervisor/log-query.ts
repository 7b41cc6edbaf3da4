import { logLevels } from '../fleet/log-levels.ts';
import { type LogLevel, rankOf } from './log-level.ts';
import type { LevelRank } from './log-trace.ts';

/** Which entries of logs are wanted. */
export interface LogQuery {
  /** This level or a worse one. */
  readonly level?: LogLevel;
  /** Text that stands in the entry, in any case; no pattern, so that a search costs what it reads. */
  readonly text?: string;
  /** A regular expression (JavaScript, `iu`) that the entry matches; searched in a thread that may be ended. */
  readonly pattern?: string;
  readonly sinceMs?: number;
  readonly untilMs?: number;
}

/** An entry of a log: a line with what belongs to it, such as its stack trace. */
export interface LogEntry {
  readonly server: string;
  /** When it was captured, to within 50 ms. */
  readonly atMs: number;
  readonly level: LogLevel;
  /** Its lines, joined by newlines. */
  readonly text: string;
  /** It was longer than what is shown. */
  readonly isCut: boolean;
}

/** How entries are listed. */
export interface LogListing {
  readonly order: 'newest' | 'oldest';
  readonly limit: number;
  /** From an earlier answer. */
  readonly cursor?: string;
}

/** Some entries of a log. */
export interface LogEntries {
  /** In the order asked for. */
  readonly entries: readonly LogEntry[];
  /** Nothing else fits now. */
  readonly isComplete: boolean;
  /** Ask again with it to read on, oldest first also in what is written later; undefined when there is no more. */
  readonly cursor: string | undefined;
}

/** A query in the form in which it is applied to entry after entry. */
export interface EntryTest {
  readonly worstRank: LevelRank;
  readonly sinceMs: number;
  readonly untilMs: number;
  /** Whether the text of an entry holds what is looked for. */
  readonly holds: (text: string) => boolean;
  /** Whether no entry can hold it, given the text of many as it lies in a file; absent where that cannot be told. */
  readonly isWithout: ((text: string) => boolean) | undefined;
}

/** Whether a pattern can be one: a regular expression of JavaScript. */
export function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'iu') instanceof RegExp;
  } catch {
    // What is wrong with it, the caller says with the text that was found.
    return false;
  }
}

/** Prepares a query; text is compared without regard to case and to full or half width (NFKC). */
export function testOf(query: LogQuery): EntryTest {
  const wanted = foldText(query.text ?? '');
  const pattern = query.pattern === undefined ? undefined : new RegExp(query.pattern, 'iu');
  return {
    worstRank: query.level === undefined ? 4 : rankOf(query.level),
    sinceMs: query.sinceMs ?? 0,
    untilMs: query.untilMs ?? Number.POSITIVE_INFINITY,
    holds: (text) =>
      (wanted === '' || foldText(text).includes(wanted)) && pattern?.test(text) !== false,
    // Lines of an entry are joined otherwise than they lie in the file.
    isWithout: /^$|[\r\n]/.test(wanted) ? undefined : (text) => !foldText(text).includes(wanted),
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII is what is meant
const beyondAscii = /[^\u0000-\u007f]/;

/** Text as it is compared: `ｴﾗｰ`, `エラー` are one, as are `Error` and `ERROR`. */
export function foldText(text: string): string {
  return (beyondAscii.test(text) ? text.normalize('NFKC') : text).toLowerCase();
}

/** The level of a rank. */
export function levelOfRank(rank: LevelRank): LogLevel {
  return logLevels[rank];
}

/** A place in a log: before the byte `offset` of the file `number`. */
export interface LogPlace {
  readonly number: number;
  readonly offset: number;
}

/** Reads a cursor; undefined when it is none of ours. */
export function parsePlace(cursor: string): LogPlace | undefined {
  const found = /^(\d{1,15}):(\d{1,15})$/.exec(cursor);
  return found === null ? undefined : { number: Number(found[1]), offset: Number(found[2]) };
}
