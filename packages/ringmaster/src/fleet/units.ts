import { z } from 'zod';

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `30s`, `1.5m`, `250ms`, `10 min` → milliseconds; undefined when it is no duration. */
export function parseDurationMs(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|sec|m|min|h|d)\s*$/i.exec(text);
  if (match === null) return undefined;
  const unit = (match[2] ?? '').toLowerCase();
  const factor = unitMs[unit === 'sec' ? 's' : unit === 'min' ? 'm' : unit];
  return factor === undefined ? undefined : Math.round(Number(match[1]) * factor);
}

const unitBytes: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1_000,
  mb: 1_000_000,
  gb: 1_000_000_000,
  kib: 1_024,
  mib: 1_048_576,
  gib: 1_073_741_824,
};

/** `100MB`, `10 MiB`, `512B` → bytes; undefined when it is no size. */
export function parseSizeBytes(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(b|kb|mb|gb|kib|mib|gib)\s*$/i.exec(text);
  if (match === null) return undefined;
  const factor = unitBytes[(match[2] ?? '').toLowerCase()];
  return factor === undefined ? undefined : Math.round(Number(match[1]) * factor);
}

interface Range {
  readonly min: number;
  readonly max: number;
  readonly describe: string;
}

interface Bounds extends Range {
  readonly default: number;
}

/** What to say is needed where text with a unit may stand, by that unit. */
export const neededMeasure = {
  ms: 'a duration such as 30s, 5m or 1500 (milliseconds)',
  bytes: 'a size such as 100MB, 10MiB or 4096 (bytes)',
} as const;

/** How one unit is written and read. */
interface Unit {
  readonly unit: keyof typeof neededMeasure;
  readonly parse: (text: string) => number | undefined;
}

const durations: Unit = { unit: 'ms', parse: parseDurationMs };
const sizes: Unit = { unit: 'bytes', parse: parseSizeBytes };

/** A duration setting: a whole number of milliseconds or text with a unit; milliseconds inside. */
export function durationMs(bounds: Bounds) {
  return measured(bounds, durations);
}

/** A size setting: a whole number of bytes or text with a unit; bytes inside. */
export function sizeBytes(bounds: Bounds) {
  return measured(bounds, sizes);
}

/** The same, where leaving it out means something of its own. */
export function optionalSizeBytes(range: Range) {
  return written
    .transform((value, context) => toNumber({ value, range, how: sizes }, context))
    .meta(describing(range, sizes))
    .optional();
}

const written = z.union([z.number(), z.string()]);

function measured(bounds: Bounds, how: Unit) {
  return written
    .default(bounds.default)
    .transform((value, context) => toNumber({ value, range: bounds, how }, context))
    .meta(describing(bounds, how));
}

function toNumber(
  given: { readonly value: number | string; readonly range: Range; readonly how: Unit },
  context: z.RefinementCtx,
): number {
  const { value, range, how } = given;
  // Digits alone come from variables and query strings; the setting's name carries the unit.
  const isBare = typeof value === 'string' && /^\d{1,15}$/.test(value);
  const number = typeof value === 'number' || isBare ? Number(value) : how.parse(value);
  const message =
    number === undefined || !Number.isSafeInteger(number)
      ? `found ${JSON.stringify(value)}, needed ${neededMeasure[how.unit]}`
      : number < range.min || number > range.max
        ? `found ${number} ${how.unit}, needed ${range.min} to ${range.max} ${how.unit}`
        : undefined;
  if (message === undefined && number !== undefined) return number;
  context.addIssue({ code: 'custom', message: message ?? '' });
  return z.NEVER;
}

function describing(range: Range, { unit }: Unit) {
  return { description: range.describe, unit, minimum: range.min, maximum: range.max };
}
