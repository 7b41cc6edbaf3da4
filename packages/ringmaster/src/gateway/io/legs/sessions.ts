import { createHash, randomBytes } from 'node:crypto';
import type { Cancel, Clock } from '../../../clock.ts';
import type { Append } from '../../../journal/events.ts';
import type { EventStore } from '../../event-store.ts';
import type { Owner } from '../../owner.ts';
import { readSession, type StoredSession } from '../../stored-session.ts';
import type { Streams } from '../streams.ts';
import { createLongestUnused } from './longest-unused.ts';
import { makeSession, type Session } from './session.ts';
import type { SessionStreams } from './session-streams.ts';
import type { StreamKeeper } from './tracks.ts';

/** How many sessions there may be, and for how long. */
export interface SessionLimits {
  readonly max: number;
  readonly idleMs: number;
}

/** The sessions there are; each is opened once and ended once, both noted in the journal. */
export interface Sessions {
  /** The id is for the client alone. A session that brings streams of its own ends with them, and is not kept. */
  open(
    of: Pick<Session, 'view' | 'client'> &
      Pick<Owner, 'protocolVersion' | 'capabilities'> & { readonly streams?: SessionStreams },
  ): { readonly id: string; readonly session: Session };
  /** Also notes that it is in use; one of an earlier life of the daemon goes on. */
  use(id: string): Session | undefined;
  /** One of an earlier life by its key, before its client has come back. */
  restore(key: string): Session | undefined;
  /** Writes down what has changed, so that it outlives the daemon. */
  save(session: Session): void;
  end(session: Session, why: string): void;
  /** Those seen in this life of the daemon. */
  all(): Iterable<Session>;
  /** By what records call it; one of an earlier life goes on. */
  labelled(label: string): Session | undefined;
  /** All, also those whose clients have not come back yet. */
  count(): number;
  setLimits(limits: SessionLimits): void;
  /** Ends streams; the sessions themselves go on in the next life of the daemon. */
  close(): void;
}

/** What sessions need. */
export interface SessionNeeds {
  readonly clock: Clock;
  readonly append: Append;
  readonly limits: SessionLimits;
  readonly streams: Streams;
  readonly store: EventStore;
  /** Sessions of earlier lives, by key. */
  readonly stored: ReadonlyMap<string, unknown>;
  /** Writes one down; `undefined` forgets it. */
  readonly keep: (key: string, session: StoredSession | undefined) => void;
  readonly keeperOf: (key: string) => StreamKeeper;
  /** One of an earlier life goes on. */
  readonly onRestored: (session: Session) => void;
  readonly onEnded: (session: Session) => void;
}

const sweepMs = 60_000;
/** When a session was last used is written down this often at most. */
const savedUseMs = 10 * 60_000;

