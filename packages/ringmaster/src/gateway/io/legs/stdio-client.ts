import { randomUUID } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';
import { type Frame, frameOf, headersOfFrame } from '../../frame.ts';
import { errorText, isObject, type RequestId, readJson } from '../../messages.ts';
import { rpcCodes } from '../../protocol.ts';
import { createDaemonEndpoint, type DaemonEndpoint, type Exchanged } from './daemon-endpoint.ts';
import {
  createDaemonSession,
  headersOf,
  isRefusal,
  pause,
  streamAgainMs,
} from './daemon-session.ts';
import { readLines } from './line-reader.ts';
import { addressed, earlyAnswers, newsOf, unusable } from './stdio-answers.ts';

/** Longest message in either direction, and most text the client may leave unread. */
const messageMaxLength = 64 * 1_048_576;
/** After the client's last line, replies still under way get this long. */
const farewellMs = 10_000;

/** What a stdio client needs of its surroundings. */
interface StdioNeeds {
  readonly url: string;
  readonly input: Readable;
  readonly output: Writable;
  /** The endpoint's address as it is now; asked for when nobody listens at the old one any more. */
  readonly relocate?: () => Promise<string | undefined>;
}

/**
 * Serves a stdio client by the daemon's HTTP endpoint: every line becomes a POST, every message that comes back a
 * line. A daemon that starts anew in between is not noticed. Resolves when the input has ended and the last replies
 * are written. Imports little, because it starts with the client.
 */
