import type { JournalEvent, NewEvent } from './events.ts';

/** Hears of committed events until the function it returns is called. */
export type Follow = (hear: (events: readonly JournalEvent[]) => void) => () => void;

/** Whoever wants to hear of events as they are committed. */
export interface Followers {
  readonly follow: Follow;
  /** `seq` is the number of the last of these events. */
  tell(events: readonly NewEvent[], seq: number): void;
}

/** Nobody follows yet; while nobody does, a batch costs nothing. */
export function createFollowers(): Followers {
  const hearers = new Set<(events: readonly JournalEvent[]) => void>();
  return {
    follow(hear) {
      hearers.add(hear);
      return () => hearers.delete(hear);
    },
    tell(events, seq) {
      if (hearers.size === 0 || events.length === 0) return;
      const first = seq - events.length + 1;
      const numbered = events.map((event, index) => ({ ...event, seq: first + index }));
      for (const hear of [...hearers]) hear(numbered);
    },
  };
}
