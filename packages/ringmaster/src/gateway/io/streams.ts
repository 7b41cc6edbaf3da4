import type { ServerResponse } from 'node:http';
import type { Cancel, Clock } from '../../clock.ts';

/** A comment this often keeps proxies and clients from giving up on a quiet stream. */
const keepAliveMs = 25_000;
/** A client that leaves this much unread is too slow; its stream ends and it may open another. */
const unreadBytesMax = 4 * 1_048_576;
/** What all clients together may leave unread; beyond it those that left most are cut off first. */
const unreadTotalBytesMax = 64 * 1_048_576;
/** After so much was written, what is unread is added up again. */
const weighEveryBytes = 4 * 1_048_576;

/** A response as server-sent events. */
export interface Stream {
  /** Sends one JSON-RPC message; with an id the client can say later how far it got. */
  send(text: string, id?: string): void;
  /** Tells the client where it stands before there is anything to say, and how soon to come back (2025-11-25). */
  prime(id: string, retryMs: number): void;
  /** An event of the 2024-11-05 transport that is no message. */
  tell(event: string, data: string): void;
  end(): void;
  isOpen(): boolean;
  /** True once everything, the end included, was handed to the network. */
  isFlushed(): boolean;
}

/** Opens event streams and keeps them alive. */
export interface Streams {
  /** Begins the response; `onClose` is called once, whoever ends it. */
  open(
    response: ServerResponse,
    headers: Readonly<Record<string, string>>,
    onClose?: () => void,
  ): Stream;
  /** Ends all of them, what was written first: their clients see that they broke off, and come back. */
  close(): void;
}

/**
 * All open event streams, with one timer for their keep-alive comments. `onCut` hears of streams that were cut off
 * because their client does not read, and what it left unread.
 */
export function createStreams(
  clock: Clock,
  onCut: (unreadBytes: number, why: string) => void = () => {},
): Streams {
  const open = new Set<ServerResponse>();
  let cancel: Cancel | undefined;
  let writtenBytes = 0;

  function keepAlive(): void {
    for (const response of open) write(response, ': keep-alive\n\n');
    cancel = open.size === 0 ? undefined : clock.after(keepAliveMs, keepAlive);
  }

  function write(response: ServerResponse, text: string): void {
    // Between its end and its close a response still counts as open, and must not be written to.
    if (response.writableEnded || response.destroyed) return;
    if (response.writableLength > unreadBytesMax) {
      cut(response, 'the client leaves too much of its stream unread');
      return;
    }
    response.write(text);
    writtenBytes += text.length;
    if (writtenBytes >= weighEveryBytes) weigh();
  }

  function cut(response: ServerResponse, why: string): void {
    onCut(response.writableLength, why);
    response.destroy();
  }

  /** Many slow readers, none of them too slow by itself, are too much together. */
  function weigh(): void {
    writtenBytes = 0;
    let unread = 0;
    for (const response of open) unread += response.writableLength;
    if (unread <= unreadTotalBytesMax) return;
    const slowest = [...open].sort((a, b) => b.writableLength - a.writableLength);
    for (const response of slowest) {
      if (unread <= unreadTotalBytesMax) return;
      unread -= response.writableLength;
      cut(response, 'all clients together leave too much of their streams unread');
    }
  }

  return {
    open(response, headers, onClose) {
      response.writeHead(200, { ...streamHeaders, ...headers });
      response.flushHeaders();
      open.add(response);
      cancel ??= clock.after(keepAliveMs, keepAlive);
      response.once('close', () => {
        open.delete(response);
        onClose?.();
      });
      return {
        send(text, id) {
          const named = id === undefined ? '' : `id: ${id}\n`;
          write(response, `event: message\n${named}data: ${text}\n\n`);
        },
        prime: (id, retryMs) => write(response, `id: ${id}\nretry: ${retryMs}\ndata: \n\n`),
        tell: (event, data) => write(response, `event: ${event}\ndata: ${data}\n\n`),
        end: () => response.end(),
        isOpen: () => !response.writableEnded && !response.destroyed,
        isFlushed: () => response.writableFinished,
      };
    },
    close() {
      cancel?.();
      // Cut off rather than ended: older clients come back only for a stream that broke.
      for (const response of open) response.socket?.destroySoon();
      open.clear();
    },
  };
}

const streamHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};
