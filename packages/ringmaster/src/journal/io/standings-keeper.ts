import type { Clock } from '../../clock.ts';
import { type EventKind, eventKinds, type JournalEvent } from '../events.ts';
import type { Journal } from '../journal.ts';
import { createStandings, type Standings } from '../standings.ts';

/** How far back the past is read: the longest month, and time to make its report. */
const keepMs = 35 * 24 * 3_600_000;
/** Most events read of it, newest first: 50 servers that flap all day. */
const eventsMax = 100_000;
const pageEvents = 1_000;
/** Kinds that say how servers stood. */
const kinds = ['instance.', 'daemon.', 'fleet.applied'] as const;
const heardKinds = new Set(
  (Object.keys(eventKinds) as EventKind[]).filter((kind) =>
    kinds.some((name) => kind.startsWith(name)),
  ),
);

/**
 * How servers stood in the last 35 days. The past is read at the first call; from then on events are folded as they
 * are committed.
 */
export function createStandingsKeeper(needs: {
  readonly journal: Pick<Journal, 'list' | 'follow'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}): () => Promise<Standings> {
  const { journal, clock } = needs;
  let known: Promise<Standings> | undefined;

  async function readPast(): Promise<Standings> {
    const standings = createStandings();
    const meanwhile: JournalEvent[] = [];
    let take = (event: JournalEvent): void => void meanwhile.push(event);
    journal.follow((events) => {
      for (const event of events) take(event);
    }, heardKinds);
    const past = (await Promise.all(kinds.map(readKind))).flat();
    const seen = new Set(past.map(({ seq }) => seq));
    const unseen = () => meanwhile.splice(0).filter(({ seq }) => !seen.has(seq));
    const all = [...past, ...unseen()].sort((one, other) => one.seq - other.seq);
    for (let at = 0; at < all.length; at += pageEvents) {
      for (const event of all.slice(at, at + pageEvents)) standings.take(event);
      // A month of a fleet that flaps takes long enough to be felt by the calls that go on meanwhile.
      await new Promise(setImmediate);
    }
    for (const event of unseen()) standings.take(event);
    take = standings.take;
    return standings;
  }

  async function readKind(kind: string): Promise<JournalEvent[]> {
    const found: JournalEvent[] = [];
    const sinceMs = clock.nowMs() - keepMs;
    let beforeSeq: number | undefined;
    while (found.length < eventsMax) {
      const before = beforeSeq === undefined ? {} : { beforeSeq };
      const page = await journal.list({ kind, sinceMs, limit: pageEvents, ...before });
      found.push(...page);
      beforeSeq = page.at(-1)?.seq;
      if (page.length < pageEvents) break;
    }
    return found;
  }

  return () => {
    known ??= readPast().catch((error: unknown) => {
      // The journal may be readable again by the time somebody asks anew.
      known = undefined;
      throw error;
    });
    return known;
  };
}
