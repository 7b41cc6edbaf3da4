import type { NewEvent } from './events.ts';
import type { ServerTotals } from './journal.ts';

/** What is counted of one server: sums, so that any two counts can be merged. */
export type Counts = ServerTotals;

/** The counts of a server of which nothing is known. */
export const noCounts: Counts = { calls: 0, failedCalls: 0, restarts: 0, deaths: 0 };

/** The counts of a server after one more of its events; the very same object when the event counts for nothing. */
export function countEvent(counts: Counts, event: NewEvent): Counts {
  switch (event.kind) {
    case 'call.finished':
      // Written out, as it happens for every call.
      return {
        calls: counts.calls + 1,
        failedCalls: counts.failedCalls + (event.outcome === 'ok' ? 0 : 1),
        restarts: counts.restarts,
        deaths: counts.deaths,
      };
    case 'instance.starting':
      return event.isRestart ? { ...counts, restarts: counts.restarts + 1 } : counts;
    case 'instance.died':
      return event.expected ? counts : { ...counts, deaths: counts.deaths + 1 };
    default:
      return counts;
  }
}

/** Counts of two stretches of the journal as those of both together; the order does not matter. */
export function mergeCounts(one: Counts, other: Counts): Counts {
  return {
    calls: one.calls + other.calls,
    failedCalls: one.failedCalls + other.failedCalls,
    restarts: one.restarts + other.restarts,
    deaths: one.deaths + other.deaths,
  };
}

/** Counts by server of some events in a row; servers of which nothing counts are left out. */
export function countEvents(events: Iterable<NewEvent>): Map<string, Counts> {
  const byServer = new Map<string, Counts>();
  for (const event of events) {
    const before = byServer.get(event.subject) ?? noCounts;
    const after = countEvent(before, event);
    if (after !== before) byServer.set(event.subject, after);
  }
  return byServer;
}
