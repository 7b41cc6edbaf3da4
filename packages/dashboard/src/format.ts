/** A figure and its unit, apart, as the unit is set quieter. */
export interface Figure {
  readonly value: string;
  readonly unit: string;
}

/** Between groups of thousands (SI). */
const thin = '\u202f';

/** Three significant digits, thousands by a thin space. */
export function number(value: number): string {
  const size = Math.abs(value);
  if (size >= 1_000) return grouped(Math.round(value));
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return String(Number(value.toFixed(Math.max(0, digits - (size >= 10 ? 0 : 1)))));
}

function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, thin);
}

/** Latency: milliseconds below one second, then seconds. */
export function latency(ms: number): Figure {
  if (ms < 1) return { value: number(ms), unit: 'ms' };
  return ms < 1_000
    ? { value: String(Math.round(ms)), unit: 'ms' }
    : { value: (ms / 1_000).toFixed(ms < 10_000 ? 2 : 1), unit: 's' };
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Bytes in steps of 1 000. */
export function bytes(count: number): Figure {
  let value = count;
  let step = 0;
  while (value >= 999.5 && step < byteUnits.length - 1) {
    value /= 1_000;
    step += 1;
  }
  const shown = value >= 100 || step === 0 ? String(Math.round(value)) : value.toPrecision(2);
  return { value: shown, unit: byteUnits[step] ?? 'TB' };
}

/** A share (0 to 1) as per cent; a share just below one is never shown as 100. */
export function percent(share: number, digits = 1): Figure {
  const exact = share * 100;
  if (exact === 0 || exact === 100) return { value: String(exact), unit: '%' };
  const rounded = exact.toFixed(digits);
  const shown = Number(rounded) === 100 ? (Math.floor(exact * 100) / 100).toFixed(2) : rounded;
  return { value: String(Number(shown)), unit: '%' };
}

/** Words for units of time in one language. */
export interface TimeWords {
  readonly d: string;
  readonly h: string;
  readonly min: string;
  readonly s: string;
  /** Between a figure and its unit: nothing in Japanese. */
  readonly gap: string;
  /** Between two pairs. */
  readonly join: string;
}

/** A length of time in at most two units: `27 min 40 s`. */
export function duration(ms: number, words: TimeWords): string {
  const total = Math.max(0, Math.floor(ms / 1_000));
  const parts: [number, string][] = [
    [Math.floor(total / 86_400), words.d],
    [Math.floor(total / 3_600) % 24, words.h],
    [Math.floor(total / 60) % 60, words.min],
    [total % 60, words.s],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return `0${words.gap}${words.s}`;
  return parts
    .slice(first, first + 2)
    .filter(([count], place) => place === 0 || count > 0)
    .map(([count, unit]) => `${count}${words.gap}${unit}`)
    .join(words.join);
}

/** `03:14:09`, of this machine's zone. */
export function clockTime(atMs: number): string {
  return new Date(atMs).toTimeString().slice(0, 8);
}

/** `03:14`, with the day before it when it was not in the last 20 hours: `21 Nov 03:14`. */
export function when(atMs: number, nowMs: number, language: string): string {
  const time = new Date(atMs).toTimeString().slice(0, 5);
  if (nowMs - atMs < 20 * 3_600_000) return time;
  const day = new Date(atMs).toLocaleDateString(language, { day: 'numeric', month: 'short' });
  return `${day} ${time}`;
}
