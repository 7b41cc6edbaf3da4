import type { Dispatcher, Pool } from 'undici';
import type { Clock } from '../../../clock.ts';
import type { Authorizer } from '../auth/authorizer.ts';
import { sendAuthorized } from './authorized.ts';
import { sendWithin } from './redirects.ts';

/** A child of ours whose connection broke is probably dying; this long new requests wait to know. */
const doubtMs = 100;
/** Pause before a door is tried again. */
const knockAgainMs = 25;

type Request = Omit<Dispatcher.RequestOptions<number | undefined>, 'opaque'>;

/** Sends requests, and knows which of them the server cannot have executed. */
export interface Sender {
  /** Asks for the request anew each time it is tried; rejects with a Problem when somebody must sign in first. */
  send(
    id: number | undefined,
    request: () => Request,
  ): Promise<Dispatcher.ResponseData<number | undefined>>;
  /** Whether a request that failed with this error may have been executed. */
  executed(id: number | undefined, error: unknown): 'maybe' | 'no';
  /** The request is over. */
  forget(id: number | undefined): void;
  /** Requests no byte of which has been written. */
  unsent(): readonly number[];
}

/**
 * Sends to a child of ours even while it refuses connections, as it does between its death and the news of it: a
 * request held back here is not lost with the child, but goes to its successor.
 */
export function createSender(needs: {
  readonly pool: Pool;
  /** Of the server, which the pool is for. */
  readonly origin: string;
  /** Signs the requests, where somebody can sign in to the server. */
  readonly authorizer: Authorizer | undefined;
  readonly clock: Clock;
  /** Longest wait for a child that refuses connections. */
  readonly patienceMs: number;
  /** False for servers whose death nobody will report; those are not waited for. */
  readonly isOurs: () => boolean;
}): Sender {
  const { pool, origin, clock, isOurs } = needs;
  const unsent = new Set<number>();
  let brokenAtMs = Number.NEGATIVE_INFINITY;

  // Errors do not tell whether anything was written, so the moment it begins is noted.
  const noting = pool.compose((dispatch) => (options, handler) => {
    const id = (options as Dispatcher.RequestOptions<number | undefined>).opaque;
    const begin = handler.onRequestStart?.bind(handler);
    handler.onRequestStart = (controller, context) => {
      if (id !== undefined) unsent.delete(id);
      begin?.(controller, context);
    };
    return dispatch(options, handler);
  });

  async function sendPatiently(id: number | undefined, request: () => Request) {
    const untilMs = clock.tickMs() + needs.patienceMs;
    for (;;) {
      if (id !== undefined) unsent.add(id);
      const isInDoubt = isOurs() && clock.tickMs() - brokenAtMs < doubtMs;
      try {
        const ask = (one: Request) => noting.request({ ...one, opaque: id });
        if (!isInDoubt) return await sendWithin(origin, request(), ask);
      } catch (error) {
        if (!isOurs() || !isUnreached(error) || clock.tickMs() >= untilMs) throw error;
      }
      await new Promise<void>((resolve) => clock.after(knockAgainMs, resolve));
    }
  }

  const { authorizer } = needs;
  return {
    send:
      authorizer === undefined
        ? sendPatiently
        : (id, request) => sendAuthorized(authorizer, () => sendPatiently(id, request)),
    executed(id, error) {
      if (brokenCodes.has(codeOf(error))) brokenAtMs = clock.tickMs();
      return isUnreached(error) || (id !== undefined && unsent.has(id)) ? 'no' : 'maybe';
    },
    forget(id) {
      if (id !== undefined) unsent.delete(id);
    },
    unsent: () => [...unsent],
  };
}

/** True when the connection was never made, so that nothing can have been executed. */
function isUnreached(error: unknown): boolean {
  return unreachedCodes.has(codeOf(error));
}

const unreachedCodes: ReadonlySet<unknown> = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'UND_ERR_CONNECT_TIMEOUT'],
]);
/** A request that is taken back breaks its connection too; that says nothing of the server. */
const brokenCodes: ReadonlySet<unknown> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
