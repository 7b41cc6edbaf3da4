import { createLineClassifier } from './log-level.ts';
import { newLineState } from './log-trace.ts';

/** What a runtime adds below the error that ended it (Node, Bun, Go, Rust): never what a person wants to know. */
const afterword =
  /^(?:Node\.js v\d|Bun v\d|\(Use `node --trace|exit status \d|note: |stack backtrace:)/;

/**
 * The line of what a server wrote last that says best why it ended: of a stack trace (Node, Python, Go, the JVM, Rust)
 * the one that names the error, else the last one. Undefined when there is none.
 */
export function lastWordsOf(lines: readonly string[]): string | undefined {
  const at = placeOf(lines);
  return at === undefined ? undefined : lines[at];
}

/** The last lines, `count` at most; where a long trace would push out the line that names the error, that one leads. */
export function tellingLines(lines: readonly string[], count: number): readonly string[] {
  const at = placeOf(lines);
  const last = lines.slice(-count);
  if (at === undefined || at >= lines.length - last.length) return last;
  return [lines[at] ?? '', ...last.slice(1)];
}

function placeOf(lines: readonly string[]): number | undefined {
  const starts = entryStarts(lines);
  const told = starts.findLast((start) => !afterword.test(lines[start] ?? '')) ?? starts.at(-1);
  if (told === undefined) return undefined;
  const end = starts.find((start) => start > told) ?? lines.length;
  const entry = lines.slice(told, end);
  // Python names the exception below its frames.
  const isTraceback = entry.some((line) => line.startsWith('Traceback (most recent call last)'));
  return isTraceback ? told + entry.findLastIndex((line) => /^\S/.test(line)) : told;
}

/** Where entries begin that are not blank; the room of logs knows which lines belong together. */
function entryStarts(lines: readonly string[]): readonly number[] {
  const classifier = createLineClassifier();
  const state = newLineState();
  return lines.flatMap((line, at) => {
    // What a line is, only its ASCII tells.
    const bytes = Uint8Array.from(line, (letter) => Math.min(letter.charCodeAt(0), 255));
    const begins = classifier.next(bytes, { from: 0, to: bytes.length }, state);
    return begins && line.trim() !== '' ? [at] : [];
  });
}
