import type { JournalEvent, NewEvent } from '../events.ts';
import type { CallsTogether, EventQuery, MetricsHistory, MetricsQuery } from '../journal.ts';
import type { Counts } from '../totals.ts';
import type { RollupStretch } from '../waiting-rollups.ts';

/** What is committed in one transaction. It crosses to the worker as one text (`batch-text.ts`), not as thousands of objects. */
export interface Batch {
  readonly events: readonly NewEvent[];
  /** Kind, key and JSON text of each changed fact; null forgets it. */
  readonly facts: readonly (readonly [kind: string, key: string, value: string | null])[];
  /** Counts of events that were dropped, by server: totals stay true when the journal cannot. */
  readonly uncounted: readonly (readonly [server: string, counts: Counts])[];
  readonly samples: readonly RollupStretch[];
}

/** What is kept: events younger than `beforeMs` (since 1970), and of these the newest `maxEvents`; roll-ups by their step. */
export interface Retention {
  readonly beforeMs: number;
  readonly maxEvents: number;
  readonly nowMs: number;
  /** Most roll-ups of each step. */
  readonly maxStretches: number;
}

/** To the worker. Batch numbers rise by one, so that none is written twice. */
export type Order =
  | { readonly kind: 'write'; readonly number: number; readonly batch: string }
  | { readonly kind: 'list'; readonly id: number; readonly query: EventQuery }
  | { readonly kind: 'readMetrics'; readonly id: number; readonly query: MetricsQuery }
  | {
      readonly kind: 'readTogether';
      readonly id: number;
      readonly query: MetricsQuery;
      readonly of: readonly string[];
    }
  | ({ readonly kind: 'retain' } & Retention)
  | { readonly kind: 'close' };

/** What the worker found in the file. */
export interface Opened {
  readonly batchNumber: number;
  /** Of the newest event. */
  readonly seq: number;
  readonly counts: readonly (readonly [server: string, counts: Counts])[];
  readonly facts: readonly (readonly [kind: string, key: string, value: string])[];
}

/** From the worker. The first one is `opened` or `refused`. */
export type Report =
  | ({ readonly kind: 'opened' } & Opened)
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'committed'; readonly number: number; readonly seq: number }
  | { readonly kind: 'stalled'; readonly reason: string }
  | { readonly kind: 'listed'; readonly id: number; readonly events: readonly JournalEvent[] }
  | { readonly kind: 'metricsRead'; readonly id: number; readonly history: MetricsHistory }
  | { readonly kind: 'togetherRead'; readonly id: number; readonly calls: readonly CallsTogether[] }
  | { readonly kind: 'readFailed'; readonly id: number; readonly reason: string };
