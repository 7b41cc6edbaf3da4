import type { NewEvent } from '../journal/events.ts';
import { isObject, type JsonObject } from './messages.ts';

/** The record of one call for a collector of traces. */
export interface CallTrace {
  /** What the server is sent instead: it names our part as what its own belongs to. */
  readonly params: JsonObject;
  finished(event: Extract<NewEvent, { kind: 'call.finished' }>): void;
}

/** Begins the record of a call; undefined when this one is not recorded. */
export type BeginTrace = (params: JsonObject) => CallTrace | undefined;

/** `traceparent` as W3C Trace Context writes it. */
const traceparent = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Longest `tracestate` or `baggage` that travels in a header, in characters (W3C Baggage, 3.3.2: 8 192 bytes). */
const headerMax = 8_192;
const printable = /^[\x20-\x7e]+$/;
/** Trace context is the same in `_meta` (2026-07-28, reserved keys) as in headers (W3C Trace Context, W3C Baggage). */
const contextKeys = ['traceparent', 'tracestate', 'baggage'] as const;

/**
 * A request with the trace context of the HTTP headers it came with, for a client whose HTTP library brings it there;
 * what stands in `_meta` counts more. The very same value where nothing differs.
 */
export function withHeaderTrace(
  message: unknown,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): unknown {
  const { traceparent: given } = headers;
  if (typeof given !== 'string' || !traceparent.test(given)) return message;
  if (!isObject(message) || message['id'] === undefined) return message;
  const params = isObject(message['params']) ? message['params'] : {};
  const meta = isObject(params['_meta']) ? params['_meta'] : {};
  if (meta['traceparent'] !== undefined) return message;
  return { ...message, params: { ...params, _meta: { ...contextOf(headers), ...meta } } };
}

/** The headers that repeat the trace context of a message for servers whose HTTP library looks there. */
export function traceHeaders(params: JsonObject | undefined): Readonly<Record<string, string>> {
  const meta = params?.['_meta'];
  return isObject(meta) && meta['traceparent'] !== undefined ? contextOf(meta) : {};
}

function contextOf(given: Readonly<Record<string, unknown>>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const key of contextKeys) {
    const value = given[key];
    const isFit = typeof value === 'string' && value.length <= headerMax && printable.test(value);
    if (isFit) found[key] = value;
  }
  return found;
}

/** How trace context is passed on to one server. */
export interface TraceRules {
  /** False for servers that run elsewhere: what a client says in confidence stops there. */
  readonly isTrusted: boolean;
  /** Begins a trace where the client brought none; gives a `traceparent`. */
  readonly start: (() => string) | undefined;
}

/**
 * The trace context a server is sent in `_meta` (2026-07-28, reserved keys): the client's goes on, what is malformed is
 * not passed on, and `baggage`, in which clients may carry anything, stops where the machine ends. `start` begins a
 * trace for a stateless server when the client brought none. The very same object when nothing differs.
 */
export function withTrace(meta: JsonObject, how: TraceRules): JsonObject {
  const { traceparent: parent, tracestate, baggage } = meta;
  const isWellFormed = typeof parent === 'string' && traceparent.test(parent);
  const keptBaggage = how.isTrusted ? baggage : undefined;
  const started = parent === undefined ? how.start?.() : undefined;
  const isSame = keptBaggage === baggage && started === undefined;
  if (isSame && (isWellFormed || (parent === undefined && tracestate === undefined))) return meta;
  const { traceparent: _parent, tracestate: _state, baggage: _baggage, ...rest } = meta;
  return {
    ...rest,
    ...(isWellFormed ? { traceparent: parent } : {}),
    ...(isWellFormed && tracestate !== undefined ? { tracestate } : {}),
    ...(started === undefined ? {} : { traceparent: started }),
    ...(keptBaggage === undefined ? {} : { baggage: keptBaggage }),
  };
}

/** A new trace as `traceparent`: 24 random bytes in hex, not sampled, because nobody records its beginning. */
export function newTraceparent(randomHex: string): string {
  return `00-${randomHex.slice(0, 32)}-${randomHex.slice(32, 48)}-00`;
}
