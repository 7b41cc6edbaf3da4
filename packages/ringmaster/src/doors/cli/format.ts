import { plainText } from '../../harmless.ts';
import type { Language } from './language.ts';

interface DurationWords {
  readonly ms: string;
  readonly s: string;
  readonly m: string;
  readonly h: string;
  readonly d: string;
  readonly between: string;
}

const durationWords: Readonly<Record<Language, DurationWords>> = {
  en: { ms: ' ms', s: 's', m: 'm', h: 'h', d: 'd', between: ' ' },
  ja: { ms: 'ミリ秒', s: '秒', m: '分', h: '時間', d: '日', between: '' },
};

/** Milliseconds for people: at most two units, rounded down, so that an uptime never claims too much. */
export function formatDuration(durationMs: number, language: Language): string {
  const words = durationWords[language];
  const totalMs = Math.max(0, Math.floor(durationMs));
  if (totalMs < 1_000) return `${totalMs}${words.ms}`;
  const seconds = Math.floor(totalMs / 1_000);
  const [d, h, m, s] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3_600) % 24,
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ];
  const units = [
    { count: d, word: words.d },
    { count: h, word: words.h },
    { count: m, word: words.m },
    { count: s, word: words.s },
  ];
  const first = units.findIndex((unit) => unit.count > 0);
  return units
    .slice(first, first + 2)
    .filter((unit) => unit.count > 0)
    .map((unit) => `${unit.count}${unit.word}`)
    .join(words.between);
}

/** Bytes for people in decimal units, three figures at most: `950 B`, `1.5 MB`, `58 MB`. */
export function formatBytes(sizeBytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = Math.max(0, sizeBytes);
  let unit = 0;
  // 999.5 would round to 1000 of this unit, so it is already one of the next.
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  const figures = unit === 0 || value >= 9.95 ? value.toFixed(0) : value.toFixed(1);
  return `${figures} ${units[unit]}`;
}

/** Percent of one core with one decimal. */
export function formatPercent(percent: number): string {
  return `${Math.max(0, percent).toFixed(1)} %`;
}

/** A moment as `2026-11-20 18:20:03` at an offset in minutes east of UTC; the same in every language. */
export function formatTime(atMs: number, offsetMinutes: number): string {
  return new Date(atMs + offsetMinutes * 60_000).toISOString().slice(0, 19).replace('T', ' ');
}

/** Minutes east of UTC on this machine at that moment, for `formatTime`. */
export function localOffsetMinutes(atMs: number): number {
  return -new Date(atMs).getTimezoneOffset();
}

/** Text without control characters (colours and cursor moves of a server would otherwise reach the terminal). */
export function printable(text: string): string {
  return plainText(text);
}
