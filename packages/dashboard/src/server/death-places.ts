import type { Death } from '../client/use-deaths.ts';
import type { LogEntry } from './use-log.ts';

/** How exactly the times of a log are known, in ms: what was written before a death may bear a later time. */
export const logTimeMs = 50;

/**
 * Where deaths stand in a log (oldest first): by the count of entries before each, the oldest first. Those from before
 * the first entry are left out, as the log may have told of them earlier; so are those after the last when there is
 * more to come.
 */
export function deathPlaces(
  entries: readonly Pick<LogEntry, 'atMs'>[],
  deaths: readonly Death[],
  { isEnd }: { readonly isEnd: boolean },
): ReadonlyMap<number, readonly Death[]> {
  const places = new Map<number, Death[]>();
  const [first] = entries;
  for (const death of deaths.toReversed()) {
    if (first === undefined || death.atMs + logTimeMs < first.atMs) continue;
    const place = countUntil(entries, death.atMs + logTimeMs);
    if (place === entries.length && !isEnd) continue;
    places.set(place, [...(places.get(place) ?? []), death]);
  }
  return places;
}

/** How many entries are not later than `atMs`; by halves, as there may be a hundred thousand. */
function countUntil(entries: readonly Pick<LogEntry, 'atMs'>[], atMs: number): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.atMs ?? 0) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
