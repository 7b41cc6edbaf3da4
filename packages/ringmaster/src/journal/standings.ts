import type { JournalEvent, NewEvent } from './events.ts';

/** How a server stood, for those who look back; `away` is the time in which nobody watched. */
export type Standing =
  | 'stopped'
  | 'starting'
  | 'ready'
  | 'sick'
  | 'stopping'
  | 'waiting'
  | 'failed'
  | 'asleep'
  | 'away';

/** A stretch of time in which a server stood the same. */
export interface Span {
  readonly standing: Standing;
  /** True while at least one instance could serve; a sick one does not count. */
  readonly isUp: boolean;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What became of some time: shares are of the time that is known and in which the server was wanted. */
export interface Availability {
  readonly upMs: number;
  readonly downMs: number;
  /** Stopped as asked, or starting for the first time, which takes what it takes. */
  readonly unwantedMs: number;
  /** Nobody watched. */
  readonly unknownMs: number;
}

/** How each server stood over time: a fold over the journal. */
export interface Standings {
  /** In journal order. */
  take(event: NewEvent | JournalEvent): void;
  /** Oldest first, cut to the range; time before the first event of a server has no span. */
  spans(server: string, fromMs: number, toMs: number): Span[];
  /** Deaths nobody asked for, oldest first. */
  deaths(server: string, fromMs: number, toMs: number): number[];
  availability(server: string, fromMs: number, toMs: number): Availability;
}

/** Most spans kept of one server; a flapping server loses its oldest ones first. */
const spansMax = 5_000;
/** Most deaths kept of one server. */
const deathsMax = 1_000;

type OfInstance = NewEvent & { readonly index: number; readonly generation: number };

interface Row {
  /** By index of the instance. */
  readonly instances: Map<number, Standing>;
  /** The newest process heard of, by index of the instance. */
  readonly generations: Map<number, number>;
  spans: Span[];
  deaths: number[];
  /** When its first start came to something: it was ready, or died. */
  firstEndMs: number;
  current: { readonly standing: Standing; readonly isUp: boolean; readonly fromMs: number };
}

/** What comes first is shown of a pool: a sum must not hide the one, so trouble stands before what goes well. */
export const worstFirst: readonly Standing[] = [
  'failed',
  'sick',
  'waiting',
  'starting',
  'stopping',
  'ready',
  'asleep',
  'stopped',
  'away',
];

/** An empty fold. */
export function createStandings(): Standings {
  const rows = new Map<string, Row>();
  let lastMs = 0;
  let isAway = true;

  function rowOf(server: string, atMs: number): Row {
    const known = rows.get(server);
    if (known !== undefined) return known;
    const current = { standing: 'stopped', isUp: false, fromMs: atMs } as const;
    const [instances, generations] = [new Map(), new Map()];
    const firstEndMs = Number.POSITIVE_INFINITY;
    const row: Row = { instances, generations, spans: [], deaths: [], firstEndMs, current };
    rows.set(server, row);
    return row;
  }

  function become(row: Row, now: { standing: Standing; isUp: boolean }, atMs: number): void {
    const { current } = row;
    if (current.standing === now.standing && current.isUp === now.isUp) return;
    // A clock that was set back makes no span of negative length.
    if (atMs > current.fromMs) {
      row.spans.push({ ...current, toMs: atMs });
      if (row.spans.length > spansMax) row.spans = row.spans.slice(-spansMax / 2);
    }
    row.current = { ...now, fromMs: Math.max(atMs, current.fromMs) };
  }

  function leave(atMs: number): void {
    for (const row of rows.values()) {
      row.instances.clear();
      row.generations.clear();
      become(row, { standing: 'away', isUp: false }, atMs);
    }
    isAway = true;
  }

  function setInstance(event: OfInstance, standing: Standing): void {
    const row = rowOf(event.subject, event.atMs);
    row.generations.set(event.index, event.generation);
    row.instances.delete(event.index);
    if (standing !== 'starting') row.firstEndMs = Math.min(row.firstEndMs, event.atMs);
    // Of a pool that shrank only what is left counts.
    if (standing !== 'stopped' || row.instances.size === 0) {
      row.instances.set(event.index, standing);
    }
    become(row, together(row.instances), event.atMs);
  }

  function take(event: NewEvent): void {
    switch (event.kind) {
      case 'daemon.started':
        // Without a farewell the last thing heard is when the watching ended, as far as anybody knows.
        if (!isAway) leave(lastMs);
        isAway = false;
        break;
      case 'daemon.stopped':
        leave(event.atMs);
        break;
      case 'instance.died':
        takeDeath(event);
        break;
      case 'fleet.applied':
        for (const { action, server } of event.actions)
          if (action === 'remove') rows.delete(server);
        break;
      default: {
        const standing = standingAfter[event.kind];
        if (standing !== undefined && 'index' in event) {
          setInstance(event as OfInstance, standing);
        }
      }
    }
    lastMs = Math.max(lastMs, event.atMs);
  }

  function takeDeath(event: NewEvent & { readonly kind: 'instance.died' }): void {
    if (event.expected) return;
    const row = rowOf(event.subject, event.atMs);
    row.deaths.push(event.atMs);
    if (row.deaths.length > deathsMax) row.deaths = row.deaths.slice(-deathsMax / 2);
    // A death is told when its last lines have been read: its successor may be heard of before.
    if (event.generation >= (row.generations.get(event.index) ?? 0)) setInstance(event, 'waiting');
  }

  function spans(server: string, fromMs: number, toMs: number): Span[] {
    const row = rows.get(server);
    if (row === undefined) return [];
    const current = { ...row.current, toMs: Math.max(toMs, row.current.fromMs) };
    const first = row.spans.findLastIndex((span) => span.toMs <= fromMs) + 1;
    return [...row.spans.slice(first), current]
      .filter((span) => span.toMs > fromMs && span.fromMs < toMs)
      .map((span) => cut(span, fromMs, toMs));
  }

  return {
    take,
    spans,
    deaths: (server, fromMs, toMs) =>
      (rows.get(server)?.deaths ?? []).filter((atMs) => atMs >= fromMs && atMs < toMs),
    availability(server, fromMs, toMs) {
      const sums = { upMs: 0, downMs: 0, unwantedMs: 0, unknownMs: 0 };
      const firstEndMs = rows.get(server)?.firstEndMs ?? 0;
      for (const span of spans(server, fromMs, toMs)) {
        const isFirstStart = span.standing === 'starting' && span.toMs <= firstEndMs;
        sums[isFirstStart ? 'unwantedMs' : partOf(span)] += span.toMs - span.fromMs;
      }
      return sums;
    },
  };
}

function cut(span: Span, fromMs: number, toMs: number): Span {
  if (span.fromMs >= fromMs && span.toMs <= toMs) return span;
  return { ...span, fromMs: Math.max(span.fromMs, fromMs), toMs: Math.min(span.toMs, toMs) };
}

/** What an event says of the instance it is about; a death is a case of its own. */
const standingAfter: Readonly<Partial<Record<NewEvent['kind'], Standing>>> = {
  'instance.starting': 'starting',
  'instance.ready': 'ready',
  'instance.adopted': 'ready',
  'instance.sick': 'sick',
  'instance.stopping': 'stopping',
  'instance.failed': 'failed',
  'instance.stopped': 'stopped',
  'instance.asleep': 'asleep',
};

/** One that is leaving still answers what it was asked; one that sleeps wakes for the next call. */
const serving: ReadonlySet<Standing> = new Set(['ready', 'stopping', 'asleep']);

function together(instances: ReadonlyMap<number, Standing>): { standing: Standing; isUp: boolean } {
  const all = [...instances.values()];
  const standing = worstFirst.find((one) => all.includes(one)) ?? 'stopped';
  return { standing, isUp: all.some((one) => serving.has(one)) };
}

function partOf({ standing, isUp }: Span): keyof Availability {
  if (isUp) return 'upMs';
  if (standing === 'away') return 'unknownMs';
  return standing === 'stopped' || standing === 'stopping' ? 'unwantedMs' : 'downMs';
}
