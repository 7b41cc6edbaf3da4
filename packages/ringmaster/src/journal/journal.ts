import type { CallFigures, CallRollup } from './call-rollups.ts';
import type { Append, JournalEvent } from './events.ts';
import type { Follow } from './followers.ts';
import type { RecordSamples } from './metrics.ts';
import type { Rollups } from './rollups.ts';

/** Which events to list; what is left out does not narrow. */
export interface EventQuery {
  readonly subject?: string;
  /** A kind, or a prefix that ends in a dot. */
  readonly kind?: string;
  /** One of these kinds; `kind` does not count then. */
  readonly kinds?: readonly string[];
  readonly beforeSeq?: number;
  /** Oldest first, from the event after this one on; `subject`, `kind`, `kinds`, `sinceMs` and `beforeSeq` do not count then. */
  readonly afterSeq?: number;
  readonly sinceMs?: number;
  /** At most 1 000. */
  readonly limit: number;
}

/** Counters of one server since the data directory was made: a fold over the journal, kept in the same transactions. */
export interface ServerTotals {
  readonly calls: number;
  /** Calls that did not end `ok`. */
  readonly failedCalls: number;
  /** Starts after the first (of each instance, in a pool). */
  readonly restarts: number;
  /** Deaths nobody asked for. */
  readonly deaths: number;
}

/** Which roll-ups to read. */
export interface MetricsQuery {
  /** A server, or `machineSubject`; left out: every server, without the machine. */
  readonly subject?: string;
  /** Only this figure; left out: all. */
  readonly metric?: string;
  /** One of `rollupSteps`. */
  readonly stepMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** With `metric` and without `subject`: only so many `of` these, those in which it reached the highest. */
  readonly largest?: { readonly count: number; readonly of: readonly string[] };
}

/** Samples of one subject in one stretch; a stretch without samples has none of these. */
export interface StoredRollups {
  readonly subject: string;
  /** Start of the stretch. */
  readonly atMs: number;
  readonly rollups: Rollups;
}

/** Finished calls of one server in one stretch; a stretch without calls has none of these. */
export interface StoredCalls {
  readonly server: string;
  /** Start of the stretch. */
  readonly atMs: number;
  readonly rollup: CallRollup;
}

/** Finished calls of several servers in one stretch; latencies are those of the slowest. */
export type CallsTogether = CallFigures & {
  /** Start of the stretch. */
  readonly atMs: number;
};

/** History of the figures, by subject and time; at most 50 000 stretches of each kind. */
export interface MetricsHistory {
  readonly samples: readonly StoredRollups[];
  readonly calls: readonly StoredCalls[];
}

/** What happened, in order, on disk within 250 ms; and the few facts that must outlive the daemon. */
export interface Journal {
  readonly append: Append;
  /** Newest first; sees everything appended before the call. */
  list(query: EventQuery): Promise<JournalEvent[]>;
  /** Of the newest committed event. */
  newestSeq(): number;
  /** Tells every event once, in order, as soon as it is committed. */
  readonly follow: Follow;
  /** As of now, including what is not flushed yet; synchronous because status asks often. */
  totals(server: string): ServerTotals;
  /** Remembered facts: small JSON values by (kind, key), e.g. probed eras, exposed names, wanted states. Synchronous, from memory. */
  recall(kind: string, key: string): unknown;
  /** All facts of a kind, by key. */
  recallAll(kind: string): ReadonlyMap<string, unknown>;
  /** Remembers; `undefined` forgets. Written like an event. */
  remember(kind: string, key: string, value: unknown): void;
  readonly record: RecordSamples;
  /** Sees everything recorded and appended before the call. */
  readMetrics(query: MetricsQuery): Promise<MetricsHistory>;
  /** Calls of these servers together, oldest first; the same limits, but one row a stretch is made of them all. */
  readCallsTogether(query: MetricsQuery, of: readonly string[]): Promise<readonly CallsTogether[]>;
  /** Resolves when everything appended, remembered and recorded so far is committed. */
  flush(): Promise<void>;
  /** The same but for samples, and at most this long; true when everything was committed in time. */
  flushWithin(timeoutMs: number): Promise<boolean>;
  close(): Promise<void>;
}
