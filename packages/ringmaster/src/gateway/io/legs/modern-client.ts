import type { IncomingMessage, ServerResponse } from 'node:http';
import { modernResult } from '../../bridge.ts';
import { judgeModern } from '../../envelope.ts';
import { carriedClient, carriedHeader } from '../../frame.ts';
import type { Introduction } from '../../introduction.ts';
import {
  isObject,
  type JsonObject,
  type Reply,
  type RequestId,
  resultText,
} from '../../messages.ts';
import type { Owner } from '../../owner.ts';
import { paramHeaderFault } from '../../param-headers.ts';
import { metaKeys, modernVersion, rpcCodes } from '../../protocol.ts';
import type { View } from '../../view.ts';
import type { Asks } from '../asks.ts';
import type { Call, Calls } from '../calls.ts';
import { onlyHeader, readsStreams, sendError, sendJson, sendStatus } from '../http.ts';
import { listTtlMs } from '../lists.ts';
import type { Router } from '../router.ts';
import { digestOf } from '../seal.ts';
import type { Changed } from '../shelf.ts';
import { createExchange, createResponder, type ReplyNeeds } from './exchange.ts';
import { clientName } from './legacy-messages.ts';
import { createListeners, type ListenerNeeds } from './listeners.ts';

/** What this leg needs of the gateway. */
export interface ModernNeeds extends ListenerNeeds {
  readonly router: Router;
  readonly calls: Calls;
  readonly asks: Asks;
  readonly replies: (view: View) => ReplyNeeds;
  readonly introduce: (view: View, then: (introduction: Introduction) => void) => void;
  /** The definition of a tool by the name it is exposed by. */
  readonly toolNamed: (view: View, name: string) => JsonObject | undefined;
}

/** Serves clients of the stateless era, 2026-07-28: every request says all there is to know. */
export interface ModernClients {
  post(request: IncomingMessage, response: ServerResponse, view: View, message: unknown): void;
  announce(view: View, changed: readonly Changed[]): void;
  /** Ends the streams of clients that listen, as the protocol wants it. */
  close(): void;
}

/** Prepares the leg; it begins to serve with the first POST. */
export function createModernClients(needs: ModernNeeds): ModernClients {
  const { streams, router, calls } = needs;
  const listeners = createListeners(needs);

  function discover(response: ServerResponse, view: View, id: RequestId): void {
    needs.introduce(view, ({ capabilities, instructions, serverInfo }) => {
      const result = {
        supportedVersions: [modernVersion],
        capabilities,
        ...(instructions === undefined ? {} : { instructions }),
        ttlMs: listTtlMs,
        cacheScope: 'private',
      };
      const text = JSON.stringify(modernResult(result, 'server/discover', serverInfo));
      sendJson(response, 200, resultText(id, text));
    });
  }

  function relay(
    asked: {
      readonly request: IncomingMessage;
      readonly response: ServerResponse;
      readonly view: View;
    },
    id: RequestId,
    method: string,
    params: JsonObject,
  ): void {
    const { request, response, view } = asked;
    const exchange = createExchange({ response, streams, mayStream: readsStreams(request) });
    const meta = isObject(params['_meta']) ? params['_meta'] : {};
    const owner = ownerOf(params, carriedClient(request.headers[carriedHeader]));
    const responder = createResponder({
      id,
      owner,
      client: clientName(meta, metaKeys.clientInfo),
      replies: needs.replies(view),
      method,
      digest: () => digestOf(method, params),
      reach: 'rounds',
      deliver: exchange.deliver,
      notify: exchange.notify,
      abandon: exchange.abandon,
      linger: exchange.linger,
      statusOf,
    });
    let begun: Call | undefined;
    let hasLeft = false;
    response.on('close', () => {
      hasLeft = true;
      // Closing the stream is how these clients cancel (2026-07-28, cancellation).
      const isOurs = begun?.ended === false && begun.caller === responder;
      if (begun !== undefined && isOurs) calls.cancel(begun, 'The client closed the stream');
    });
    const onCall = (call: Call): void => {
      begun = call;
      if (hasLeft) calls.cancel(call, 'The client closed the stream');
    };
    if (params['requestState'] === undefined) {
      router.route({ owner, view }, { method, params }, responder, onCall);
      return;
    }
    const resumed = needs.asks.resume({ method, params }, responder, onCall);
    if (resumed.kind === 'refused') responder.answer(resumed.reply);
    if (resumed.kind === 'again') {
      const again = { method, params: resumed.params, boundTo: resumed.server };
      router.route({ owner, view }, again, responder, resumed.onCall);
    }
  }

  /** What is wrong with the headers that repeat arguments, as the tool's schema wants them. */
  function paramFault(
    request: IncomingMessage,
    view: View,
    params: JsonObject,
  ): string | undefined {
    const name = params['name'];
    const tool = typeof name === 'string' ? needs.toolNamed(view, name) : undefined;
    if (tool === undefined || request.headers[carriedHeader] !== undefined) return undefined;
    return paramHeaderFault(tool, params['arguments'], (key) => onlyHeader(request, key));
  }

  return {
    post(request, response, view, message) {
      const judged = judgeModern(message, {
        version: onlyHeader(request, 'mcp-protocol-version'),
        method: onlyHeader(request, 'mcp-method'),
        name: onlyHeader(request, 'mcp-name'),
      });
      if (judged.kind === 'refused') {
        sendError(response, judged.status, judged.id, judged.error);
      } else if (judged.kind === 'notification') sendStatus(response, 202);
      else if (judged.method === 'server/discover') discover(response, view, judged.id);
      else if (judged.method === 'subscriptions/listen') {
        const owner = ownerOf(judged.params, carriedClient(request.headers[carriedHeader]));
        listeners.listen(response, { view, owner }, judged.id, judged.params);
      } else {
        const { id, method, params } = judged;
        const fault = method === 'tools/call' ? paramFault(request, view, params) : undefined;
        if (fault === undefined) relay({ request, response, view }, id, method, params);
        else sendError(response, 400, id, { code: rpcCodes.headerMismatch, message: fault });
      }
    },
    announce: listeners.announce,
    close: listeners.close,
  };
}

/** A stateless request says of its client all there is to know, besides the connection it was carried over. */
function ownerOf(params: JsonObject, carried: string | undefined): Owner {
  const meta = isObject(params['_meta']) ? params['_meta'] : {};
  const capabilities = meta[metaKeys.clientCapabilities];
  const logLevel = meta[metaKeys.logLevel];
  return {
    key: carried === undefined ? 'principal local' : `connection ${carried}`,
    session: undefined,
    principal: 'local',
    era: 'modern',
    protocolVersion: modernVersion,
    capabilities: isObject(capabilities) ? capabilities : {},
    ...(typeof logLevel === 'string' ? { logLevel } : {}),
  };
}

/** The HTTP status of a reply (2026-07-28, HTTP binding): only these errors have one of their own. */
function statusOf(reply: Reply): number {
  if (reply.kind === 'result') return 200;
  const { code } = reply.error;
  if (code === rpcCodes.methodNotFound) return 404;
  return code === rpcCodes.headerMismatch || code === rpcCodes.missingCapability ? 400 : 200;
}
