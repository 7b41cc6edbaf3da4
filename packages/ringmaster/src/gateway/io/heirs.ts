import type { StoredCall } from '../stored-session.ts';
import type { Call, Calls, Holder } from './calls.ts';
import { lostWithDaemon } from './failures.ts';
import type { Link } from './instance-link.ts';

/**
 * Calls that were in flight when the daemon before us ended: their servers live on and answer into their pipes, so the
 * reply is still to come once a process is adopted.
 */
export interface Heirs {
  awaitReply(call: Call, at: StoredCall): void;
  /** Gives a process its calls back, or ends them if it is not the one they were sent to. */
  inherit(link: Link): void;
  /** None of the server's processes will come back. */
  disinherit(server: string): void;
}

/** Nobody waits at first. */
export function createHeirs(calls: Calls): Heirs {
  const waiting = new Map<Call, StoredCall>();
  const holder: Holder = {
    release: (call) => void waiting.delete(call),
    lateFailure: () => lostWithDaemon(false),
  };

  function lose(call: Call): void {
    waiting.delete(call);
    calls.fail(call, 'lost', lostWithDaemon(false));
  }

  return {
    awaitReply(call, at) {
      waiting.set(call, at);
      call.holder = holder;
    },
    inherit({ target, conversation }) {
      for (const [call, at] of waiting) {
        if (at.server !== target.server || at.index !== target.index) continue;
        const isHeir = target.resume !== undefined && target.channel !== undefined;
        if (isHeir && at.generation === target.generation) {
          waiting.delete(call);
          conversation.inherit(call, at.upstreamId);
        } else lose(call);
      }
    },
    disinherit(server) {
      for (const [call, at] of waiting) if (at.server === server) lose(call);
    },
  };
}
