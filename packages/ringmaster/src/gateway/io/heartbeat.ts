import type { Clock } from '../../clock.ts';
import type { Session } from './legs/session.ts';
import { ownStream, type SessionAsks } from './legs/session-asks.ts';

/**
 * Asks the client of a session whether it is there, by a `ping` on its own stream; without one nobody is known to be
 * there. An open connection proves nothing: a machine that was switched off, and a client that hangs, keep theirs.
 */
export type Heartbeat = (session: string, then: (isThere: boolean) => void) => void;

/** Any answer is a sign of life, also an error; none within `patienceMs` is none. */
export function createHeartbeat(needs: {
  readonly clock: Clock;
  readonly sessionAsks: SessionAsks;
  readonly labelled: (session: string) => Session | undefined;
  /** Milliseconds a client has to answer; `sessions.pingTimeoutMs`. */
  readonly patienceMs: () => number;
}): Heartbeat {
  return (label, then) => {
    const session = needs.labelled(label);
    if (session === undefined) {
      then(false);
      return;
    }
    let isTold = false;
    const tell = (isThere: boolean): void => {
      if (isTold) return;
      isTold = true;
      cancel();
      then(isThere);
    };
    const cancel = needs.clock.after(needs.patienceMs(), () => {
      takeBack?.('It was not answered in time');
      tell(false);
    });
    const ping = {
      ...{ method: 'ping', params: {} },
      answer: () => tell(true),
      lost: () => tell(false),
    };
    const takeBack = needs.sessionAsks.put(session, ping, [ownStream(session)]);
    if (takeBack === undefined) tell(false);
  };
}
