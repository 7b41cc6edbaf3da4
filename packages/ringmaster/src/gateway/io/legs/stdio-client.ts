import { randomUUID } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';
import { type Frame, frameOf, headersOfFrame } from '../../frame.ts';
import { errorText, isObject, notificationText, type RequestId } from '../../messages.ts';
import { newestLegacyVersion, rpcCodes } from '../../protocol.ts';
import { createDaemonEndpoint, type DaemonEndpoint, type Exchanged } from './daemon-endpoint.ts';
import { readLines } from './line-reader.ts';

/** Longest message in either direction, and most text the client may leave unread. */
const messageMaxLength = 64 * 1_048_576;
/** A daemon that restarts is away for less than this. */
const patienceMs = 3_000;
const againMs = 100;
/** Pause before the stream of changes is opened again. */
const streamAgainMs = 500;
/** After the client's last line, replies still under way get this long. */
const farewellMs = 10_000;

/**
 * Serves a stdio client by the daemon's HTTP endpoint: every line becomes a POST, every message that
 * comes back a line. Resolves when the input has ended and the last replies are written. Imports
 * little, because it starts with the client.
 */
export async function connectStdio(needs: {
  readonly url: string;
  readonly input: Readable;
  readonly output: Writable;
}): Promise<void> {
  const { input, output } = needs;
  const endpoint = createDaemonEndpoint(needs.url, messageMaxLength);
  const write = (text: string): void => {
    if (output.writableLength > messageMaxLength) output.destroy();
    else output.write(`${text.includes('\n') ? JSON.stringify(JSON.parse(text)) : text}\n`);
  };
  const client = createClient(endpoint, needs.url, write);
  await new Promise<void>((resolve) => {
    output.once('error', resolve);
    output.once('close', resolve);
    readLines(input, {
      maxLength: messageMaxLength,
      onLine: client.receive,
      onTooLong: () => write(unusable(`A line is longer than ${messageMaxLength} characters`)),
      onEnd: () => void client.settled(farewellMs).then(resolve),
    });
  });
  await client.end();
  endpoint.close();
}

interface Client {
  receive(line: string): void;
  /** Resolves when no reply is under way. */
  settled(patienceMs: number): Promise<void>;
  end(): Promise<void>;
}

interface Session {
  readonly id: string;
  readonly version: string;
}