/** Sessions by id, at most `max` of them; unused ones are forgotten, the longest unused first. */
export function createSessions(needs: SessionNeeds): Sessions {
  const { clock, append, keep } = needs;
  let limits = needs.limits;
  /** By id, once the client has shown it. */
  const table = new Map<string, Session>();
  /** The same by label: messages that belong to a session are found by it. */
  const byLabel = new Map<string, Session>();
  /** By key, as long as the client has not shown its id. */
  const awaited = new Map<string, Session | StoredSession>();
  const idOf = new WeakMap<Session, string>();
  const savedUseOf = new WeakMap<Session, number>();
  /** Sessions that end with their stream. */
  const bound = new WeakSet<Session>();
  const longestUnused = createLongestUnused(
    table,
    (session) => table.get(idOf.get(session) ?? '') === session,
  );
  /** What is written down counts in the time of day. */
  const tickLagMs = clock.tickMs() - clock.nowMs();
  let cancelSweep: Cancel | undefined;

  for (const [key, value] of needs.stored) {
    const session = readSession(value);
    if (session === undefined) keep(key, undefined);
    else awaited.set(key, session);
  }
  if (awaited.size > 0) cancelSweep = clock.after(sweepMs, sweep);

  function isBusy(session: Session): boolean {
    return session.openCount > 0 || session.streams.isOpen();
  }

  function sweep(): void {
    const tickMs = clock.tickMs();
    for (const session of table.values()) sweepOne(session, tickMs);
    for (const [key, one] of awaited) {
      if (isLive(one)) sweepOne(one, tickMs);
      else if (tickMs - one.usedAtMs - tickLagMs >= limits.idleMs) {
        forget(key, one.label, unusedWhy);
      }
    }
    cancelSweep = count() === 0 ? undefined : clock.after(sweepMs, sweep);
  }

  function sweepOne(session: Session, tickMs: number): void {
    session.streams.expire(tickMs);
    if (isBusy(session)) session.lastUsedTickMs = tickMs;
    else if (tickMs - session.lastUsedTickMs >= limits.idleMs) {
      end(session, unusedWhy);
      return;
    }
    if (session.lastUsedTickMs - (savedUseOf.get(session) ?? 0) >= savedUseMs) save(session);
  }

  function makeRoom(): void {
    while (count() >= limits.max) {
      const [first] = awaited;
      if (first !== undefined) {
        const [key, one] = first;
        if (isLive(one)) end(one, crowdedWhy);
        else forget(key, one.label, crowdedWhy);
        continue;
      }
      const longest = longestUnused();
      if (longest === undefined) return;
      end(longest, crowdedWhy);
    }
  }

  function count(): number {
    return table.size + awaited.size;
  }

  function end(session: Session, why: string): void {
    const id = idOf.get(session);
    if (id !== undefined) table.delete(id);
    if (byLabel.get(session.label) === session) byLabel.delete(session.label);
    session.streams.end();
    needs.onEnded(session);
    forget(session.key, session.label, why);
  }

  function forget(key: string, label: string, why: string): void {
    awaited.delete(key);
    keep(key, undefined);
    append({ ...news(label), kind: 'session.closed', why });
  }

  function news(session: string) {
    return { atMs: clock.nowMs(), subject: 'fleet', session } as const;
  }

  function save(session: Session): void {
    if (bound.has(session)) return;
    const { key, label, view, client, owner, openedAtMs, lastUsedTickMs } = session;
    savedUseOf.set(session, lastUsedTickMs);
    keep(key, {
      ...{ label, view, openedAtMs, usedAtMs: Math.round(lastUsedTickMs - tickLagMs) },
      protocolVersion: owner.protocolVersion,
      capabilities: owner.capabilities,
      subscriptions: [...session.subscriptions],
      tasks: [...session.tasks],
      ...(owner.logLevel === undefined ? {} : { logLevel: owner.logLevel }),
      ...(client === undefined ? {} : { client }),
    });
  }

  function restore(key: string): Session | undefined {
    const found = awaited.get(key);
    if (found === undefined || isLive(found)) return found;
    const session = makeSession({ ...needs, tickLagMs }, key, found, clock.nowMs().toString(36));
    awaited.set(key, session);
    append({ ...news(session.label), kind: 'session.restored' });
    needs.onRestored(session);
    return session;
  }

  function admit(id: string, session: Session): void {
    table.set(id, session);
    byLabel.set(session.label, session);
    idOf.set(session, id);
  }

  function welcomeBack(id: string): Session | undefined {
    if (awaited.size === 0) return undefined;
    const key = keyOf(id);
    const session = restore(key);
    if (session === undefined) return undefined;
    awaited.delete(key);
    admit(id, session);
    return session;
  }

  return {
    open({ view, client, protocolVersion, capabilities, streams }) {
      makeRoom();
      // 192 bits: an id must not be guessed, not even by one who knows the label (2025-11-25).
      const id = randomBytes(24).toString('base64url');
      const label = id.slice(0, 8);
      const nowMs = clock.nowMs();
      const session = makeSession(
        { ...needs, tickLagMs },
        keyOf(id),
        {
          ...{ label, view, openedAtMs: nowMs, usedAtMs: nowMs },
          ...{ protocolVersion, capabilities, subscriptions: [], tasks: [] },
          ...(client === undefined ? {} : { client }),
        },
        '',
        streams,
      );
      if (streams !== undefined) bound.add(session);
      admit(id, session);
      save(session);
      cancelSweep ??= clock.after(sweepMs, sweep);
      const told = client === undefined ? {} : { client };
      append({ ...news(label), kind: 'session.opened', protocolVersion, ...told });
      return { id, session };
    },
    use(id) {
      const session = table.get(id) ?? welcomeBack(id);
      if (session !== undefined) session.lastUsedTickMs = clock.tickMs();
      return session;
    },
    restore,
    labelled(label) {
      const known = byLabel.get(label);
      if (known !== undefined) return known;
      for (const [key, one] of awaited) if (one.label === label) return restore(key);
      return undefined;
    },
    save,
    end,
    *all() {
      yield* table.values();
      for (const one of awaited.values()) if (isLive(one)) yield one;
    },
    count,
    setLimits(newLimits) {
      limits = newLimits;
    },
    close() {
      cancelSweep?.();
      for (const session of table.values()) save(session);
    },
  };
}

const unusedWhy = 'unused for too long';
const crowdedWhy = 'too many sessions';

function isLive(one: Session | StoredSession): one is Session {
  return 'streams' in one;
}

/** What a session is written down under: nobody finds the id from it. */
function keyOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}
