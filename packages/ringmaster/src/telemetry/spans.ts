import type { NewEvent } from '../journal/events.ts';

/** W3C Trace Context, `traceparent`: version, trace, parent and flags; of the flags only `sampled` has a meaning. */
const traceparent = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const sampledFlag = 1;

type Json = Readonly<Record<string, unknown>>;

/** Where a span stands: ids as W3C writes them, in hex. */
export interface SpanPlace {
  readonly traceId: string;
  readonly spanId: string;
  /** Of the client; missing where the trace begins here. */
  readonly parentSpanId?: string;
  /** The client's `tracestate`, as it came. */
  readonly traceState?: string;
}

/** A call as a collector gets it. */
export interface Span extends SpanPlace {
  readonly startedAtMs: number;
  readonly tookMs: number;
  readonly call: Extract<NewEvent, { kind: 'call.finished' }>;
}

/**
 * Whether a call is recorded, and where its span stands. What a client decided holds: a trace it does not sample is not
 * recorded, one it does always is. Where it brought none, `ratio` of the calls are. `randomHex` gives 48 digits.
 */
export function placeSpan(
  params: Json,
  how: {
    readonly ratio: number;
    readonly chance: () => number;
    readonly randomHex: () => string;
  },
): SpanPlace | undefined {
  const given = metaOf(params)['traceparent'];
  const [, traceId, parentSpanId, flags = '0'] =
    (typeof given === 'string' ? traceparent.exec(given) : null) ?? [];
  if (traceId === undefined || parentSpanId === undefined) {
    if (how.chance() >= how.ratio) return undefined;
    const random = how.randomHex();
    return { traceId: random.slice(0, 32), spanId: random.slice(32, 48) };
  }
  if ((Number.parseInt(flags, 16) & sampledFlag) === 0) return undefined;
  const traceState = metaOf(params)['tracestate'];
  return {
    ...{ traceId, parentSpanId, spanId: how.randomHex().slice(0, 16) },
    ...(typeof traceState === 'string' ? { traceState } : {}),
  };
}

/** The params a server is sent: what it does belongs below our span. */
export function paramsBelow(params: Json, { traceId, spanId }: SpanPlace): Json {
  const parent = `00-${traceId}-${spanId}-01`;
  return { ...params, _meta: { ...metaOf(params), traceparent: parent } };
}

function metaOf(params: Json): Json {
  const meta = params['_meta'];
  return typeof meta === 'object' && meta !== null && !Array.isArray(meta) ? (meta as Json) : {};
}
