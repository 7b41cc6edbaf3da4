import { randomBytes } from 'node:crypto';
import type { Cancel, Clock } from '../../../clock.ts';
import type { Append } from '../../../journal/events.ts';
import type { Owner } from '../../owner.ts';
import type { View } from '../../view.ts';
import type { Changed } from '../shelf.ts';
import type { Stream } from '../streams.ts';

/** Who is asking, for clients of the eras with a handshake. */
export interface Session {
  readonly id: string;
  /** What records call it: the id itself would let a reader of the records take it over. */
  readonly label: string;
  readonly view: View;
  /** Replaced, never changed: calls keep the one they began with. */
  owner: Owner;
  /** Name and version as the client gave them. */
  readonly client: string | undefined;
  /** Of the clock's ticks. */
  lastUsedTickMs: number;
  /** Requests it has not been answered yet. */
  openCount: number;
  /** Where messages go that belong to no request. */
  stream: Stream | undefined;
  /** Changes it could not be told of yet, because it has no stream. */
  readonly missed: Set<Changed>;
}

/** The sessions there are; each is opened once and ended once, both noted in the journal. */
export interface Sessions {
  open(
    of: Pick<Session, 'view' | 'client'> & Pick<Owner, 'protocolVersion' | 'capabilities'>,
  ): Session;
  /** Also notes that it is in use. */
  use(id: string): Session | undefined;
  end(session: Session, why: string): void;
  all(): Iterable<Session>;
  count(): number;
  setLimits(limits: { readonly max: number; readonly idleMs: number }): void;
  close(): void;
}

const sweepMs = 60_000;

/** Sessions by id, at most `max` of them; unused ones are forgotten, the longest unused first. */
export function createSessions(needs: {
  readonly clock: Clock;
  readonly append: Append;
  readonly limits: { readonly max: number; readonly idleMs: number };
}): Sessions {
  const { clock, append } = needs;
  let limits = needs.limits;
  const table = new Map<string, Session>();
  let cancelSweep: Cancel | undefined;

  function isBusy(session: Session): boolean {
    return session.stream?.isOpen() === true || session.openCount > 0;
  }

  function sweep(): void {
    const nowMs = clock.tickMs();
    for (const session of table.values()) {
      if (isBusy(session)) session.lastUsedTickMs = nowMs;
      else if (nowMs - session.lastUsedTickMs >= limits.idleMs) end(session, 'unused for too long');
    }
    cancelSweep = table.size === 0 ? undefined : clock.after(sweepMs, sweep);
  }

  function makeRoom(): void {
    while (table.size >= limits.max) {
      let oldest: Session | undefined;
      for (const session of table.values()) {
        if (oldest === undefined || session.lastUsedTickMs < oldest.lastUsedTickMs)
          oldest = session;
      }
      if (oldest === undefined) return;
      end(oldest, 'too many sessions');
    }
  }

  function end(session: Session, why: string): void {
    if (!table.delete(session.id)) return;
    session.stream?.end();
    append({
      atMs: clock.nowMs(),
      kind: 'session.closed',
      subject: 'fleet',
      session: session.label,
      why,
    });
  }

  return {
    open({ protocolVersion, capabilities, ...of }) {
      makeRoom();
      // 192 bits: an id must not be guessed, not even by one who knows the label (2025-11-25).
      const id = randomBytes(24).toString('base64url');
      const label = id.slice(0, 8);
      const session: Session = {
        ...of,
        id,
        label,
        owner: {
          ...{ key: `session ${label}`, session: label, principal: 'local', era: 'legacy' },
          ...{ protocolVersion, capabilities },
        },
        lastUsedTickMs: clock.tickMs(),
        openCount: 0,
        stream: undefined,
        missed: new Set(),
      };
      table.set(session.id, session);
      cancelSweep ??= clock.after(sweepMs, sweep);
      append({
        atMs: clock.nowMs(),
        kind: 'session.opened',
        subject: 'fleet',
        session: session.label,
        protocolVersion,
        ...(of.client === undefined ? {} : { client: of.client }),
      });
      return session;
    },
    use(id) {
      const session = table.get(id);
      if (session !== undefined) session.lastUsedTickMs = clock.tickMs();
      return session;
    },
    end,
    all: () => table.values(),
    count: () => table.size,
    setLimits(newLimits) {
      limits = newLimits;
    },
    close() {
      cancelSweep?.();
      for (const session of [...table.values()]) end(session, 'the daemon stops');
    },
  };
}
