import { isLetter, startsWith } from './line-bytes.ts';

/** Place of a level in `logLevels`: 0 is the worst. */
export type LevelRank = 0 | 1 | 2 | 3 | 4;

/** What the lines before say about the next one; start with `newLineState()`, one for each process. */
export interface LineState {
  rank: LevelRank;
  /**
   * Where in a trace the last line was. `headline`: the first line of trouble, which an exception may follow. `frames`:
   * inside a Python traceback, whose last line is not indented; `ended`: after that, when another one may follow.
   * `goroutine`: among the frames of Go, which are not indented either.
   */
  trace: 'none' | 'headline' | 'frames' | 'ended' | 'goroutine';
  /** No entry was seen yet that a line could go on. */
  isFirst: boolean;
}

/** The state before the first line of a process. */
export function newLineState(): LineState {
  return { rank: 3, trace: 'none', isFirst: true };
}

const space = 32;
const tab = 9;

/** The state of the trace after the first line of an entry of this level. */
export function afterFirstLine(
  bytes: Uint8Array,
  from: number,
  to: number,
  rank: LevelRank,
): LineState['trace'] {
  if (rank > 2) return 'none';
  if (isTraceback(bytes, from, to)) return 'frames';
  return isQualifiedException(bytes, from, to) ? 'none' : 'headline';
}

/** Whether a line belongs to the entry before: indented, blank, or a part of a stack trace. */
export function continues(bytes: Uint8Array, from: number, to: number, state: LineState): boolean {
  const isHeadline = state.trace === 'headline';
  if (isHeadline) state.trace = 'none';
  const first = bytes[from];
  if (to === from || first === space || first === tab) return true;
  if (isHeadline && isQualifiedException(bytes, from, to)) return true;
  if (state.trace === 'frames' && looksLikeException(bytes, from, to)) {
    state.trace = 'ended';
    return true;
  }
  if (isTraceback(bytes, from, to) && (state.rank <= 1 || state.trace !== 'none')) {
    state.trace = 'frames';
    return true;
  }
  if (state.trace === 'ended') {
    // A chained traceback says so in words of its own.
    const isChained = startsWith(bytes, from, to, 'During handling of the above exception');
    return isChained || startsWith(bytes, from, to, 'The above exception was the direct cause');
  }
  if (state.rank === 0 && startsWith(bytes, from, to, 'goroutine ')) {
    state.trace = 'goroutine';
    return true;
  }
  if (state.trace === 'goroutine') return isGoFrame(bytes, from, to);
  if (first === 97) return startsWith(bytes, from, to, 'at ') && state.rank <= 1;
  if (first === 67) return startsWith(bytes, from, to, 'Caused by: ');
  if (first === 91 && startsWith(bytes, from, to, '[signal ')) return state.rank === 0;
  return (first === 125 || first === 93) && to - from <= 2;
}

function isTraceback(bytes: Uint8Array, from: number, to: number): boolean {
  return startsWith(bytes, from, to, 'Traceback (most recent call last)');
}

/** `ValueError: …`, `app.errors.Broken: …`, `KeyboardInterrupt`: a dotted name, then nothing or colon and space. */
function looksLikeException(bytes: Uint8Array, from: number, to: number): boolean {
  const at = endOfName(bytes, from, to);
  if (at === from) return false;
  return at === to || (bytes[at] === 58 && (at + 1 === to || bytes[at + 1] === space));
}

/** `java.io.IOException: …`: what logging libraries of the JVM write below the message of an entry. */
function isQualifiedException(bytes: Uint8Array, from: number, to: number): boolean {
  if (!looksLikeException(bytes, from, to)) return false;
  const end = endOfName(bytes, from, to);
  if (!bytes.subarray(from, end).includes(46)) return false;
  return ['Exception', 'Error', 'Throwable'].some((word) =>
    startsWith(bytes, end - word.length, end, word),
  );
}

/** The end of a dotted name. */
function endOfName(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  for (; at < to; at += 1) {
    const code = bytes[at] ?? 0;
    if (isLetter[code] !== 1 && code !== 46 && !(code >= 48 && code <= 57)) break;
  }
  return at;
}

/** `main.(*Server).run(0xc000, …)`, `created by main.main in goroutine 1`, `exit status 2`: as the runtime of Go writes. */
function isGoFrame(bytes: Uint8Array, from: number, to: number): boolean {
  if (startsWith(bytes, from, to, 'created by ')) return true;
  if (startsWith(bytes, from, to, 'exit status ')) return true;
  if (bytes[to - 1] !== 41) return false;
  const line = bytes.subarray(from, to);
  const gap = line.indexOf(space);
  return line.subarray(0, gap < 0 ? line.length : gap).includes(40);
}
