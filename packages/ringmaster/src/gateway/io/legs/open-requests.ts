import type { Clock } from '../../../clock.ts';

/** How long the stream of a request may stay open after its reply. */
const lingerMs = 500;

/** Requests on their way, and how each is ended before its server ends it; ids of undefined are notifications. */
export interface OpenRequests {
  /** What breaks the request off; null for notifications, which nobody takes back. */
  begin(id: number | undefined): AbortSignal | null;
  signal(id: number | undefined): AbortSignal | undefined;
  /** Its answer is a stream. */
  streams(id: number | undefined): void;
  /** It has its reply: a stream that is still open after a while holds up a connection for nothing. */
  settled(id: number): void;
  abort(id: number): void;
  end(id: number | undefined): void;
  abortAll(): void;
}

/** Nothing is on its way yet. */
export function createOpenRequests(clock: Clock): OpenRequests {
  const aborts = new Map<number, AbortController>();
  const streaming = new Set<number>();
  return {
    begin(id) {
      if (id === undefined) return null;
      const abort = new AbortController();
      aborts.set(id, abort);
      return abort.signal;
    },
    signal: (id) => (id === undefined ? undefined : aborts.get(id)?.signal),
    streams(id) {
      if (id !== undefined) streaming.add(id);
    },
    settled(id) {
      if (streaming.has(id)) clock.after(lingerMs, () => aborts.get(id)?.abort());
    },
    abort: (id) => aborts.get(id)?.abort(),
    end(id) {
      if (id === undefined) return;
      aborts.delete(id);
      streaming.delete(id);
    },
    abortAll() {
      for (const abort of aborts.values()) abort.abort();
    },
  };
}
