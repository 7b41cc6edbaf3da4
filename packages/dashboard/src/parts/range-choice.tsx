import type { Say } from '../words/say.ts';

const minuteMs = 60_000;
/** The times one can look back, the same on every page. */
export const ranges = [60, 360, 1_440, 10_080, 43_200].map((minutes) => minutes * minuteMs);
const units = [
  ['d', 1_440 * minuteMs],
  ['h', 60 * minuteMs],
  ['min', minuteMs],
] as const;

/** How far back a page looks, as one of a few choices; it stands in the address as `6h`. */
export function RangeChoice(props: {
  readonly ranges: readonly number[];
  readonly rangeMs: number;
  readonly onChoose: (word: string) => void;
  readonly say: Say;
  /** The newest samples as a choice of their own, before all others. */
  readonly samples?: { readonly count: number; readonly isChosen: boolean; readonly word: string };
}) {
  const { ranges, rangeMs, onChoose, say, samples } = props;
  const at = samples?.isChosen === true ? -1 : placeOf(ranges, rangeMs);
  return (
    <fieldset className="seg" aria-label={say('range.name')}>
      {samples === undefined ? null : (
        <button
          type="button"
          aria-pressed={samples.isChosen}
          data-key={at === 0 ? '+' : undefined}
          onClick={() => onChoose(samples.word)}
        >
          {say('range.samples', { count: samples.count })}
        </button>
      )}
      {ranges.map((ms, place) => {
        const [unit, unitMs] = unitOf(ms);
        return (
          <button
            key={ms}
            type="button"
            aria-pressed={ms === rangeMs}
            data-key={keyOf(place, at)}
            onClick={() => onChoose(rangeWord(ms))}
          >
            {`${ms / unitMs}${say('time.gap')}${say.time[unit]}`}
          </button>
        );
      })}
    </fieldset>
  );
}

/** Where a range stands among those offered; far from all of them when it is not offered. */
function placeOf(ranges: readonly number[], rangeMs: number): number {
  const place = ranges.indexOf(rangeMs);
  return place < 0 ? Number.NEGATIVE_INFINITY : place;
}

/** `+` looks closer, `-` farther: at the neighbours of what is chosen. Before the first stand the samples. */
function keyOf(place: number, at: number): string | undefined {
  if (place === at - 1) return '+';
  return place === at + 1 ? '-' : undefined;
}

/** The range an address names, when it is one of those offered; else `usual`. */
export function rangeOf(word: string | null, ranges: readonly number[], usual: number): number {
  return ranges.find((ms) => rangeWord(ms) === word) ?? usual;
}

const usualLanesMs = 360 * minuteMs;

/** How far back the lanes of servers reach where an address has this word for it. */
export function lanesRangeOf(word: string | null): number {
  return rangeOf(word, ranges, usualLanesMs);
}

/** The address of a page that goes on with the range of this one. */
export function withRange(path: string): string {
  const range = new URLSearchParams(location.search).get('range');
  return range === null || path.includes('?') ? path : `${path}?range=${encodeURIComponent(range)}`;
}

/** A range as it stands in an address. */
export function rangeWord(ms: number): string {
  const [unit, unitMs] = unitOf(ms);
  return `${ms / unitMs}${unit}`;
}

function unitOf(ms: number): (typeof units)[number] {
  // One day reads as 24 hours, as everywhere.
  return units.find(([, unitMs]) => ms >= unitMs && ms !== 1_440 * minuteMs) ?? units[1];
}
