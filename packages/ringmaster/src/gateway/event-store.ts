/** How much of what streams said is kept, so that a client that lost one can take it up again. */
export interface EventLimits {
  /** Characters of all events of one session. */
  readonly perSession: number;
  /** Characters of all events of all sessions. */
  readonly total: number;
  /** How long a stream nothing was sent on is remembered. */
  readonly keepMs: number;
}

/** Streams of one session that are remembered at once, whatever their size; the oldest go first. */
export const tapesPerSessionMax = 256;

/** One message of a stream; its number counts from 1 within the stream. */
export interface StoredEvent {
  readonly seq: number;
  readonly text: string;
}

/** What one stream has said, as far as it is kept. */
export interface Tape {
  /** Unique within its session; the first part of the id of each of its events. */
  readonly name: string;
  /** Number of its newest event, kept or not. */
  lastSeq: number;
  /** Number of the newest event that had to be forgotten; 0 when none had to. */
  forgottenSeq: number;
  events: StoredEvent[];
  /** When something was last sent on it, or it lost its connection; of the clock's ticks. */
  usedTickMs: number;
}

/** The tapes of one session, oldest first. */
export interface TapeBox {
  readonly tapes: Map<string, Tape>;
  length: number;
}

/** Keeps events within the limits; the ones said longest ago are forgotten first. */
export interface EventStore {
  /** A place for the tapes of one session. */
  box(): TapeBox;
  /** Begins a tape, or one whose beginning an earlier life of the daemon had. */
  begin(box: TapeBox, name: string, tickMs: number, lastSeq?: number): Tape;
  /** Adds a message and returns its number. */
  record(box: TapeBox, tape: Tape, text: string, tickMs: number): number;
  /** Drops one tape. */
  drop(box: TapeBox, tape: Tape): void;
  /** Drops all tapes of a session. */
  empty(box: TapeBox): void;
  /** Drops the tapes nothing was sent on for too long; `isLive` spares those still in use. */
  expire(box: TapeBox, tickMs: number, isLive: (tape: Tape) => boolean): void;
  setLimits(limits: EventLimits): void;
  /** Characters kept at the moment. */
  length(): number;
}

/** A store with nothing in it. */
export function createEventStore(given: EventLimits): EventStore {
  let limits = given;
  let total = 0;
  /** Boxes with something in them; the one added to longest ago is the first to lose an event. */
  const filled = new Set<TapeBox>();

  function forgetOldest(box: TapeBox): boolean {
    for (const tape of box.tapes.values()) {
      const oldest = tape.events.shift();
      if (oldest === undefined) continue;
      tape.forgottenSeq = oldest.seq;
      shrink(box, oldest.text.length);
      return true;
    }
    return false;
  }

  function shrink(box: TapeBox, by: number): void {
    box.length -= by;
    total -= by;
    if (box.length === 0) filled.delete(box);
  }

  function drop(box: TapeBox, tape: Tape): void {
    if (!box.tapes.delete(tape.name)) return;
    for (const { text } of tape.events) shrink(box, text.length);
    tape.events = [];
    tape.forgottenSeq = tape.lastSeq;
  }

  function makeRoom(box: TapeBox): void {
    while (box.length > limits.perSession && forgetOldest(box));
    while (total > limits.total) {
      const [oldest] = filled;
      if (oldest === undefined || !forgetOldest(oldest)) return;
    }
  }

  return {
    box: () => ({ tapes: new Map(), length: 0 }),
    begin(box, name, tickMs, lastSeq = 0) {
      while (box.tapes.size >= tapesPerSessionMax) {
        const [oldest] = box.tapes.values();
        if (oldest !== undefined) drop(box, oldest);
      }
      const tape: Tape = { name, lastSeq, forgottenSeq: lastSeq, events: [], usedTickMs: tickMs };
      box.tapes.set(name, tape);
      return tape;
    },
    record(box, tape, text, tickMs) {
      tape.lastSeq += 1;
      tape.usedTickMs = tickMs;
      if (box.tapes.get(tape.name) !== tape) return tape.lastSeq;
      tape.events.push({ seq: tape.lastSeq, text });
      box.length += text.length;
      total += text.length;
      filled.delete(box);
      filled.add(box);
      makeRoom(box);
      return tape.lastSeq;
    },
    drop,
    empty(box) {
      for (const tape of [...box.tapes.values()]) drop(box, tape);
    },
    expire(box, tickMs, isLive) {
      for (const tape of [...box.tapes.values()]) {
        if (tickMs - tape.usedTickMs >= limits.keepMs && !isLive(tape)) drop(box, tape);
      }
    },
    setLimits(next) {
      limits = next;
    },
    length: () => total,
  };
}

/** The id of an event: the stream it was said on, and its number there. */
export function eventId(tape: string, seq: number): string {
  return `${tape}.${seq}`;
}

/** The stream and the number an event id stands for; undefined when it is none of ours. */
export function readEventId(
  id: string,
): { readonly tape: string; readonly seq: number } | undefined {
  const match = /^([gp][0-9a-z]{1,20})\.(\d{1,15})$/.exec(id);
  return match === null ? undefined : { tape: match[1] ?? '', seq: Number(match[2]) };
}
