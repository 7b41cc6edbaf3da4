import type { IncomingMessage, ServerResponse } from 'node:http';
import { isObject, isRequestId, resultText } from '../../messages.ts';
import { assumedVersion, legacyVersions, rpcCodes } from '../../protocol.ts';
import type { View } from '../../view.ts';
import { header, readsStreams, sendError, sendJson, sendStatus } from '../http.ts';
import { wholeText } from '../kept-text.ts';
import type { Changed } from '../shelf.ts';
import type { Deliver } from './exchange.ts';
import type { LegacyMessages } from './legacy-messages.ts';
import type { Session } from './session.ts';
import { changedText } from './session-streams.ts';
import type { Sessions } from './sessions.ts';

/** Most messages in one batch of a 2025-03-26 client. */
const batchMax = 100;

/** What this leg needs of the gateway. */
export interface LegacyNeeds {
  readonly sessions: Sessions;
  readonly messages: LegacyMessages;
}

/** Serves clients that begin with `initialize` and keep a session: 2024-11-05 to 2025-11-25. */
export interface LegacyClients {
  post(request: IncomingMessage, response: ServerResponse, view: View, message: unknown): void;
  get(request: IncomingMessage, response: ServerResponse, view: View): void;
  delete(request: IncomingMessage, response: ServerResponse, view: View): void;
  announce(view: View, changed: readonly Changed[]): void;
}

/** Prepares the leg; it begins to serve with the first POST. */
export function createLegacyClients(needs: LegacyNeeds): LegacyClients {
  const { sessions, messages } = needs;

  /** The session a request belongs to, or an answer that says what is wrong. */
  function sessionOf(
    request: IncomingMessage,
    response: ServerResponse,
    view: View,
  ): Session | undefined {
    const id = header(request, 'mcp-session-id');
    if (id === undefined) {
      const message = 'The Mcp-Session-Id header is missing: begin with initialize';
      sendError(response, 400, null, { code: rpcCodes.invalidRequest, message });
      return undefined;
    }
    const session = sessions.use(id);
    if (session === undefined || session.view.key !== view.key) {
      const message = 'Session not found: begin again with initialize';
      sendError(response, 404, null, { code: rpcCodes.invalidRequest, message });
      return undefined;
    }
    const version = header(request, 'mcp-protocol-version');
    if (version !== undefined && !legacyVersions.includes(version)) {
      const message = `MCP-Protocol-Version ${version.slice(0, 40)} is not one of a session`;
      sendError(response, 400, null, { code: rpcCodes.invalidRequest, message });
      return undefined;
    }
    return session;
  }

  function receiveBatch(
    session: Session,
    batch: readonly unknown[],
    response: ServerResponse,
  ): void {
    if (batch.length === 0 || batch.length > batchMax || !batch.every(isObject)) {
      const message = `A batch holds 1 to ${batchMax} messages`;
      sendError(response, 400, null, { code: rpcCodes.invalidRequest, message });
      return;
    }
    const replies: string[] = [];
    let open = batch.length;
    const done = (text: string | undefined): void => {
      if (text !== undefined) replies.push(text);
      open -= 1;
      if (open > 0) return;
      if (replies.length === 0) sendStatus(response, 202);
      else sendJson(response, 200, `[${replies.join(',')}]`);
    };
    const deliver: Deliver = (text) => done(wholeText(text));
    const abandon = (): void => done(undefined);
    // An answer in one piece has no room for messages that come before it.
    const exchange = {
      ...{ deliver, notify: () => false, mayStream: false, abandon, linger: () => {} },
    };
    for (const message of batch) {
      messages.receive(session, message, {
        exchange: () => exchange,
        nothing: abandon,
        invalid: (why) => done(invalidText(why)),
      });
    }
  }

  return {
    post(request, response, view, message) {
      if (isObject(message) && message['method'] === 'initialize' && isRequestId(message['id'])) {
        const params = isObject(message['params']) ? message['params'] : {};
        const { id } = message;
        messages.initialize(view, params, undefined, (opened) => {
          const sessionId = { 'mcp-session-id': opened.id };
          if (!response.destroyed)
            sendJson(response, 200, resultText(id, opened.result), sessionId);
          else sessions.end(opened.session, 'its client left before it began');
        });
        return;
      }
      const session = sessionOf(request, response, view);
      if (session === undefined) return;
      if (Array.isArray(message) && acceptsBatches(request, session)) {
        receiveBatch(session, message, response);
        return;
      }
      if (!isObject(message) || message['jsonrpc'] !== '2.0') {
        const what = 'The body must be one JSON-RPC 2.0 message';
        sendError(response, 400, null, { code: rpcCodes.invalidRequest, message: what });
        return;
      }
      const mayStream = readsStreams(request);
      messages.receive(session, message, {
        exchange: (asked) => session.streams.exchange(response, mayStream, asked),
        nothing: () => sendStatus(response, 202),
        invalid: (why) => sendJson(response, 400, invalidText(why)),
      });
    },
    get(request, response, view) {
      const session = sessionOf(request, response, view);
      if (session === undefined) return;
      const lastEventId = header(request, 'last-event-id');
      if (lastEventId === undefined) session.streams.listen(response);
      else session.streams.resume(response, lastEventId);
    },
    delete(request, response, view) {
      const session = sessionOf(request, response, view);
      if (session === undefined) return;
      sessions.end(session, 'the client ended it');
      sendStatus(response, 204);
    },
    announce(view, changed) {
      for (const session of sessions.all()) {
        if (session.view.key !== view.key) continue;
        for (const what of changed) session.streams.send(changedText(what));
      }
    },
  };
}

function invalidText(message: string): string {
  const error = { code: rpcCodes.invalidRequest, message };
  return `{"jsonrpc":"2.0","id":null,"error":${JSON.stringify(error)}}`;
}

/** Batches existed in 2025-03-26 only, which is also what a missing header means. */
function acceptsBatches(request: IncomingMessage, session: Session): boolean {
  const version = header(request, 'mcp-protocol-version') ?? assumedVersion;
  return version === assumedVersion || session.owner.protocolVersion === assumedVersion;
}
