import { plainText } from '../harmless.ts';

/** Longest shape; errors that agree so far count as one. */
const shapeLength = 160;
/** Only so much of an entry is normalised. */
const normalisedLength = 1_000;

/**
 * What an error looks like without colours and what changes from time to time: numbers, ids, hexadecimal, times and
 * quoted text become placeholders, so that `user 17 not found` and `user 42 not found` are one error. Of a Python
 * traceback the last line counts, which names the exception.
 */
export function shapeOf(text: string): string {
  const lines = text.split('\n', 400);
  const first = lines[0] ?? '';
  const isTraceback = first.startsWith('Traceback (most recent call last)');
  const line = isTraceback ? (lines.findLast((one) => /^\S/.test(one)) ?? first) : first;
  return plainText(line.slice(0, normalisedLength))
    .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?/g, 'TIME')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, 'ID')
    .replace(/"[^"\n]{0,200}"(?!\s*:)/g, '"…"')
    .replace(/(?<![A-Za-z])'[^'\n]{0,200}'/g, "'…'")
    .replace(/「[^」\n]{0,200}」/g, '「…」')
    .replace(/\b0x[0-9a-f]+\b/gi, 'HEX')
    .replace(/\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,}\b/gi, 'HEX')
    .replace(/\d+(?:[.,:]\d+)*/g, '#')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, shapeLength);
}

/** One kind of error and how often it was seen. */
export interface ErrorShape {
  readonly shape: string;
  readonly count: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  /** The entry seen last, cut. */
  readonly example: string;
}

/** Most different shapes counted at once; errors of further shapes are only counted in sum. */
const shapesMax = 1_000;
const exampleLength = 500;

/** Counts errors by shape, in bounded memory. */
export interface ShapeCounts {
  add(text: string, atMs: number): void;
  /** The most frequent first; of equally frequent ones the newest. */
  top(count: number): ErrorShape[];
  /** Errors whose shape was not counted, as there were too many different ones. */
  uncounted(): number;
}

/** No errors yet. */
export function createShapeCounts(): ShapeCounts {
  const shapes = new Map<string, { -readonly [Key in keyof ErrorShape]: ErrorShape[Key] }>();
  let uncounted = 0;
  return {
    add(text, atMs) {
      const shape = shapeOf(text);
      const known = shapes.get(shape);
      if (known === undefined) {
        if (shapes.size >= shapesMax) uncounted += 1;
        else {
          const example = text.slice(0, exampleLength);
          shapes.set(shape, { shape, count: 1, firstAtMs: atMs, lastAtMs: atMs, example });
        }
        return;
      }
      known.count += 1;
      known.firstAtMs = Math.min(known.firstAtMs, atMs);
      if (atMs < known.lastAtMs) return;
      known.lastAtMs = atMs;
      known.example = text.slice(0, exampleLength);
    },
    top: (count) =>
      [...shapes.values()]
        .sort((one, other) => other.count - one.count || other.lastAtMs - one.lastAtMs)
        .slice(0, count),
    uncounted: () => uncounted,
  };
}
