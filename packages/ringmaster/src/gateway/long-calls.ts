import type { RequestId } from './messages.ts';

/** A call, as far as it is found by what its client calls it. */
interface Named {
  readonly caller: {
    readonly id: RequestId | undefined;
    readonly owner: { readonly session: string | undefined };
  };
}

/** Calls of sessions that take long, by the client's own id. */
export interface LongCalls<Call extends Named> {
  add(call: Call): void;
  remove(call: Call): void;
  find(session: string, id: RequestId): Call | undefined;
}

/** Kept for long calls only: a table filled and emptied for every call is expensive (see `slots.ts`). */
export function createLongCalls<Call extends Named>(): LongCalls<Call> {
  const sessions = new Map<string, Map<RequestId, Call>>();
  return {
    add(call) {
      const { id, owner } = call.caller;
      if (id === undefined || owner.session === undefined) return;
      const known = sessions.get(owner.session) ?? new Map<RequestId, Call>();
      sessions.set(owner.session, known.set(id, call));
    },
    remove(call) {
      const { id, owner } = call.caller;
      if (id === undefined || owner.session === undefined) return;
      const known = sessions.get(owner.session);
      // A client may give two requests one id; the newer is the one it means.
      if (known?.get(id) === call) known.delete(id);
      if (known?.size === 0) sessions.delete(owner.session);
    },
    find: (session, id) => sessions.get(session)?.get(id),
  };
}