export async function connectStdio(needs: StdioNeeds): Promise<void> {
  const { input, output } = needs;
  const endpoint = createDaemonEndpoint(needs.url, messageMaxLength);
  const write = (text: string): void => {
    if (output.writableLength > messageMaxLength) output.destroy();
    else output.write(`${text.includes('\n') ? JSON.stringify(JSON.parse(text)) : text}\n`);
  };
  const client = createClient(endpoint, needs, write);
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

/** How far the answer to one frame has come. */
interface Progress {
  /** The newest event of its stream; undefined as long as it has none. */
  lastEventId: string | undefined;
  isAnswered: boolean;
}

function createClient(
  endpoint: DaemonEndpoint,
  needs: StdioNeeds,
  write: (text: string) => void,
): Client {
  /** Requests under way, by the client's id. */
  const sent = new Map<RequestId, { readonly frame: Frame; readonly abort: () => void }>();
  const takenBack = new WeakSet<Frame>();
  const underWay = new Set<Promise<void>>();
  const carried = `stdio-${randomUUID()}`;
  let opening: Promise<void> = Promise.resolve();
  let isEnding = false;
  const { relocate } = needs;
  const session = createDaemonSession({ endpoint, write, relocate, post });

  function post(
    frame: Frame,
    onMessage: (text: string, status: number) => void,
    onEventId: (id: string) => void = () => {},
  ): Promise<Exchanged> {
    const [id] = frame.ids;
    const done = endpoint.exchange({
      method: 'POST',
      headers: headersOfFrame(frame, { carried, session: session.current() }),
      body: frame.text,
      onSent: (abort) => void (id !== undefined && sent.set(id, { frame, abort })),
      onMessage,
      onEventId,
    });
    return done.finally(() => void (id !== undefined && sent.delete(id)));
  }

  /** Hands a message of a frame's stream on, and sees whether it is the reply. */
  function hear(frame: Frame, progress: Progress, text: string): void {
    // Only a stream that names its events can be taken up again: only there it matters.
    if (progress.lastEventId !== undefined) {
      const message = readJson(text);
      const isReply = isObject(message) && message['method'] === undefined;
      progress.isAnswered ||= isReply && message['id'] === frame.ids[0];
    }
    write(text);
  }

  async function relay(frame: Frame): Promise<void> {
    const isEarly = frame.modernVersion === undefined && frame.method !== 'initialize';
    if (isEarly && session.current() === undefined) {
      for (const answer of earlyAnswers(frame)) write(answer);
      return;
    }
    const progress: Progress = { lastEventId: undefined, isAnswered: false };
    try {
      await send(frame, progress);
      if (progress.lastEventId !== undefined) await takeUp(frame, progress);
    } catch (error) {
      if (takenBack.has(frame) || isEnding) return;
      const wasTakenUp = progress.lastEventId !== undefined && (await takeUp(frame, progress));
      if (!wasTakenUp) refuse(frame, error);
    }
  }

  async function send(frame: Frame, progress: Progress): Promise<void> {
    let answer = '';
    for (let attempt = 1; ; attempt += 1) {
      const used = frame.modernVersion === undefined ? session.current() : undefined;
      const mayRenew = attempt === 1 && used !== undefined && frame.method !== 'initialize';
      const onMessage = (text: string, code: number): void => {
        if (code === 404 && mayRenew) return;
        answer = text;
        if (code < 400) hear(frame, progress, text);
        else write(addressed(text, frame));
      };
      const { status, headers } = await session.reach(() =>
        post(frame, onMessage, (id) => {
          progress.lastEventId = id;
        }),
      );
      if (frame.method === 'initialize' && status === 200) session.opened(frame, headers, answer);
      if (status !== 404 || !mayRenew) return;
      await session.renew(used);
    }
  }

  /** Goes on with a stream that ended before the reply; false when the reply is lost. */
  async function takeUp(frame: Frame, progress: Progress): Promise<boolean> {
    while (!progress.isAnswered && !isEnding) {
      await pause(streamAgainMs);
      const used = session.current();
      const place = progress.lastEventId;
      if (used === undefined || place === undefined) return false;
      try {
        const { status } = await session.reach(() =>
          endpoint.exchange({
            method: 'GET',
            headers: { ...headersOf(used), 'last-event-id': place },
            onMessage: (text, code) => void (code === 200 && hear(frame, progress, text)),
            onEventId: (id) => {
              progress.lastEventId = id;
            },
          }),
        );
        if (status !== 200) return status === 204;
      } catch (error) {
        if (isRefusal(error)) return false;
      }
    }
    return true;
  }

  /** A subscription of the stateless era lasts as long as the client, over every life of the daemon. */
  async function subscribe(frame: Frame): Promise<void> {
    let lives = 0;
    let wanted = true;
    const onMessage = (text: string, code: number): void => {
      const message = readJson(text);
      const method = isObject(message) ? message['method'] : undefined;
      if (code >= 400 || method === undefined) wanted = false;
      if (lives > 1 && method === acknowledged) for (const news of newsOf(message)) write(news);
      else write(code < 400 ? text : addressed(text, frame));
    };
    while (wanted && !isEnding && !takenBack.has(frame)) {
      try {
        await session.reach(() => {
          lives += 1;
          return post(frame, onMessage);
        });
        return;
      } catch (error) {
        if (isEnding || takenBack.has(frame)) return;
        if (isRefusal(error)) {
          refuse(frame, error);
          return;
        }
        await pause(streamAgainMs);
      }
    }
  }

  function refuse(frame: Frame, error: unknown): void {
    const message = `Cannot reach the Ringmaster daemon at ${needs.url}: ${reasonOf(error)}`;
    for (const id of frame.ids) write(errorText(id, { code: rpcCodes.internal, message }));
  }

  function take(frame: Frame): void {
    if (frame.method === 'subscriptions/listen') {
      // A client that listens does so until it ends; that is nothing to wait for.
      void subscribe(frame);
      return;
    }
    const ready = frame.modernVersion === undefined ? opening : Promise.resolve();
    const sending = ready.then(() => relay(frame));
    underWay.add(sending);
    void sending.then(() => {
      underWay.delete(sending);
      if (frame.method === 'notifications/initialized') void session.listen();
    });
    if (frame.method === 'initialize') opening = sending;
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
    settled: (waitMs) => Promise.race([Promise.all(underWay).then(() => {}), pause(waitMs)]),
    async end() {
      isEnding = true;
      for (const { abort } of sent.values()) abort();
      await session.end();
    },
  };
}

const acknowledged = 'notifications/subscriptions/acknowledged';

function reasonOf(error: unknown): string {
  if (isRefusal(error)) return 'it is not running; start it with ringmaster up';
  const message = error instanceof Error ? error.message : String(error);
  return `${message}; the request may have executed`;
}
