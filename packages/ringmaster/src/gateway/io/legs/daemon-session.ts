import { type Frame, frameOf } from '../../frame.ts';
import { isObject, notificationText } from '../../messages.ts';
import { newestLegacyVersion } from '../../protocol.ts';
import type { DaemonEndpoint, Exchanged } from './daemon-endpoint.ts';

/** A daemon that was never reached is waited for this long. */
const patienceMs = 3_000;
/** One that was there is away for less than this while it starts anew. */
const restartMs = 20_000;
const againMs = 100;
/** Pause before a stream is taken up again. */
export const streamAgainMs = 500;

/** A client's session with the daemon, for the eras that have one. */
export interface DaemonSession {
  /** Headers of a message of the session; none before it has begun. */
  current(): { readonly id: string; readonly version: string } | undefined;
  /** Keeps trying while the daemon cannot be reached at all, for as long as a restart of it takes. */
  reach(send: () => Promise<Exchanged>): Promise<Exchanged>;
  /** The daemon answered `initialize`. */
  opened(hello: Frame, headers: Exchanged['headers'], answer: string): void;
  /** Begins another session in place of one the daemon forgot: the client need not know. */
  renew(used: { readonly id: string }): Promise<void>;
  /** Reads what belongs to no request; begins anew for as long as the client is there. */
  listen(): Promise<void>;
  /** Takes leave. */
  end(): Promise<void>;
}

/** No session at first; `post` sends a frame to the daemon. */
export function createDaemonSession(needs: {
  readonly endpoint: DaemonEndpoint;
  readonly write: (text: string) => void;
  readonly post: (frame: Frame, onMessage: (text: string) => void) => Promise<Exchanged>;
  /** Where the daemon is now, when it may have moved. */
  readonly relocate: (() => Promise<string | undefined>) | undefined;
}): DaemonSession {
  const { endpoint, write, post } = needs;
  let hello: Frame | undefined;
  let session: { readonly id: string; readonly version: string } | undefined;
  let renewing: Promise<void> | undefined;
  let abortStream: () => void = () => {};
  let isEnding = false;
  let wasReached = false;

  async function reach(send: () => Promise<Exchanged>): Promise<Exchanged> {
    const sinceMs = performance.now();
    for (;;) {
      try {
        const exchanged = await send();
        wasReached = true;
        return exchanged;
      } catch (error) {
        const isLate = performance.now() - sinceMs > (wasReached ? restartMs : patienceMs);
        if (!isRefusal(error) || isLate || isEnding) throw error;
        await pause(againMs);
        const url = await needs.relocate?.();
        if (url !== undefined) endpoint.moveTo(url);
      }
    }
  }

  function opened(frame: Frame, headers: Exchanged['headers'], answer: string): void {
    const id = headers['mcp-session-id'];
    if (typeof id !== 'string') return;
    hello = frame;
    session = { id, version: versionIn(answer) };
  }

  async function beginAnew(): Promise<void> {
    const again = hello;
    if (again === undefined) return;
    let answer = '';
    const { headers } = await reach(() =>
      post({ ...again, ids: [] }, (text) => {
        answer = text;
      }),
    );
    opened(again, headers, answer);
    const initialized = frameOf(notificationText('notifications/initialized'));
    if (initialized !== undefined) await post(initialized, () => {});
  }

  function renew(used: { readonly id: string }): Promise<void> {
    if (session?.id !== used.id) return Promise.resolve();
    renewing ??= beginAnew().finally(() => {
      renewing = undefined;
    });
    return renewing;
  }

  return {
    current: () => session,
    reach,
    opened,
    renew,
    async listen() {
      let lastEventId: string | undefined;
      while (!isEnding) {
        const used = session;
        if (used === undefined) return;
        const place = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
        try {
          const { status } = await reach(() =>
            endpoint.exchange({
              method: 'GET',
              headers: { ...headersOf(used), ...place },
              onSent: (abort) => {
                abortStream = abort;
              },
              onMessage: (text, code) => void (code === 200 && write(text)),
              onEventId: (id) => {
                lastEventId = id;
              },
            }),
          );
          if (status === 405) return;
          if (status === 404) await renew(used);
          if (status !== 200) lastEventId = undefined;
        } catch {
          // The daemon went away; its next life is looked for until the client ends.
        }
        if (!isEnding) await pause(streamAgainMs);
      }
    },
    async end() {
      isEnding = true;
      abortStream();
      if (session === undefined) return;
      const headers = headersOf(session);
      // A daemon that is gone has no session left to end.
      await endpoint.exchange({ method: 'DELETE', headers, onMessage: () => {} }).catch(() => {});
    },
  };
}

/** Headers of what belongs to a session. */
export function headersOf(session: {
  readonly id: string;
  readonly version: string;
}): Record<string, string> {
  return { 'mcp-session-id': session.id, 'mcp-protocol-version': session.version };
}

/** True when nobody listens where the daemon was: the request has not arrived. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
}

/** Waits without keeping the process alive. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

/** The revision a reply to `initialize` settles on. */
function versionIn(answer: string): string {
  const message: unknown = JSON.parse(answer);
  const result = isObject(message) ? message['result'] : undefined;
  const version = isObject(result) ? result['protocolVersion'] : undefined;
  return typeof version === 'string' ? version : newestLegacyVersion;
}
