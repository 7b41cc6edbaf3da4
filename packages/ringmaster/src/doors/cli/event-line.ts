import { formatTime, localOffsetMinutes, printable } from './format.ts';

/** An event as the journal gives it: what every kind has, and the fields of its own. */
export interface EventRow {
  readonly seq: number;
  readonly atMs: number;
  readonly kind: string;
  readonly subject: string;
  readonly [field: string]: unknown;
}

/** One event in one line: when, about whom, what, and its fields as `name=value`. */
export function eventLine(event: EventRow, offsetMinutes?: number): string {
  const { seq: _seq, atMs, kind, subject, ...fields } = event;
  const time = formatTime(atMs, offsetMinutes ?? localOffsetMinutes(atMs));
  const rest = Object.entries(fields)
    .filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => `${name}=${fieldText(value)}`);
  return [time, kind, subject, ...rest].join('  ');
}

function fieldText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /[\s"=]/.test(text) && typeof value === 'string'
    ? JSON.stringify(printable(text))
    : printable(text);
}
