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

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly default: number;
  readonly describe: string;
}

/** A duration setting: a whole number of milliseconds or text with a unit; milliseconds inside. */
export function durationMs(bounds: Bounds) {
  return measure(bounds, {
    unit: 'ms',
    parse: parseDurationMs,
    example: '30s, 5m or 1500 (milliseconds)',
  });
}

/** A size setting: a whole number of bytes or text with a unit; bytes inside. */
export function sizeBytes(bounds: Bounds) {
  return measure(bounds, {
    unit: 'bytes',
    parse: parseSizeBytes,
    example: '100MB, 10MiB or 4096 (bytes)',
  });
}

function measure(
  bounds: Bounds,
  how: {
    readonly unit: string;
    readonly parse: (text: string) => number | undefined;
    readonly example: string;
  },
) {
  return z
    .union([z.number(), z.string()])
    .default(bounds.default)
    .transform((value, context) => {
      const number = typeof value === 'number' ? value : how.parse(value);
      if (number === undefined || !Number.isSafeInteger(number)) {
        context.addIssue({
          code: 'custom',
          message: `found ${JSON.stringify(value)}, needed ${how.example}`,
        });
        return z.NEVER;
      }
      if (number < bounds.min || number > bounds.max) {
        context.addIssue({
          code: 'custom',
          message: `found ${number} ${how.unit}, needed ${bounds.min} to ${bounds.max} ${how.unit}`,
        });
        return z.NEVER;
      }
      return number;
    })
    .meta({
      description: bounds.describe,
      unit: how.unit,
      minimum: bounds.min,
      maximum: bounds.max,
    });
}
