import { Problem } from '../../errors.ts';
import { logLevels } from '../../fleet/log-levels.ts';
import { type Invocation, textOption } from './invocation.ts';
import type { Terminal } from './terminal.ts';

/** What `logs` was told to look for, as the operations take it. */
export interface LogFilter {
  readonly level: (typeof logLevels)[number] | undefined;
  readonly text: string | undefined;
  readonly pattern: string | undefined;
  readonly sinceMs: number | undefined;
  readonly untilMs: number | undefined;
}

/** The filter of an invocation, or a complaint that says which of its flags was not understood. */
export function readLogFilter(invocation: Invocation): LogFilter {
  const { terminal } = invocation;
  return {
    level: readLevel(textOption(invocation, 'level'), terminal),
    text: textOption(invocation, 'search'),
    pattern: textOption(invocation, 'match'),
    sinceMs: readTime('--since', textOption(invocation, 'since'), terminal),
    untilMs: readTime('--until', textOption(invocation, 'until'), terminal),
  };
}

/** Whether anything is looked for at all. */
export function isFilter(filter: LogFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}

function readLevel(given: string | undefined, { say }: Terminal): LogFilter['level'] {
  if (given === undefined) return undefined;
  const level = logLevels.find((known) => known === given.toLowerCase());
  if (level !== undefined) return level;
  const known = logLevels.join(', ');
  throw new Problem('bad_usage', say('logs.level', { found: given, known }));
}

const unitMs: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `1h` ago, or a moment in ISO form, which is local time unless it names a zone. */
function readTime(
  flag: string,
  given: string | undefined,
  { say, nowMs }: Terminal,
): number | undefined {
  if (given === undefined) return undefined;
  const ago = /^(\d{1,9}(?:\.\d+)?)\s*([smhd])$/.exec(given.trim());
  if (ago !== null) return nowMs() - Number(ago[1]) * (unitMs[ago[2] ?? ''] ?? 0);
  const isIso = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?$/;
  const text = given.trim().replace(' ', 'T');
  // A day alone would be read as UTC.
  const atMs = isIso.test(given.trim())
    ? Date.parse(text.length === 10 ? `${text}T00:00` : text)
    : Number.NaN;
  if (Number.isFinite(atMs)) return atMs;
  throw new Problem('bad_usage', say('logs.time', { flag, found: given }));
}
