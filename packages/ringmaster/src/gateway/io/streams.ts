import type { ServerResponse } from 'node:http';
import type { Cancel, Clock } from '../../clock.ts';

/** A comment this often keeps proxies and clients from giving up on a quiet stream. */
const keepAliveMs = 25_000;
/** A client that leaves this much unread is too slow; its stream ends and it may open another. */
const unreadBytesMax = 4 * 1_048_576;

/** A response as server-sent events. */
export interface Stream {
  /** Sends one JSON-RPC message. */
  send(text: string): void;
  end(): void;
  isOpen(): boolean;
}

/** Opens event streams and keeps them alive. */
export interface Streams {
  /** Begins the response; `onClose` is called once, whoever ends it. */
  open(
    response: ServerResponse,
    headers: Readonly<Record<string, string>>,
    onClose?: () => void,
  ): Stream;
  /** Ends all of them. */
  close(): void;
}

/** All open event streams, with one timer for their keep-alive comments. */
export function createStreams(clock: Clock): Streams {
  const open = new Set<ServerResponse>();
  let cancel: Cancel | undefined;

  function keepAlive(): void {
    for (const response of open) write(response, ': keep-alive\n\n');
    cancel = open.size === 0 ? undefined : clock.after(keepAliveMs, keepAlive);
  }

  function write(response: ServerResponse, text: string): void {
    // Between its end and its close a response still counts as open, and must not be written to.
    if (response.writableEnded || response.destroyed) return;
    if (response.writableLength > unreadBytesMax) response.destroy();
    else response.write(text);
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
        send: (text) => write(response, `event: message\ndata: ${text}\n\n`),
        end: () => response.end(),
        isOpen: () => !response.writableEnded && !response.destroyed,
      };
    },
    close() {
      cancel?.();
      for (const response of open) response.end();
      open.clear();
    },
  };
}

const streamHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};