function createClient(
  endpoint: DaemonEndpoint,
  url: string,
  write: (text: string) => void,
): Client {
  /** Requests under way, by the client's id. */
  const sent = new Map<RequestId, { readonly frame: Frame; readonly abort: () => void }>();
  const takenBack = new WeakSet<Frame>();
  const underWay = new Set<Promise<void>>();
  const carried = `stdio-${randomUUID()}`;
  let hello: Frame | undefined;
  let session: Session | undefined;
  let opening: Promise<void> = Promise.resolve();
  let renewing: Promise<void> | undefined;
  let abortStream: () => void = () => {};
  let isEnding = false;

  function post(
    frame: Frame,
    onMessage: (text: string, status: number) => void,
  ): Promise<Exchanged> {
    const [id] = frame.ids;
    const done = endpoint.exchange({
      method: 'POST',
      headers: headersOfFrame(frame, { carried, session }),
      body: frame.text,
      onSent: (abort) => void (id !== undefined && sent.set(id, { frame, abort })),
      onMessage,
    });
    return done.finally(() => void (id !== undefined && sent.delete(id)));
  }

  /** Keeps trying while the daemon cannot be reached at all, for as long as a restart of it takes. */
  async function reach(send: () => Promise<Exchanged>): Promise<Exchanged> {
    const sinceMs = performance.now();
    for (;;) {
      try {
        return await send();
      } catch (error) {
        const isLate = performance.now() - sinceMs > patienceMs;
        if (!isRefusal(error) || isLate || isEnding) throw error;
        await new Promise((resolve) => setTimeout(resolve, againMs));
      }
    }
  }

  async function relay(frame: Frame): Promise<void> {
    let answer = '';
    try {
      for (let attempt = 1; ; attempt += 1) {
        const used = frame.modernVersion === undefined ? session : undefined;
        const mayRenew = attempt === 1 && used !== undefined && frame.method !== 'initialize';
        const { status, headers } = await reach(() =>
          post(frame, (text, code) => {
            if (code === 404 && mayRenew) return;
            answer = text;
            write(code < 400 ? text : addressed(text, frame));
          }),
        );
        if (frame.method === 'initialize' && status === 200) open(frame, headers, answer);
        if (status !== 404 || !mayRenew) return;
        await (session === used ? renew() : undefined);
      }
    } catch (error) {
      if (takenBack.has(frame)) return;
      const why = `Cannot reach the Ringmaster daemon at ${url}: ${reasonOf(error)}`;
      for (const id of frame.ids) write(errorText(id, { code: rpcCodes.internal, message: why }));
    }
  }

  function open(frame: Frame, headers: Exchanged['headers'], answer: string): void {
    const id = headers['mcp-session-id'];
    if (typeof id !== 'string') return;
    hello = frame;
    session = { id, version: versionIn(answer) };
  }

  /** The daemon forgot the session, as it does when it starts anew: the client need not know. */
  function renew(): Promise<void> {
    renewing ??= beginAnew().finally(() => {
      renewing = undefined;
    });
    return renewing;
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
    open(again, headers, answer);
    const text = notificationText('notifications/initialized');
    const initialized = frameOf(text);
    if (initialized !== undefined) await post(initialized, () => {});
  }

  /** Messages that belong to no request; begins anew for as long as the client is there. */
  async function stream(): Promise<void> {
    while (!isEnding) {
      const used = session;
      if (used === undefined) return;
      try {
        const { status } = await endpoint.exchange({
          method: 'GET',
          headers: { 'mcp-session-id': used.id, 'mcp-protocol-version': used.version },
          onSent: (abort) => {
            abortStream = abort;
          },
          onMessage: (text, code) => void (code === 200 && write(text)),
        });
        if (status === 405) return;
        if (status === 404 && session === used) await renew();
      } catch {
        // The daemon went away; its next life is looked for until the client ends.
      }
      if (isEnding) return;
      await new Promise((resolve) => setTimeout(resolve, streamAgainMs).unref());
    }
  }

  function take(frame: Frame): void {
    const isFirst = frame.method === 'initialize';
    const sending = (frame.modernVersion === undefined ? opening : Promise.resolve()).then(() =>
      relay(frame),
    );
    // A client that listens does so until it ends; that is nothing to wait for.
    if (frame.method !== 'subscriptions/listen') underWay.add(sending);
    void sending.then(() => {
      underWay.delete(sending);
      if (frame.method === 'notifications/initialized') void stream();
    });
    if (isFirst) opening = sending;
  }

  return {
    receive(line) {
      const frame = frameOf(line);
      if (frame === undefined) {
        write(unusable('The line is not JSON'));
        return;
      }
      const cancelled = frame.cancels === undefined ? undefined : sent.get(frame.cancels);
      // Stateless requests are taken back by closing them; a session's by the notification itself.
      if (cancelled?.frame.modernVersion === undefined) take(frame);
      else {
        takenBack.add(cancelled.frame);
        cancelled.abort();
      }
    },
    settled: (waitMs) =>
      Promise.race([
        Promise.all(underWay).then(() => {}),
        new Promise<void>((resolve) => setTimeout(resolve, waitMs).unref()),
      ]),
    async end() {
      isEnding = true;
      abortStream();
      for (const { abort } of sent.values()) abort();
      if (session === undefined) return;
      const headers = { 'mcp-session-id': session.id, 'mcp-protocol-version': session.version };
      // A daemon that is gone has no session left to end.
      await endpoint.exchange({ method: 'DELETE', headers, onMessage: () => {} }).catch(() => {});
    },
  };
}

/** An error that names no request, given the id of the one it answers. */
function addressed(text: string, frame: Frame): string {
  const [id] = frame.ids;
  if (id === undefined) return text;
  const message: unknown = JSON.parse(text);
  return isObject(message) && message['id'] === null ? JSON.stringify({ ...message, id }) : text;
}

function unusable(message: string): string {
  return errorText(null, { code: rpcCodes.parseError, message });
}

/** The revision a reply to `initialize` settles on. */
function versionIn(answer: string): string {
  const message: unknown = JSON.parse(answer);
  const result = isObject(message) ? message['result'] : undefined;
  const version = isObject(result) ? result['protocolVersion'] : undefined;
  return typeof version === 'string' ? version : newestLegacyVersion;
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
}

function reasonOf(error: unknown): string {
  if (isRefusal(error)) return 'it is not running; start it with ringmaster up';
  const message = error instanceof Error ? error.message : String(error);
  return `${message}; the request may have executed`;
}
