import type { JournalEvent, NewEvent } from './events.ts';

type Hear = (events: readonly JournalEvent[]) => void;

/**
 * Hears of committed events until the function it returns is called; of `kinds` only, where they are given. Whoever
 * does not want calls should say so: there are many, and each would be copied for nothing.
 */
export type Follow = (hear: Hear, kinds?: ReadonlySet<NewEvent['kind']>) => () => void;

/** Whoever wants to hear of events as they are committed. */
export interface Followers {
  readonly follow: Follow;
  /** `seq` is the number of the last of these events. */
  tell(events: readonly NewEvent[], seq: number): void;
}

/** Nobody follows yet; while nobody does, a batch costs nothing. */
export function createFollowers(): Followers {
  const hearers = new Map<Hear, ReadonlySet<NewEvent['kind']> | undefined>();
  return {
    follow(hear, kinds) {
      hearers.set(hear, kinds);
      return () => hearers.delete(hear);
    },
    tell(events, seq) {
      if (hearers.size === 0 || events.length === 0) return;
      const first = seq - events.length + 1;
      for (const [hear, kinds] of [...hearers]) {
        const heard: JournalEvent[] = [];
        // One of hundreds of calls is looked at and left: whatever is made for it here is made for nothing.
        events.forEach((event, index) => {
          if (kinds === undefined || kinds.has(event.kind))
            heard.push({ ...event, seq: first + index });
        });
        if (heard.length > 0) hear(heard);
      }
    },
  };
}
