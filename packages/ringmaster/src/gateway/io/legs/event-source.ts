import type { Dispatcher } from 'undici';
import type { Clock } from '../../../clock.ts';
import { isEventStream } from '../http.ts';
import { isTooLarge, readEvents } from './http-body.ts';

/** Pause before a stream is taken up again, unless its server says another. */
const retryMs = 1_000;
/** Longest pause a server may ask for. */
const retryMaxMs = 60_000;
/** Times in a row a stream is taken up in vain. */
const attemptsMax = 10;

/** Said of a server that opens a stream of 2024-11-05 whatever it is asked. */
export const oldStream = 'it answers with a stream of HTTP+SSE';

/** Opens a stream by GET, after an event if one is given. */
type OpenStream = (
  lastEventId: string | undefined,
  signal: AbortSignal,
) => Promise<Dispatcher.ResponseData<unknown>>;

/** What reading a server's streams needs. */
export interface StreamNeeds {
  readonly clock: Clock;
  readonly maxBytes: number;
  readonly receive: (text: string) => void;
  readonly open: OpenStream;
}

/**
 * Reads the stream that answers a request. Where the server names its events and the stream ends or breaks off
 * before the reply, it is taken up again after the newest event, when the server says (2025-11-25, resumability).
 * Resolves when the reply came or the server is done; rejects when the stream is lost.
 */
export async function followReply(
  first: AsyncIterable<Buffer>,
  needs: StreamNeeds & {
    readonly isReply: (text: string) => boolean;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { clock, signal } = needs;
  let body: AsyncIterable<Buffer> | undefined = first;
  let place: string | undefined;
  let pauseMs = retryMs;
  let isAnswered = false;
  let attempts = 0;

  const read = (from: AsyncIterable<Buffer>): Promise<void> =>
    readEvents(from, needs.maxBytes, ({ id, name, data, retryMs: asked }) => {
      if (name === 'endpoint') throw new Error(oldStream);
      attempts = 0;
      place = id ?? place;
      pauseMs = Math.min(asked ?? pauseMs, retryMaxMs);
      if (data === '' || name !== 'message') return;
      // Servers that name no events cannot be asked again: theirs need not be looked at.
      isAnswered ||= place !== undefined && needs.isReply(data);
      needs.receive(data);
    });

  for (;;) {
    try {
      if (body !== undefined) await read(body);
      if (isAnswered || place === undefined) return;
    } catch (error) {
      if (isAnswered) return;
      if (place === undefined || signal.aborted || isTooLarge(error)) throw error;
    }
    attempts += 1;
    if (attempts > attemptsMax) throw new Error(`its stream broke off ${attemptsMax} times`);
    await new Promise<void>((resolve) => clock.after(pauseMs, resolve));
    if (signal.aborted) return;
    body = await reopen(needs, place, signal);
  }
}

/** Undefined when the server cannot be reached now; rejects when it refuses. */
async function reopen(
  { open }: StreamNeeds,
  place: string | undefined,
  signal: AbortSignal,
): Promise<AsyncIterable<Buffer> | undefined> {
  const response = await open(place, signal).catch(() => undefined);
  if (response === undefined || response.statusCode === 200) return response?.body;
  await response.body.dump();
  if (response.statusCode >= 500) return undefined;
  throw new Error(`it answered HTTP ${response.statusCode} to taking up its stream again`);
}

/** The stream of messages that belong to no request, in the era of sessions. */
export interface Listening {
  /** Opens it, anew if it is open. */
  start(): void;
  stop(): void;
  isOpen(): boolean;
}

/** Listens for as long as it may; servers may have no such stream. `onGap` hears that something may have gone unheard. */
export function createListening(needs: StreamNeeds & { readonly onGap: () => void }): Listening {
  const { clock, maxBytes, receive, open } = needs;
  let current: AbortController | undefined;
  /** Whose stream is open. */
  let opened: AbortController | undefined;

  /** Opens the stream and reads it to its end; false when the server has none. */
  async function follow(at: Standing, mine: AbortController): Promise<boolean> {
    const { statusCode, headers, body } = await open(at.place, mine.signal);
    if (statusCode !== 200 || !isEventStream(String(headers['content-type']))) {
      await body.dump();
      if (mayComeBack(statusCode)) return true;
      const wasKnown = at.place !== undefined;
      // The events after that one are forgotten: what comes from now on is heard all the same.
      at.place = undefined;
      return wasKnown;
    }
    if (at.wasOpen && at.place === undefined) needs.onGap();
    at.wasOpen = true;
    opened = mine;
    await readEvents(body, maxBytes, ({ id, name, data, retryMs: asked }) => {
      at.failures = 0;
      at.place = id ?? at.place;
      at.pauseMs = Math.min(asked ?? at.pauseMs, retryMaxMs);
      if (data !== '' && name === 'message') receive(data);
    });
    return true;
  }

  async function listen(mine: AbortController): Promise<void> {
    const at: Standing = { place: undefined, pauseMs: retryMs, failures: 0, wasOpen: false };
    while (!mine.signal.aborted) {
      const beganTickMs = clock.tickMs();
      at.failures += 1;
      try {
        if (!(await follow(at, mine))) return;
      } catch {
        // Broken off or never there: changes are heard of again once it is back.
      } finally {
        if (opened === mine) opened = undefined;
      }
      // Quiet for long is nothing wrong; over at once, again and again, is no stream.
      if (clock.tickMs() - beganTickMs >= retryMaxMs) at.failures = 0;
      const waitMs = Math.min(at.pauseMs * 2 ** Math.min(at.failures, 6), retryMaxMs);
      await new Promise<void>((resolve) => clock.after(waitMs, resolve));
    }
  }

  return {
    start() {
      current?.abort();
      current = new AbortController();
      void listen(current);
    },
    stop: () => current?.abort(),
    isOpen: () => opened !== undefined && opened === current,
  };
}

/** How listening stands between two connections. */
interface Standing {
  /** The newest event that has a name. */
  place: string | undefined;
  pauseMs: number;
  /** In a row, without an event between them. */
  failures: number;
  wasOpen: boolean;
}

/** Somebody between us and the server could not reach it, or we came too often. */
function mayComeBack(statusCode: number): boolean {
  return statusCode >= 500 || statusCode === 429;
}
