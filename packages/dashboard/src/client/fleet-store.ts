import type { OutputOf } from 'ringmaster/operations';
import { rangeWord } from '../parts/range-choice.tsx';
import type { Client } from './client.ts';
import { type Contact, followJournal, type HearEvents, type Live } from './live.ts';
import { reasonOf } from './reason.ts';

/** The whole fleet, as the daemon tells it. */
export type Overview = OutputOf<'fleet.overview'>;
/** One server of it. */
export type ServerRow = Overview['servers'][number];

/** What the page knows of the fleet, and how old that is. */
export interface FleetState {
  readonly overview: Overview | undefined;
  /** Why the newest question was not answered; the last known data stay. */
  readonly failure: string | undefined;
}

/** The fleet as the daemon last told it; asks anew when something happened, and now and then for the figures. */
export interface FleetStore {
  state(): FleetState;
  subscribe(hear: () => void): () => void;
  contact(): Contact;
  /** Hears what the live stream tells, from whenever it begins: it waits for the first answer of the daemon. */
  onEvents(hear: HearEvents): () => void;
  setRange(rangeMs: number): void;
  /** Held still while the reader pauses the view. */
  setPaused(isPaused: boolean): void;
  isPaused(): boolean;
  close(): void;
}

/** Figures change at most this often. */
const figuresEveryMs = 2_000;
/** After an event the new state is asked for at most this often. */
const soonestMs = 250;

/** One answer first, then changes after it. */
export function createFleetStore(client: Client, firstRangeMs: number): FleetStore {
  const hearers = new Set<() => void>();
  const eventHearers = new Set<HearEvents>();
  let rangeMs = firstRangeMs;
  let state: FleetState = { overview: undefined, failure: undefined };
  let live: Live | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let askedAtMs = 0;
  let asking: AbortController | undefined;
  let isPaused = false;
  let isOver = false;

  function set(next: FleetState): void {
    state = next;
    for (const hear of hearers) hear();
  }

  async function ask(): Promise<void> {
    asking?.abort();
    const mine = new AbortController();
    asking = mine;
    askedAtMs = performance.now();
    try {
      // As it stands in the page's address: `public/early.js` has asked the first question already.
      const asked = { rangeMs: rangeWord(rangeMs) };
      const overview = await client.ask('fleet.overview', asked, { signal: mine.signal });
      if (mine.signal.aborted) return;
      live ??= begin(overview.seq);
      set({ overview, failure: undefined });
    } catch (error) {
      if (mine.signal.aborted) return;
      set({ ...state, failure: reasonOf(error) });
    }
    askAgain(document.hidden ? figuresEveryMs * 5 : figuresEveryMs);
  }

  function askAgain(afterMs: number): void {
    clearTimeout(timer);
    if (!isOver && !isPaused) timer = setTimeout(() => void ask(), afterMs);
  }

  function begin(seq: number): Live {
    const opened = followJournal(seq);
    opened.onEvents((events, gap, calls) => {
      if (gap || events.length > 0)
        askAgain(Math.max(0, soonestMs - (performance.now() - askedAtMs)));
      for (const hear of eventHearers) hear(events, gap, calls);
    });
    // What was missed comes as events: the stream goes on where it broke off.
    opened.onContact(() => set({ ...state }));
    return opened;
  }

  void ask();
  return {
    state: () => state,
    subscribe(hear) {
      hearers.add(hear);
      return () => hearers.delete(hear);
    },
    contact: () => live?.contact() ?? { kind: 'connecting' },
    onEvents(hear) {
      eventHearers.add(hear);
      return () => eventHearers.delete(hear);
    },
    setRange(next) {
      if (next === rangeMs) return;
      rangeMs = next;
      void ask();
    },
    setPaused(next) {
      isPaused = next;
      if (isPaused) clearTimeout(timer);
      else askAgain(0);
      set({ ...state });
    },
    isPaused: () => isPaused,
    close() {
      isOver = true;
      clearTimeout(timer);
      asking?.abort();
      live?.close();
    },
  };
}
