import type { Clock } from '../../../clock.ts';
import type { Introduction } from '../../introduction.ts';
import { isObject, isRequestId, type JsonObject, type RequestId } from '../../messages.ts';
import { legacyVersions, newestLegacyVersion } from '../../protocol.ts';
import type { StoredStream } from '../../stored-session.ts';
import { forSessions } from '../../tasks.ts';
import type { View } from '../../view.ts';
import type { Call, Calls } from '../calls.ts';
import { lostWithDaemon } from '../failures.ts';
import type { Responder } from '../responder.ts';
import type { Router } from '../router.ts';
import { createResponder, type Exchange, type ReplyNeeds } from './exchange.ts';
import type { Session } from './session.ts';
import { ownStream, type SessionAsks } from './session-asks.ts';
import type { SessionMethods } from './session-methods.ts';
import type { SessionStreams } from './session-streams.ts';
import type { Sessions } from './sessions.ts';
import type { StreamedRequest } from './tracks.ts';

/** Where the outcome of one message of a session goes. */
export interface Out {
  /** The way back for a request. */
  exchange(request: StreamedRequest): Exchange;
  /** The message needs no reply. */
  nothing(): void;
  invalid(why: string): void;
}

/** What the messages of sessions mean, whatever transport brought them. */
export interface LegacyMessages {
  /** Opens a session as `initialize` asks; `streams` are its own when its transport keeps none, and end it. */
  initialize(
    view: View,
    params: JsonObject,
    streams: SessionStreams | undefined,
    then: (opened: {
      readonly id: string;
      readonly session: Session;
      /** The result as JSON text. */
      readonly result: string;
    }) => void,
  ): void;
  receive(session: Session, message: JsonObject, out: Out): void;
  /** Takes up a stream of an earlier life of the daemon, before its client has come back; false without its session. */
  restore(stored: StoredStream): boolean;
}

/** Reads the messages of clients that keep a session. */
export function createLegacyMessages(needs: {
  readonly clock: Clock;
  readonly sessions: Sessions;
  readonly methods: SessionMethods;
  /** Calls back once the servers of the view had their time to introduce themselves. */
  readonly introduce: (view: View, then: (introduction: Introduction) => void) => void;
  readonly router: Router;
  readonly calls: Calls;
  readonly asks: SessionAsks;
  readonly replies: (view: View) => ReplyNeeds;
  /** Calls back once what is known of sessions is on disk. */
  readonly written: (then: () => void) => void;
  /** The folders a session works on are others now. */
  readonly onRoots: (session: string) => void;
  /** Lets a call of an earlier life of the daemon wait for its reply. */
  readonly awaitReply: (call: Call, at: NonNullable<StoredStream['call']>) => void;
}): LegacyMessages {
  const { sessions, router, calls } = needs;

  function cancel(session: Session, params: JsonObject): void {
    const call = calls.find(session.label, params['requestId'] as RequestId);
    const reason = params['reason'];
    if (call !== undefined) {
      calls.cancel(call, typeof reason === 'string' ? reason : 'The client cancelled it');
    }
  }

  function responderFor(session: Session, request: StreamedRequest, exchange: Exchange): Responder {
    session.openCount += 1;
    return createResponder({
      id: request.id,
      owner: session.owner,
      client: session.client,
      replies: needs.replies(session.view),
      method: request.method,
      deliver(text, status) {
        session.openCount -= 1;
        exchange.deliver(text, status);
      },
      reach: exchange.mayStream || session.streams.isOpen() ? 'stream' : 'none',
      ask: (ask) => needs.asks.put(session, ask, [exchange.notify, ownStream(session)]),
      notify: exchange.notify,
      abandon() {
        session.openCount -= 1;
        exchange.abandon();
      },
      linger: exchange.linger,
      statusOf: () => 200,
    });
  }

  return {
    initialize(view, params, streams, then) {
      const asked = params['protocolVersion'];
      const protocolVersion =
        typeof asked === 'string' && legacyVersions.includes(asked) ? asked : newestLegacyVersion;
      needs.introduce(view, ({ capabilities: all, instructions, serverInfo }) => {
        const declared = isObject(params['capabilities']) ? params['capabilities'] : {};
        const client = clientName(params);
        const of = { view, protocolVersion, capabilities: declared, client };
        const opened = sessions.open(streams === undefined ? of : { ...of, streams });
        const told = instructions === undefined ? {} : { instructions };
        const capabilities = forSessions(all, protocolVersion);
        const result = JSON.stringify({ protocolVersion, capabilities, serverInfo, ...told });
        // A session that a client knows of must not be lost with the daemon.
        needs.written(() => then({ ...opened, result }));
      });
    },
    receive(session, message, out) {
      const { id, method } = message;
      const params = isObject(message['params']) ? message['params'] : {};
      if (typeof method !== 'string') {
        // What is no message at all is told apart from replies.
        if ('result' in message || 'error' in message) {
          session.onReply?.(message);
          out.nothing();
        } else out.invalid('A message needs a method, a result or an error');
      } else if (id === undefined) {
        if (method === 'notifications/cancelled') cancel(session, params);
        if (method === 'notifications/roots/list_changed') needs.onRoots(session.label);
        out.nothing();
      } else if (!isRequestId(id)) {
        out.invalid('A request id is a string, or a number below 2^53');
      } else {
        const request: StreamedRequest = { id, method, call: undefined };
        const responder = responderFor(session, request, out.exchange(request));
        const asker = { owner: session.owner, view: session.view };
        if (needs.methods.answers(session, method, params, responder)) return;
        router.route(asker, { method, params }, responder, (call) => {
          request.call = call;
        });
      }
    },
    restore({ session: key, name, id, method, answered, call: at }) {
      const session = sessions.restore(key);
      if (session === undefined) return false;
      const request: StreamedRequest = { id, method, call: undefined };
      const exchange = session.streams.restored(name, request);
      if (answered?.text !== undefined) {
        exchange.deliver(answered.text, 200);
        return true;
      }
      const responder = responderFor(session, request, exchange);
      if (answered !== undefined || at === undefined) {
        responder.answer(lostWithDaemon(answered !== undefined));
        return true;
      }
      const { server, timeoutMs, progressToken } = at;
      const ageMs = Math.max(0, needs.clock.nowMs() - at.startedAtMs);
      request.call = calls.begin({
        ...{ server, method, name: at.name, params: {}, caller: responder, progressToken },
        ...{ timeoutMs, startedTickMs: needs.clock.tickMs() - ageMs },
      });
      needs.awaitReply(request.call, at);
      return true;
    },
  };
}

/** `name/version` of the client, as it says; at most 100 characters. */
export function clientName(params: JsonObject, field = 'clientInfo'): string | undefined {
  const info = params[field];
  if (!isObject(info) || typeof info['name'] !== 'string') return undefined;
  const version = typeof info['version'] === 'string' ? `/${info['version']}` : '';
  return `${info['name']}${version}`.slice(0, 100);
}
