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
}) {
  const { ranges, rangeMs, onChoose, say } = props;
  return (
    <fieldset className="seg" aria-label={say('range.name')}>
      {ranges.map((ms) => {
        const [unit, unitMs] = unitOf(ms);
        return (
          <button
            key={ms}
            type="button"
            aria-pressed={ms === rangeMs}
            onClick={() => onChoose(rangeWord(ms))}
          >
            {`${ms / unitMs}${say('time.gap')}${say.time[unit]}`}
          </button>
        );
      })}
    </fieldset>
  );
}

/** The range an address names, when it is one of those offered; else `usual`. */
export function rangeOf(word: string | null, ranges: readonly number[], usual: number): number {
  return ranges.find((ms) => rangeWord(ms) === word) ?? usual;
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
