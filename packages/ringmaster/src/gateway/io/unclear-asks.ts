import type { Clock } from '../../clock.ts';
import type { Append } from '../../journal/events.ts';
import { canBeAsked } from '../leases.ts';
import type { JsonObject, Reply } from '../messages.ts';
import { isRepeatable } from '../repeatable.ts';
import type { Call } from './calls.ts';

/** Calls that were in flight together when their server asked something, and nothing said for which of them. */
export interface UnclearAsks {
  /** The question was refused; any of these calls may fail for it. */
  note(calls: readonly Call[]): void;
  /**
   * True when the call failed after such a refusal and is made again: on a process of its own it can be asked. Only
   * where that does no harm, and once.
   */
  repeats(call: Call, reply: Reply): boolean;
}

/** Remembers them as long as they are in flight. */
export function createUnclearAsks(needs: {
  readonly clock: Clock;
  readonly append: Append;
  /** Whether a server that asks gets a process for each client that can be asked. */
  readonly isLeasedOut: (server: string) => boolean;
  /** A tool's definition, as far as it is known. */
  readonly toolOf: (call: Call) => JsonObject | undefined;
  /** Sends a call again. */
  readonly dispatch: (call: Call) => void;
}): UnclearAsks {
  const unclear = new WeakSet<Call>();
  return {
    note(calls) {
      for (const call of calls) unclear.add(call);
    },
    repeats(call, reply) {
      if (!unclear.delete(call)) return false;
      const hasFailed = reply.kind === 'error' || reply.result['isError'] === true;
      const { server, method, name, caller } = call;
      if (!hasFailed || !canBeAsked(caller.owner) || !needs.isLeasedOut(server)) return false;
      if (!isRepeatable(method, needs.toolOf(call))) return false;
      const { session } = caller.owner;
      needs.append({
        ...{ atMs: needs.clock.nowMs(), kind: 'call.repeated', subject: server },
        ...(name === undefined ? {} : { name }),
        ...(session === undefined ? {} : { session }),
        why: 'it failed after a question of its server could not be attributed; now it is alone with its process',
      });
      needs.dispatch(call);
      return true;
    },
  };
}
