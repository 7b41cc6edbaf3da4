import { type Dispatcher, Pool } from 'undici';
import type { Clock } from '../../../clock.ts';
import type { ConversationTarget, Negotiated } from '../../../supervisor/conversation.ts';
import { greeting, type Identity } from '../../bridge.ts';
import { encodeHeaderValue, mirroredName } from '../../envelope.ts';
import { type Failure, type JsonObject, requestText } from '../../messages.ts';
import { paramHeaders } from '../../param-headers.ts';
import { modernVersion } from '../../protocol.ts';
import { traceHeaders } from '../../trace.ts';
import type { Authorizer } from '../auth/authorizer.ts';
import { isEventStream } from '../http.ts';
import type { Outgoing, Wire } from '../wire.ts';
import { createListening, followReply, oldStream, type StreamNeeds } from './event-source.ts';
import { readWhole } from './http-body.ts';
import {
  failureOf,
  hasForgotten,
  isMarkedAnew,
  isReplyTo,
  noReply,
  whyRefused,
} from './http-failures.ts';
import { createSender } from './http-sender.ts';
import { createOpenRequests } from './open-requests.ts';

/** Connections to one server at once; more requests wait for one. */
const connectionsMax = 128;
/** Longest wait for a server to take leave of its session. */
const farewellMs = 2_000;

/** What a wire tells its conversation. */
export interface HttpEars {
  receive(line: string, via?: number): void;
  failed(id: number, why: Failure): void;
  /** A new session took the place of one the server had forgotten: its lists may differ. */
  renewed(): void;
  /** The stream of its own was away for a while: something may have gone unheard. */
  missed(): void;
  /** Reads the tools again, which changed behind our back; resolves when they are known, or cannot be. */
  relistTools(): Promise<void>;
}

/** What a wire to a URL needs. */
export interface HttpNeeds {
  readonly target: ConversationTarget;
  readonly url: string;
  readonly clock: Clock;
  readonly ears: HttpEars;
  readonly identity: Identity;
  /** What the server is offered when a session begins anew. */
  readonly capabilities: () => JsonObject;
  readonly toolNamed: (name: string) => JsonObject | undefined;
  /** Signs the requests, where somebody can sign in to the server. */
  readonly authorizer: Authorizer | undefined;
}

/**
 * Speaks Streamable HTTP to a server, in either era: replies as JSON or as event streams, sessions of the old era,
 * the mirrored headers of the new one.
 */
