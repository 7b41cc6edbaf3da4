import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Introduction } from '../../introduction.ts';
import {
  isObject,
  isRequestId,
  type JsonObject,
  notificationText,
  type RequestId,
  resultText,
} from '../../messages.ts';
import { assumedVersion, legacyVersions, newestLegacyVersion, rpcCodes } from '../../protocol.ts';
import type { View } from '../../view.ts';
import type { Calls } from '../calls.ts';
import { header, sendError, sendJson, sendStatus } from '../http.ts';
import type { Router } from '../router.ts';
import type { Changed } from '../shelf.ts';
import type { Streams } from '../streams.ts';
import { createExchange, createResponder, type Deliver, type ReplyNeeds } from './exchange.ts';
import type { Session, Sessions } from './sessions.ts';

/** Most messages in one batch of a 2025-03-26 client. */
const batchMax = 100;

/** What this leg needs of the gateway. */
export interface LegacyNeeds {
  readonly sessions: Sessions;
  readonly streams: Streams;
  readonly router: Router;
  readonly calls: Calls;
  readonly replies: (view: View) => ReplyNeeds;
  /** Calls back once the servers of the view had their time to introduce themselves. */
  readonly introduce: (view: View, then: (introduction: Introduction) => void) => void;
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
  const { sessions, streams, router, calls } = needs;

  function open(response: ServerResponse, view: View, id: RequestId, params: JsonObject): void {
    const asked = params['protocolVersion'];
    const protocolVersion =
      typeof asked === 'string' && legacyVersions.includes(asked) ? asked : newestLegacyVersion;
    needs.introduce(view, ({ capabilities, instructions, serverInfo }) => {
      if (response.destroyed) return;
      const declared = isObject(params['capabilities']) ? params['capabilities'] : {};
      const client = clientName(params);
      const session = sessions.open({ view, protocolVersion, capabilities: declared, client });
      const result = {
        protocolVersion,
        capabilities,
        serverInfo,
        ...(instructions === undefined ? {} : { instructions }),
      };
      sendJson(response, 200, resultText(id, JSON.stringify(result)), {
        'mcp-session-id': session.id,
      });
    });
  }

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

  function receive(session: Session, message: JsonObject, out: Out): void {
    const { id, method } = message;
    const params = isObject(message['params']) ? message['params'] : {};
    if (typeof method !== 'string') {
      // Replies of the client answer nothing we asked; what is no message at all is told apart from them.
      if ('result' in message || 'error' in message) out.nothing();
      else out.invalid('A message needs a method, a result or an error');
    } else if (id === undefined) {
      if (method === 'notifications/cancelled') cancel(session, params);
      out.nothing();
    } else if (!isRequestId(id)) {
      out.invalid('A request id is a string, or a number below 2^53');
    } else request(session, id, method, params, out);
  }

  function cancel(session: Session, params: JsonObject): void {
    const call = calls.find(session.label, params['requestId'] as RequestId);
    const reason = params['reason'];
    if (call !== undefined) {
      calls.cancel(call, typeof reason === 'string' ? reason : 'The client cancelled it');
    }
  }

  function request(
    session: Session,
    id: RequestId,
    method: string,
    params: JsonObject,
    out: Out,
  ): void {
    session.openCount += 1;
    const responder = createResponder({
      id,
      owner: session.owner,
      client: session.client,
      replies: needs.replies(session.view),
      method,
      deliver(text, status) {
        session.openCount -= 1;
        out.deliver(text, status);
      },
      notify: out.notify,
      abandon() {
        session.openCount -= 1;
        out.abandon();
      },
      statusOf: () => 200,
    });
    const asker = { owner: session.owner, view: session.view };
    router.route(asker, { method, params }, responder, () => {});
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
    for (const message of batch) {
      receive(session, message, {
        deliver: (text) => done(text),
        notify: () => {},
        abandon: () => done(undefined),
        nothing: () => done(undefined),
        invalid: (why) => done(invalidText(why)),
      });
    }
  }

  return {
    post(request, response, view, message) {
      if (isObject(message) && message['method'] === 'initialize' && isRequestId(message['id'])) {
        const params = isObject(message['params']) ? message['params'] : {};
        open(response, view, message['id'], params);
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
      const accept = header(request, 'accept');
      const mayStream = accept?.includes('text/event-stream') === true;
      const exchange = createExchange({ response, streams, mayStream });
      receive(session, message, {
        ...exchange,
        nothing: () => sendStatus(response, 202),
        invalid: (why) => sendJson(response, 400, invalidText(why)),
      });
    },
    get(request, response, view) {
      const session = sessionOf(request, response, view);
      if (session === undefined) return;
      session.stream?.end();
      const stream = streams.open(response, {}, () => {
        if (session.stream === stream) session.stream = undefined;
      });
      session.stream = stream;
      for (const changed of session.missed) stream.send(changedText(changed));
      session.missed.clear();
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
        for (const what of changed) {
          if (session.stream?.isOpen() === true) session.stream.send(changedText(what));
          else session.missed.add(what);
        }
      }
    },
  };
}

interface Out {
  readonly deliver: Deliver;
  readonly notify: (text: string) => void;
  readonly abandon: () => void;
  /** The message needs no reply. */
  readonly nothing: () => void;
  readonly invalid: (why: string) => void;
}

function invalidText(message: string): string {
  const error = { code: rpcCodes.invalidRequest, message };
  return `{"jsonrpc":"2.0","id":null,"error":${JSON.stringify(error)}}`;
}

function changedText(changed: Changed): string {
  return notificationText(`notifications/${changed}/list_changed`);
}

/** Batches existed in 2025-03-26 only, which is also what a missing header means. */
function acceptsBatches(request: IncomingMessage, session: Session): boolean {
  const version = header(request, 'mcp-protocol-version') ?? assumedVersion;
  return version === assumedVersion || session.owner.protocolVersion === assumedVersion;
}

/** `name/version` of the client, as it says; at most 100 characters. */
export function clientName(params: JsonObject, field = 'clientInfo'): string | undefined {
  const info = params[field];
  if (!isObject(info) || typeof info['name'] !== 'string') return undefined;
  const version = typeof info['version'] === 'string' ? `/${info['version']}` : '';
  return `${info['name']}${version}`.slice(0, 100);
}
