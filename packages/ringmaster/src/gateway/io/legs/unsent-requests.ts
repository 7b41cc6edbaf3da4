import type { Dispatcher, Pool } from 'undici';
import type { Clock } from '../../../clock.ts';

/** A child of ours whose connection broke is probably dying; this long new requests wait to know. */
const doubtMs = 100;
/** Pause before a door is tried again. */
const knockAgainMs = 25;

/** The requests of a pool whose first byte is still to be written: whatever becomes of the server, it has not seen them. */
export interface UnsentRequests {
  /** Sends like the pool; requests are known by the number in `opaque`. */
  readonly sender: Dispatcher;
  /** By number; whoever sends adds it before and removes it after. */
  readonly unsent: Set<number>;
}

/** Notes the moment at which the pool begins to write each request, because its errors do not tell. */
export function trackUnsent(pool: Pool): UnsentRequests {
  const unsent = new Set<number>();
  const sender = pool.compose((dispatch) => (options, handler) => {
    const id = (options as Dispatcher.RequestOptions<number | undefined>).opaque;
    const begin = handler.onRequestStart?.bind(handler);
    handler.onRequestStart = (controller, context) => {
      if (id !== undefined) unsent.delete(id);
      begin?.(controller, context);
    };
    return dispatch(options, handler);
  });
  return { sender, unsent };
}

/** What `knock` must know of a server. */
export interface Door {
  readonly clock: Clock;
  /** Longest wait for a door that stays shut. */
  readonly patienceMs: number;
  /** False for servers whose death nobody will report; those are not waited for. */
  readonly isOurs: () => boolean;
  /** When a connection last broke in mid-request. */
  readonly brokenAtMs: () => number;
}

/**
 * Sends to a child of ours even while it refuses connections, as it does between its death and the news of it: a
 * request held back here is not lost with the child, but goes to its successor.
 */
export async function knock<Response>(
  send: () => Promise<Response>,
  { clock, patienceMs, isOurs, brokenAtMs }: Door,
): Promise<Response> {
  const untilMs = clock.nowMs() + patienceMs;
  for (;;) {
    const isInDoubt = isOurs() && clock.nowMs() - brokenAtMs() < doubtMs;
    try {
      if (!isInDoubt) return await send();
    } catch (error) {
      if (!isOurs() || !isUnreached(error) || clock.nowMs() >= untilMs) throw error;
    }
    await new Promise<void>((resolve) => clock.after(knockAgainMs, resolve));
  }
}

/** True when the connection was never made, so that nothing can have been executed. */
export function isUnreached(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'UND_ERR_CONNECT_TIMEOUT';
}
