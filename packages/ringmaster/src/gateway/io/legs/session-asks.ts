import type { Ask } from '../../asks.ts';
import {
  type JsonObject,
  notificationText,
  readReply,
  refused,
  requestText,
  writeJson,
} from '../../messages.ts';
import { rpcCodes } from '../../protocol.ts';
import type { Session } from './session.ts';

/** Ways a message may take to a client, the best first; each tells whether it is open. */
export type Ways = readonly ((text: string) => boolean)[];

/** What a client can be asked: a server's question, or whether it is there. */
export type Question = Omit<Ask, 'method'> & { readonly method: string };

/** The questions sessions are asked, by ids of ours; how many is limited where they are opened. */
export interface SessionAsks {
  /**
   * Sends a question as a request; the result takes it back. Undefined when no way is open. Only a reply within the
   * same session answers it.
   */
  put(session: Session, ask: Question, ways: Ways): ((why: string) => void) | undefined;
  /** The session is over: nobody will answer. */
  ended(session: Session): void;
}

/** Prepares the table; `newId` gives unguessable ids. */
export function createSessionAsks(newId: () => string): SessionAsks {
  const openIn = new Map<Session, Map<string, Question>>();

  function openOf(session: Session): Map<string, Question> {
    const known = openIn.get(session);
    if (known !== undefined) return known;
    const open = new Map<string, Question>();
    openIn.set(session, open);
    session.onReply = (message) => takeReply(session, open, message);
    return open;
  }

  function close(session: Session, open: Map<string, Question>, id: string): boolean {
    const wasOpen = open.delete(id);
    if (open.size > 0) return wasOpen;
    openIn.delete(session);
    session.onReply = undefined;
    return wasOpen;
  }

  /** Replies to what it was not asked are ignored. */
  function takeReply(session: Session, open: Map<string, Question>, message: JsonObject): void {
    const { id } = message;
    const ask = typeof id === 'string' ? open.get(id) : undefined;
    if (ask === undefined || typeof id !== 'string') return;
    close(session, open, id);
    const malformed = refused(rpcCodes.internal, 'The client sent a malformed answer');
    ask.answer(readReply(message)?.reply ?? malformed);
  }

  return {
    put(session, ask, ways) {
      const id = newId();
      const open = openOf(session);
      const params = Object.keys(ask.params).length === 0 ? undefined : writeJson(ask.params);
      const text = requestText(id, ask.method, params);
      open.set(id, ask);
      if (!ways.some((send) => send(text))) {
        close(session, open, id);
        return undefined;
      }
      return (why) => {
        if (!close(session, open, id)) return;
        const cancelled = { requestId: id, reason: why };
        const note = notificationText('notifications/cancelled', cancelled);
        ways.some((send) => send(note));
      };
    },
    ended(session) {
      const asks = [...(openIn.get(session)?.values() ?? [])];
      openIn.delete(session);
      session.onReply = undefined;
      for (const ask of asks) ask.lost('its session is over');
    },
  };
}

/** The session's stream for what belongs to no request. */
export function ownStream(session: Session): (text: string) => boolean {
  return (text) => session.streams.send(text, 'drop');
}
