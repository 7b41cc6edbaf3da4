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

/** True for the eight levels there are. */
export function isLogLevel(value: unknown): value is LogLevel {
  return logLevels.some((level) => level === value);
}
