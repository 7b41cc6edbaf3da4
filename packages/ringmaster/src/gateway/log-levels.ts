import type { JsonObject } from './messages.ts';
import type { Owner } from './owner.ts';

/** Log levels of the protocol, the most verbose first (RFC 5424 by other names). */
export const logLevels = [
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
] as const;
/** How severe a log message is, or the least severe somebody wants. */
export type LogLevel = (typeof logLevels)[number];

/** What a client of a session hears that never set a level: the revisions leave it to the server. */
export const unsetLevel: LogLevel = 'info';

/** True for the eight levels there are. */
export function isLogLevel(value: unknown): value is LogLevel {
  return logLevels.some((level) => level === value);
}

/** Whether a message of one level is wanted by somebody who asked for another; a message of no known level is. */
export function isWanted(level: unknown, wanted: LogLevel): boolean {
  return !isLogLevel(level) || logLevels.indexOf(level) >= logLevels.indexOf(wanted);
}

/** The level that lets through what any of them wants; undefined when there are none. */
export function mostVerbose(levels: Iterable<LogLevel>): LogLevel | undefined {
  let lowest: number | undefined;
  for (const level of levels) {
    const at = logLevels.indexOf(level);
    lowest = lowest === undefined ? at : Math.min(lowest, at);
  }
  return lowest === undefined ? undefined : logLevels[lowest];
}

/** The level a client's messages are filtered by; undefined when it gets none. */
export function levelFor(owner: Owner): LogLevel | undefined {
  if (isLogLevel(owner.logLevel)) return owner.logLevel;
  return owner.era === 'legacy' ? unsetLevel : undefined;
}

/** Whether a client is to hear a log message. */
export function hears(owner: Owner, params: JsonObject): boolean {
  const wanted = levelFor(owner);
  return wanted !== undefined && isWanted(params['level'], wanted);
}
