import { logLevels } from '../fleet/log-levels.ts';
import { isLetter, startsWith } from './line-bytes.ts';
import { afterFirstLine, continues, type LevelRank, type LineState } from './log-trace.ts';

/** One of the levels a log entry can have. */
export type LogLevel = (typeof logLevels)[number];

/** A line of these bytes is of this level, whatever else stands in it; from `logs.levels` of the fleet file. */
export interface LevelPattern {
  readonly text: string;
  readonly level: LogLevel;
}

/** Finds level and entry of lines; made once for the patterns of a server. */
export interface LineClassifier {
  /**
   * Classifies the line `bytes[from … to)`, which has no newline. True when it begins an entry, whose level is
   * `state.rank` then; false when it goes on the entry before.
   */
  next(bytes: Uint8Array, range: { from: number; to: number }, state: LineState): boolean;
}

/** Only so much of a line is looked at: a level stands near the beginning, and lines may be a megabyte long. */
const lookedAtBytes = 512;
/** A level within so many bytes from the start, written as levels are, was declared by the program itself. */
const declaredWithinBytes = 80;

const newline = 10;
const brace = 123;
const bracket = 91;
const escapeByte = 27;
/** Worse than no level: no word was found. */
const none = 9;

const lowerA = 97;
/** Sets the bit that tells a small ASCII letter from a capital one. */
const toLower = 32;

/** Words that tell a level wherever they stand, in the order of `logLevels`: the worst word wins. */
const tellingWords: readonly (readonly string[])[] = [
  ['critical', 'fatal', 'panic', 'dpanic'],
  ['error', 'exception', 'traceback'],
  ['warning', 'warn'],
  [],
  [],
];
/** Words that tell a level only where a program declares one: in a sentence they mean something else. */
const declaringWords: readonly (readonly string[])[] = [
  ['emerg', 'emergency', 'alert', 'crit'],
  ['err', 'severe'],
  [],
  ['info', 'notice', 'information'],
  ['debug', 'trace', 'verbose', 'silly'],
];

interface LevelWord {
  readonly rank: LevelRank;
  readonly tells: boolean;
}

const levelWords = new Map<string, LevelWord>([
  ...tellingWords.flatMap((words, rank) => wordRows(words, rank as LevelRank, true)),
  ...declaringWords.flatMap((words, rank) => wordRows(words, rank as LevelRank, false)),
]);

function wordRows(words: readonly string[], rank: LevelRank, tells: boolean) {
  return words.map((word): [string, LevelWord] => [word, { rank, tells }]);
}

/** What TypeError and NullPointerException are. */
const errorName: LevelWord = { rank: 1, tells: true };
/** Longer words are none of ours; also the width of a row in `wordsByStart`. */
const wordMax = 16;
/** Level words by first letter and length: almost every word of a line is dismissed by one look (measured: 4 times). */
const wordsByStart: (readonly (readonly [string, LevelWord])[] | undefined)[] = [];
for (const [text, word] of levelWords) {
  const place = (text.charCodeAt(0) - lowerA) * wordMax + text.length;
  wordsByStart[place] = [...(wordsByStart[place] ?? []), [text, word]];
}
for (let place = 0; place < 26 * wordMax; place += 1) wordsByStart[place] ??= undefined;

/** A classifier with patterns that are looked for before everything built in; the first that matches wins. */
export function createLineClassifier(patterns: readonly LevelPattern[] = []): LineClassifier {
  const wanted = patterns.map(({ text, level }) => ({
    text: text.toLowerCase(),
    rank: rankOf(level),
  }));

  function patternRank(bytes: Uint8Array, from: number, to: number): LevelRank | undefined {
    const line = decodeUtf8(bytes, from, to).toLowerCase();
    return wanted.find(({ text }) => line.includes(text))?.rank;
  }

  return {
    next(bytes, range, state) {
      const to = bytes[range.to - 1] === 13 ? range.to - 1 : range.to;
      const end = Math.min(to, range.from + lookedAtBytes);
      const start = afterColours(bytes, afterOurPrefix(bytes, range.from, end), end);
      const goesOn = !state.isFirst && continues(bytes, start, end, state);
      if (goesOn) return false;
      state.isFirst = false;
      const own = wanted.length > 0 ? patternRank(bytes, start, end) : undefined;
      state.rank = own ?? levelOf(bytes, start, end);
      state.trace = afterFirstLine(bytes, start, end, state.rank);
      return true;
    },
  };
}

/** Place of a level in `logLevels`. */
export function rankOf(level: LogLevel): LevelRank {
  return logLevels.indexOf(level) as LevelRank;
}

/** How lines are marked that a stdio server printed between its messages. */
export const strayPrefix = '[stdout] ';

function afterOurPrefix(bytes: Uint8Array, from: number, to: number): number {
  return startsWith(bytes, from, to, strayPrefix) ? from + strayPrefix.length : from;
}

