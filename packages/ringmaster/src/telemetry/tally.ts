import type { EventKind, NewEvent } from '../journal/events.ts';

/** Upper ends of the buckets of call durations, in seconds; the last one before infinity is the default deadline. */
export const durationBuckets = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300,
] as const;

/** Most servers that are counted apart; events of later ones are not counted. */
const subjectsMax = 10_000;

/** Events counted by one of their fields, beside finished calls. */
const countedBy = {
  'ask.finished': 'outcome',
  'instance.overLimit': 'resource',
  'schedule.ran': 'outcome',
} as const satisfies Partial<Record<EventKind, string>>;

/** Kinds of events counted as they are. */
const countedKinds = [
  'session.opened',
  'spawn.refused',
  'fleet.applied',
  'fleet.rejected',
  'journal.dropped',
] as const satisfies readonly EventKind[];

/** What was counted of one server (or `daemon`, `fleet`) since the daemon started. */
export interface Counted {
  /** Finished calls by outcome. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** Finished calls by `durationBuckets`, not added up; the last one holds those that took longer. */
  readonly durations: readonly number[];
  readonly durationSumMs: number;
  /** Deaths nobody asked for. */
  readonly deaths: number;
  /** Other events, by `kind` or `kind value`. */
  readonly events: ReadonlyMap<string, number>;
}

/** Counts events since the daemon started, as counters for collectors. */
export interface Tally {
  /** Takes in one event: a few additions, as it stands in the path of each call. */
  take(event: NewEvent): void;
  read(): ReadonlyMap<string, Counted>;
}

interface Counting extends Counted {
  readonly outcomes: Map<string, number>;
  readonly durations: number[];
  durationSumMs: number;
  deaths: number;
  readonly events: Map<string, number>;
}

/** Nothing is counted yet. */
export function createTally(): Tally {
  const subjects = new Map<string, Counting>();

  function of(subject: string): Counting | undefined {
    const known = subjects.get(subject);
    if (known !== undefined || subjects.size >= subjectsMax) return known;
    const durations = new Array<number>(durationBuckets.length + 1).fill(0);
    const fresh = {
      durations,
      durationSumMs: 0,
      deaths: 0,
      outcomes: new Map(),
      events: new Map(),
    };
    subjects.set(subject, fresh);
    return fresh;
  }

  return {
    take(event) {
      if (event.kind === 'call.finished') {
        const counting = of(event.subject);
        if (counting === undefined) return;
        addOne(counting.outcomes, event.outcome);
        const bucket = bucketOf(event.tookMs);
        counting.durations[bucket] = (counting.durations[bucket] ?? 0) + 1;
        counting.durationSumMs += event.tookMs;
      } else takeOther(event, of);
    },
    read: () => subjects,
  };
}

function takeOther(event: NewEvent, of: (subject: string) => Counting | undefined): void {
  if (event.kind === 'instance.died') {
    const counting = event.expected ? undefined : of(event.subject);
    if (counting !== undefined) counting.deaths += 1;
    return;
  }
  const key = keyOf(event);
  const counting = key === undefined ? undefined : of(event.subject);
  if (key === undefined || counting === undefined) return;
  addOne(counting.events, key, event.kind === 'journal.dropped' ? event.count : 1);
}

function keyOf(event: NewEvent): string | undefined {
  if ((countedKinds as readonly string[]).includes(event.kind)) return event.kind;
  const field = countedBy[event.kind as keyof typeof countedBy];
  return field === undefined ? undefined : `${event.kind} ${Reflect.get(event, field)}`;
}

function addOne(counts: Map<string, number>, key: string, more = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + more);
}

function bucketOf(tookMs: number): number {
  const bucket = durationBuckets.findIndex((end) => tookMs <= end * 1_000);
  return bucket < 0 ? durationBuckets.length : bucket;
}
