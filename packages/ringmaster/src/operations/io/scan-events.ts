import type { JournalEvent } from '../../journal/events.ts';
import type { EventQuery, Journal } from '../../journal/journal.ts';

/** Events read at once, the most the journal gives. */
const pageEvents = 1_000;

type Lists = Pick<Journal, 'list'>;
type Query = Pick<EventQuery, 'kind' | 'kinds' | 'subject' | 'sinceMs'>;

/** What is looked for, and where to stop. */
export interface Scan<Row> {
  readonly query: Query;
  /** Only older ones: `next` of the answer before. */
  readonly beforeSeq: number | undefined;
  readonly limit: number;
  readonly lookedAtMax: number;
  /** Read at once; where nothing is left out, `limit` is enough. */
  readonly atOnce?: number;
  /** Undefined: the event is not wanted. */
  readonly rowOf: (event: JournalEvent) => Row | undefined;
}

/** Rows of the newest events that are wanted; `next` is where to go on, missing where nothing older is left. */
export async function scanEvents<Row>(
  journal: Lists,
  { query, beforeSeq, limit, lookedAtMax, atOnce = pageEvents, rowOf }: Scan<Row>,
): Promise<{ readonly rows: Row[]; readonly next?: number; readonly lookedAt: number }> {
  const rows: Row[] = [];
  let next = beforeSeq;
  let lookedAt = 0;
  while (lookedAt < lookedAtMax) {
    const page = await journal.list({ ...query, ...before(next), limit: atOnce });
    for (const event of page) {
      lookedAt += 1;
      next = event.seq;
      const row = rowOf(event);
      if (row === undefined) continue;
      rows.push(row);
      if (rows.length === limit) return { rows, next, lookedAt };
    }
    if (page.length < atOnce) return { rows, lookedAt };
  }
  return { rows, lookedAt, ...(next === undefined ? {} : { next }) };
}

/** Every event of a kind since then, newest first; of more than `pagesMax` thousand the oldest are left out. */
export async function eventsSince(
  journal: Lists,
  query: Query,
  pagesMax: number,
): Promise<{ readonly events: readonly JournalEvent[]; readonly isWhole: boolean }> {
  const { rows, next } = await scanEvents(journal, {
    ...{ query, beforeSeq: undefined, rowOf: (event) => event },
    ...{ limit: Number.POSITIVE_INFINITY, lookedAtMax: pagesMax * pageEvents },
  });
  return { events: rows, isWhole: next === undefined };
}

/** The first number of an event later than `atMs`, by halves: where the clock was set back, one of them. */
export async function seqAfter(journal: Lists, atMs: number): Promise<number> {
  const [newest] = await journal.list({ limit: 1 });
  let [low, high] = [0, (newest?.seq ?? 0) + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [event] = await journal.list({ beforeSeq: middle + 1, limit: 1 });
    if (event !== undefined && event.atMs > atMs) high = Math.min(middle, event.seq);
    else low = middle + 1;
  }
  return low;
}

function before(beforeSeq: number | undefined): Pick<EventQuery, 'beforeSeq'> {
  return beforeSeq === undefined ? {} : { beforeSeq };
}
