/** An event of the journal as it comes over the live stream; its further fields depend on its kind. */
export interface LiveEvent {
  readonly seq: number;
  readonly atMs: number;
  readonly kind: string;
  readonly subject: string;
  readonly [field: string]: unknown;
}

/** How the page is connected: `live`, or since when there has been no contact. */
export type Contact =
  | { readonly kind: 'live' }
  | { readonly kind: 'none'; readonly sinceMs: number }
  | { readonly kind: 'connecting' };

/** Is told events in their order, whether some are gone for good, and how many calls ended. */
export type HearEvents = (events: readonly LiveEvent[], gap: boolean, calls: number) => void;

/** The stream of events, and whether it is open. */
export interface Live {
  contact(): Contact;
  onContact(hear: () => void): () => void;
  /**
   * Hears each event but finished calls once, in order, and how many calls finished; `gap` means that some are gone for
   * good and the page should ask anew.
   */
  onEvents(hear: HearEvents): () => void;
  close(): void;
}

/** Contact is called lost when the stream has been closed this long: a restart of the daemon is shorter. */
const lostAfterMs = 1_500;

/**
 * Follows the journal after `afterSeq`. The browser reconnects by itself and says which event it had last, so none is
 * missed. Events are handed on once a frame.
 */
export function followJournal(afterSeq: number): Live {
  const source = new EventSource(`/api/live?calls=count&after=${afterSeq}`);
  const contactHearers = new Set<() => void>();
  const eventHearers = new Set<HearEvents>();
  let contact: Contact = { kind: 'connecting' };
  let waiting: LiveEvent[] = [];
  let hasGap = false;
  let calls = 0;
  let frame = 0;
  let lostTimer: ReturnType<typeof setTimeout> | undefined;

  function become(next: Contact): void {
    contact = next;
    for (const hear of contactHearers) hear();
  }

  function handOn(): void {
    frame = 0;
    const events = waiting;
    const [gap, count] = [hasGap, calls];
    waiting = [];
    hasGap = false;
    calls = 0;
    for (const hear of eventHearers) hear(events, gap, count);
  }

  function soon(): void {
    // A page in the background gets no frames; a timer keeps its figures true all the same.
    if (frame !== 0) return;
    frame = document.hidden ? Number(setTimeout(handOn, 1_000)) : requestAnimationFrame(handOn);
  }

  source.onopen = () => {
    clearTimeout(lostTimer);
    lostTimer = undefined;
    become({ kind: 'live' });
  };
  source.onerror = () => {
    const sinceMs = Date.now();
    lostTimer ??= setTimeout(() => become({ kind: 'none', sinceMs }), lostAfterMs);
  };
  source.onmessage = ({ data }) => {
    waiting.push(JSON.parse(data));
    soon();
  };
  source.addEventListener('calls', ({ data }) => {
    calls += JSON.parse(data).count;
    soon();
  });
  source.addEventListener('gap', () => {
    hasGap = true;
    soon();
  });

  return {
    contact: () => contact,
    onContact(hear) {
      contactHearers.add(hear);
      return () => contactHearers.delete(hear);
    },
    onEvents(hear) {
      eventHearers.add(hear);
      return () => eventHearers.delete(hear);
    },
    close() {
      source.close();
      clearTimeout(lostTimer);
    },
  };
}
