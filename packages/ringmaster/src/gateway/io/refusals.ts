import type { Cancel, Clock } from '../../clock.ts';
import type { Append } from '../../journal/events.ts';
import type { RpcError } from '../messages.ts';
import { type ListKind, listKinds, listMethods } from '../protocol.ts';
import type { ReadLists } from './listing.ts';

/** A refused list is asked for again after this long, then after twice as long each time. */
const retryFirstMs = 2_000;
const retryMostMs = 300_000;
/** Of what a server says, in the words about it. */
const messageLength = 200;

/** The lists a server declares and does not give, as one does whose key is wrong. */
export interface Refusals {
  /** What became of lists just read: news is journalled, and what is refused is asked for again later. */
  take(read: ReadLists): void;
  /** The server's own error; undefined when it gave the list, or knows none. */
  of(kind: ListKind): RpcError | undefined;
  /** What is refused, and what the server said; undefined when nothing is. */
  words(): string | undefined;
}

/**
 * Of one server, over all its processes. `relist` resolves when one of them was asked, whatever came of it; it does
 * nothing when none is there, as the next one is asked for its lists anyway.
 */
export function createRefusals(needs: {
  readonly server: string;
  readonly clock: Clock;
  readonly append: Append;
  readonly relist: (kinds: readonly ListKind[]) => Promise<void> | undefined;
}): Refusals {
  const { server, clock } = needs;
  const refused = new Map<ListKind, RpcError>();
  let delayMs = retryFirstMs;
  let cancel: Cancel | undefined;

  function note(kind: ListKind, error: RpcError): void {
    const before = refused.get(kind);
    refused.set(kind, error);
    if (before?.code === error.code && before.message === error.message) return;
    const why = error.message.slice(0, messageLength);
    const { code } = error;
    needs.append({
      ...{ atMs: clock.nowMs(), kind: 'list.refused', subject: server },
      ...{ list: listMethods[kind], code, why },
    });
  }

  function retryLater(): void {
    if (cancel !== undefined || refused.size === 0) return;
    cancel = clock.after(delayMs, () => {
      cancel = undefined;
      if (refused.size === 0) return;
      // An answer that never came is no news, and must not be the last question.
      void needs.relist([...refused.keys()])?.then(retryLater);
    });
    delayMs = Math.min(delayMs * 2, retryMostMs);
  }

  return {
    take({ lists, refusals }) {
      for (const kind of listKinds) {
        const error = refusals[kind];
        if (error !== undefined) note(kind, error);
        else if (lists[kind] !== undefined) refused.delete(kind);
      }
      if (refused.size === 0) delayMs = retryFirstMs;
      retryLater();
    },
    of: (kind) => refused.get(kind),
    words() {
      const [first] = refused;
      if (first === undefined) return undefined;
      const methods = [...refused.keys()].map((kind) => listMethods[kind]).join(', ');
      return `it refuses ${methods}: ${first[1].message.slice(0, messageLength)}`;
    },
  };
}