/**
 * Behind the sequences of a terminal that stand at `at`, such as colours: `ESC [`, digits and their like, and a last
 * byte (ECMA-48, 5.4). Whatever else an ESC begins counts as one byte.
 */
function afterColours(bytes: Uint8Array, at: number, to: number): number {
  let after = at;
  while (after < to && bytes[after] === escapeByte) {
    after += 1;
    if (bytes[after] !== bracket) continue;
    after += 1;
    while (after < to && (bytes[after] ?? 0) < 64) after += 1;
    after += 1;
  }
  return Math.min(after, to);
}

function levelOf(bytes: Uint8Array, from: number, to: number): LevelRank {
  if (bytes[from] === brace) {
    const stated = jsonLevel(bytes, from, to);
    if (stated !== undefined) return stated;
  }
  let declared: number = none;
  let told: number = none;
  for (let at = from; at < to; ) {
    const code = bytes[at] ?? 0;
    if (isLetter[code] !== 1) {
      at = code === escapeByte ? afterColours(bytes, at, to) : at + 1;
      continue;
    }
    const start = at;
    const mayBeDeclared = start - from < declaredWithinBytes;
    if (!mayBeDeclared && declared !== none) break;
    while (at < to && isLetter[bytes[at] ?? 0] === 1) at += 1;
    const word = wordAt(bytes, start, at);
    if (word === undefined) continue;
    if (word.tells && word.rank < told) told = word.rank;
    if (word.rank < declared && mayBeDeclared)
      if (isDeclared(bytes, { from, start, end: at, to })) declared = word.rank;
  }
  if (declared !== none) return declared as LevelRank;
  return told === none ? 3 : (told as LevelRank);
}

function wordAt(bytes: Uint8Array, start: number, end: number): LevelWord | undefined {
  const length = end - start;
  if (length < wordMax) {
    const first = (bytes[start] ?? 0) | toLower;
    const known = first >= lowerA ? wordsByStart[(first - lowerA) * wordMax + length] : undefined;
    if (known !== undefined)
      for (const [text, word] of known) if (isWord(bytes, start, text)) return word;
  }
  const last = bytes[end - 1];
  if (last === 114 && startsWith(bytes, end - 5, end, 'Error')) return errorName;
  if (last === 110 && startsWith(bytes, end - 9, end, 'Exception')) return errorName;
  return undefined;
}

/** Whether these letters are the word, in any case. */
function isWord(bytes: Uint8Array, start: number, word: string): boolean {
  for (let at = 0; at < word.length; at += 1)
    if (((bytes[start + at] ?? 0) | toLower) !== word.charCodeAt(at)) return false;
  return true;
}

/** In capitals, in brackets, before a colon or after an equals sign: that is how programs write a level. */
function isDeclared(
  bytes: Uint8Array,
  word: {
    readonly from: number;
    readonly start: number;
    readonly end: number;
    readonly to: number;
  },
): boolean {
  const { start, end } = word;
  const next = afterColours(bytes, end, word.to);
  const after = next < word.to ? bytes[next] : newline;
  if (after === 58 || after === 93 || after === 62 || after === 124) return true;
  if (start > word.from && bytes[start - 1] === 61) return true;
  for (let at = start; at < end; at += 1) if ((bytes[at] ?? 0) >= 97) return false;
  return true;
}

const jsonField =
  /"(?:level|severity|lvl|levelname|loglevel|log\.level)"\s*:\s*(?:"([A-Za-z]{1,11})[0-9]?"|(\d{1,3}))/i;

/** pino and bunyan count from 10 (trace) to 60 (fatal); below that numbers are those of syslog (RFC 5424). */
function jsonLevel(bytes: Uint8Array, from: number, to: number): LevelRank | undefined {
  const found = jsonField.exec(asciiOf(bytes, from, to));
  if (found === null) return undefined;
  if (found[1] !== undefined) return levelWords.get(found[1].toLowerCase())?.rank;
  const number = Number(found[2]);
  if (number < 10)
    return number <= 2 ? 0 : number === 3 ? 1 : number === 4 ? 2 : number <= 6 ? 3 : 4;
  return number >= 60 ? 0 : number >= 50 ? 1 : number >= 40 ? 2 : number >= 30 ? 3 : 4;
}

/** One character a byte: enough where only ASCII is looked for. */
function asciiOf(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode.apply(undefined, bytes.subarray(from, to) as unknown as number[]);
}

/** Patterns may be in any script; a broken character at the cut is of no matter. */
function decodeUtf8(bytes: Uint8Array, from: number, to: number): string {
  let escaped = '';
  for (let at = from; at < to; at += 1) escaped += percentOf[bytes[at] ?? 0];
  try {
    return decodeURIComponent(escaped);
  } catch {
    // Not UTF-8, or cut inside a character: the ASCII in it can still be found.
    return asciiOf(bytes, from, to);
  }
}

const percentOf = Array.from({ length: 256 }, (_, code) => {
  const hex = code.toString(16).padStart(2, '0');
  return code < 128 && code !== 37 ? String.fromCharCode(code) : `%${hex}`;
});