export function httpWire(needs: HttpNeeds): Wire {
  const { target, clock, ears, authorizer } = needs;
  const url = new URL(needs.url);
  const path = url.pathname + url.search;
  const pool = poolTo(url.origin);
  const requests = createOpenRequests(clock);
  let negotiated: Negotiated | undefined;
  let sessionId: string | undefined;
  let hello: Outgoing | undefined;
  let renewing: Promise<void> | undefined;
  let isOpen = true;
  const sender = createSender({
    ...{ pool, origin: url.origin, clock, authorizer, patienceMs: target.limits.waitMs },
    isOurs: () => target.kind === 'http' && negotiated !== undefined && isOpen,
  });

  const stream: StreamNeeds = {
    ...{ clock, receive: ears.receive, maxBytes: target.limits.maxMessageBytes },
    open(lastEventId, signal) {
      const place = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
      const more = { accept: 'text/event-stream', ...place };
      const headers = () => ({ ...headersFor(undefined), ...more });
      return sender.send(undefined, () => ({ path, method: 'GET', headers: headers(), signal }));
    },
  };
  const listening = createListening({ ...stream, onGap: ears.missed });

  function headersFor(message: Outgoing | undefined): Record<string, string> {
    const headers: Record<string, string> = {
      ...traceHeaders(message?.params),
      ...{ ...target.headers, ...plainHeaders },
      ...authorizer?.headers(),
    };
    const isModern =
      negotiated === undefined
        ? message?.method === 'server/discover'
        : negotiated.era === 'modern';
    if (isModern)
      return message === undefined
        ? headers
        : { ...headers, ...mirrored(message, negotiated, needs.toolNamed) };
    if (sessionId !== undefined && message?.method !== 'initialize') {
      headers['mcp-session-id'] = sessionId;
    }
    if (negotiated !== undefined) headers['mcp-protocol-version'] = negotiated.protocolVersion;
    return headers;
  }

  async function post(message: Outgoing, signal: AbortSignal | null): Promise<void> {
    // A session that is being replaced must not be used, nor none at all.
    if (renewing !== undefined) await renewing;
    const usedSession = message.method === 'initialize' ? undefined : sessionId;
    const how = { path, method: 'POST', body: message.text, signal } as const;
    const send = () => sender.send(message.id, () => ({ ...how, headers: headersFor(message) }));
    const next = await read(message, await send(), { usedSession });
    if (next === 'done') return;
    // Its schema marks other arguments than those we knew (2026-07-28, client behaviour for custom headers).
    if (next === 'relist') await ears.relistTools();
    else if (sessionId === usedSession) await renew();
    await read(message, await send());
  }

  /** Hands the answer on, or says what has to be done before the request is sent again, which may happen once. */
  async function read(
    message: Outgoing,
    response: Dispatcher.ResponseData<unknown>,
    first?: { readonly usedSession: string | undefined },
  ): Promise<'done' | 'relist' | 'renew'> {
    const { statusCode, headers, body } = response;
    if (message.method === 'initialize' && statusCode === 200) {
      hello = message;
      sessionId = textOf(headers['mcp-session-id']);
      if (negotiated?.era === 'modern') void endSession();
    }
    const { id } = message;
    if (statusCode === 200 && isEventStream(textOf(headers['content-type']))) {
      requests.streams(id);
      await followReply(body, {
        ...stream,
        receive: (line) => ears.receive(line, id),
        isReply: (text) => isReplyTo(text, id),
        signal: requests.signal(id) ?? never,
      });
      return refuse(message, 'its stream ended without a reply', 'maybe');
    }
    const text = await readWhole(body, target.limits.maxMessageBytes);
    if (first?.usedSession !== undefined && hasForgotten(statusCode, text, id)) return 'renew';
    if (statusCode >= 300 && !isReplyTo(text, id)) {
      const why = whyRefused(target, { statusCode, headers, text });
      return refuse(message, why, statusCode < 500 ? 'no' : 'maybe', statusCode);
    }
    if (first !== undefined && statusCode === 400 && isMarkedAnew(message.method, text))
      return 'relist';
    if (text !== '') ears.receive(text);
    // It takes the request for a message, and replies on the stream of its own.
    if (statusCode === 202 && listening.isOpen()) return 'done';
    const held = text === '' ? '' : `: ${text.slice(0, 200)}`;
    return refuse(message, `its answer holds no reply${held}`, 'maybe');
  }

  /** Ends a request that has no reply yet; those that have one no longer listen. */
  function refuse(message: Outgoing, why: string, executed: 'maybe' | 'no', code?: number): 'done' {
    const { server } = target;
    if (message.id !== undefined) ears.failed(message.id, noReply(server, why, executed, code));
    return 'done';
  }

  /** Opens a new session in place of the forgotten one; calls that come meanwhile wait for the same one. */
  function renew(): Promise<void> {
    renewing ??= beginAnew().finally(() => {
      renewing = undefined;
    });
    return renewing;
  }

  async function beginAnew(): Promise<void> {
    if (hello === undefined && negotiated === undefined) return;
    const text = hello?.text ?? greetingText(negotiated, needs);
    const again: Outgoing = { text, id: undefined, method: 'initialize', name: undefined };
    const how = { path, method: 'POST' } as const;
    const ask = (body: string, message?: Outgoing) =>
      sender.send(undefined, () => ({ ...how, body, headers: headersFor(message) }));
    const { statusCode, headers, body } = await ask(text, again);
    await body.dump();
    // Refused for now: under the old id the next request finds out again.
    if (statusCode !== 200) return;
    sessionId = textOf(headers['mcp-session-id']);
    const done = await ask('{"jsonrpc":"2.0","method":"notifications/initialized"}');
    await done.body.dump();
    ears.renewed();
    listening.start();
  }

  /** Takes leave of the session, if there is one. */
  async function endSession(): Promise<void> {
    if (sessionId === undefined) return;
    const signal = AbortSignal.timeout(farewellMs);
    const headers = { ...headersFor(undefined), 'mcp-session-id': sessionId };
    sessionId = undefined;
    try {
      const { body } = await pool.request({ path, method: 'DELETE', headers, signal });
      await body.dump();
    } catch {
      // A server that is gone has forgotten the session already.
    }
  }

  return {
    send(message) {
      if (!isOpen) return 0;
      const { id } = message;
      post(message, requests.begin(id))
        .catch((error: unknown) => {
          if (error instanceof Error && error.message === oldStream) {
            refuse(message, oldStream, 'no', 405);
          } else if (id !== undefined) {
            ears.failed(id, failureOf(error, target.server, sender.executed(id, error)));
          }
        })
        .finally(() => {
          requests.end(id);
          sender.forget(id);
        });
      return 0;
    },
    abort(id) {
      requests.abort(id);
      return negotiated?.era === 'modern';
    },
    settled: requests.settled,
    async knock() {
      const { body } = await pool.request({ path, method: 'OPTIONS' });
      body.dump().catch(() => {});
    },
    agreed(what) {
      negotiated = what;
      sessionId ??= what.sessionId;
      if (what.era === 'legacy') listening.start();
      // It was asked both ways, and answered both.
      else void endSession();
    },
    sessionId: () => sessionId,
    unsent: sender.unsent,
    close() {
      isOpen = false;
      listening.stop();
      requests.abortAll();
      void endSession().finally(() => pool.destroy());
    },
  };
}

function poolTo(origin: string): Pool {
  return new Pool(origin, {
    connections: connectionsMax,
    keepAliveTimeout: 60_000,
    // Deadlines are the calls' own; a server may think for as long as they allow.
    ...{ headersTimeout: 0, bodyTimeout: 0 },
  });
}

/** The headers that repeat what a modern message says. */
function mirrored(
  message: Outgoing,
  negotiated: Negotiated | undefined,
  toolNamed: (name: string) => JsonObject | undefined,
): Record<string, string> {
  const { method, params = {} } = message;
  const name = mirroredName(method, params);
  const tool = method === 'tools/call' && name !== undefined ? toolNamed(name) : undefined;
  return {
    'mcp-protocol-version': negotiated?.protocolVersion ?? modernVersion,
    'mcp-method': method,
    ...(name === undefined ? {} : { 'mcp-name': encodeHeaderValue(name) }),
    ...(tool === undefined ? {} : paramHeaders(tool, params['arguments'])),
  };
}

const plainHeaders: Readonly<Record<string, string>> = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
};

/** Of messages nobody can take back. */
const never = new AbortController().signal;

function textOf(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}

/** `initialize` where nobody sent it through this wire, with what was agreed elsewhere. */
export function greetingText(
  negotiated: Negotiated | undefined,
  { identity, capabilities }: Pick<HttpNeeds, 'identity' | 'capabilities'>,
): string {
  const protocolVersion = negotiated?.protocolVersion;
  const params = greeting({ identity, capabilities: capabilities(), protocolVersion });
  return requestText(0, 'initialize', JSON.stringify(params));
}
