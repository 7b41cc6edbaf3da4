import type { NewEvent } from '../events.ts';
import { shortenEvent } from '../shorten.ts';
import type { Batch } from './messages.ts';

/** A call that came to its end. */
export type FinishedCall = NewEvent & { readonly kind: 'call.finished' };

/**
 * The events of a batch in its text: calls that differ in their times only, as most do, share one of `likes`, so that
 * five hundred calls are a tenth of the text, made and read in a quarter of the time (docs/decisions/0029).
 */
interface PackedEvents {
  readonly likes: readonly NewEvent[];
  /** Of each event, in order: which of `likes` it is; of a call also its `atMs` and its `tookMs`. */
  readonly rows: readonly number[];
}
type PackedBatch = Omit<Batch, 'events'> & { readonly events: PackedEvents };

/** Above this many characters the events of a batch are shortened; usual batches have a hundredth of it. */
const maxBatchLength = 4_000_000;
/** Among so many of the newest `likes` a call looks for its own; as many clients may take turns. */
const likesSearched = 32;

/** Text of a batch for the worker, with shortened events when it would be too long. */
export function writeBatchText(batch: Batch): string {
  const text = JSON.stringify({ ...batch, events: packEvents(batch.events) });
  if (text.length <= maxBatchLength) return text;
  return JSON.stringify({ ...batch, events: packEvents(batch.events.map(shortenEvent)) });
}

/** The batch whose text it is. */
export function readBatchText(text: string): Batch {
  const batch: PackedBatch = JSON.parse(text);
  return { ...batch, events: unpackEvents(batch.events) };
}

function packEvents(events: readonly NewEvent[]): PackedEvents {
  const likes: NewEvent[] = [];
  const rows: number[] = [];
  for (const event of events) {
    if (event.kind !== 'call.finished') {
      rows.push(likes.push(event) - 1);
      continue;
    }
    const found = findLike(likes, event);
    rows.push(found ?? likes.push(event) - 1, event.atMs, event.tookMs);
  }
  return { likes, rows };
}

function unpackEvents({ likes, rows }: PackedEvents): NewEvent[] {
  const events: NewEvent[] = [];
  for (let at = 0; at < rows.length; at += 1) {
    const like = likes[rows[at] ?? 0];
    if (like?.kind !== 'call.finished') {
      if (like !== undefined) events.push(like);
      continue;
    }
    events.push({ ...like, atMs: rows[at + 1] ?? 0, tookMs: rows[at + 2] ?? 0 });
    at += 2;
  }
  return events;
}

function findLike(likes: readonly NewEvent[], call: FinishedCall): number | undefined {
  const oldest = Math.max(0, likes.length - likesSearched);
  for (let at = likes.length - 1; at >= oldest; at -= 1) {
    const like = likes[at];
    if (like?.kind === 'call.finished' && isAlike(like, call)) return at;
  }
  return undefined;
}

/** Only when they were, and how long they took, differs: as when one client calls one tool again and again. */
export function isAlike(one: FinishedCall, other: FinishedCall): boolean {
  return (
    one.session === other.session &&
    one.name === other.name &&
    one.subject === other.subject &&
    one.method === other.method &&
    one.client === other.client &&
    one.outcome === other.outcome &&
    one.why === other.why &&
    one.askedMs === other.askedMs
  );
}
