import type { JsonObject } from '../messages.ts';
import type { Owner } from '../owner.ts';

/** Addresses remembered; the server of one that is forgotten is not heard when it says that its client is done. */
const errandsMax = 1_000;
/** Longest id looked at, in characters. */
const idMaxLength = 256;

/** Addresses that sessions were sent to (2025-11-25, URL elicitation), by the ids of their servers. */
export interface Errands {
  /** A session was sent to an address; whatever else is passed on is none, and not noted. */
  note(server: string, elicitation: JsonObject, owner: Owner): void;
  /** The server says that it is done there. */
  completed(server: string, params: JsonObject): void;
}

/** Remembers the newest 1 000 addresses; `tell` reaches a session by its label, while there is one. */
export function createErrands(
  tell: (session: string, method: string, params: JsonObject) => void,
): Errands {
  /** Labels of sessions by server and id, the oldest first. */
  const sent = new Map<string, string>();

  return {
    note(server, elicitation, { session }) {
      const id = elicitation['elicitationId'];
      if (session === undefined || typeof id !== 'string' || id.length > idMaxLength) return;
      sent.set(keyOf(server, id), session);
      for (const [oldest] of sent) {
        if (sent.size <= errandsMax) break;
        sent.delete(oldest);
      }
    },
    completed(server, params) {
      const id = params['elicitationId'];
      if (typeof id !== 'string' || id.length > idMaxLength) return;
      const key = keyOf(server, id);
      const session = sent.get(key);
      sent.delete(key);
      if (session !== undefined) tell(session, 'notifications/elicitation/complete', params);
    },
  };
}

function keyOf(server: string, id: string): string {
  return `${server}\n${id}`;
}
