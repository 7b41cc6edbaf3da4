import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Cancel, Clock } from '../../clock.ts';
import { Problem } from '../../errors.ts';
import type { JournalEvent } from '../../journal/events.ts';
import type { Journal } from '../../journal/journal.ts';
import { answerProblem } from './answers.ts';
import type { Door } from './api.ts';
import { readQuery } from './request-input.ts';

/** Streams at once; a browser opens one for each tab. */
const streamsMax = 200;
/** A reader with this much unread is fed from the journal again once it has caught up: memory stays bounded. */
const unreadBytesMax = 1_048_576;
/** Events read from the journal at a time while a reader catches up. */
const pageEvents = 1_000;
const keepAliveMs = 15_000;
/** What a reader should wait before it connects again. */
const retryMs = 1_000;

/** The live events, and the end of all streams. */
export interface Live {
  readonly door: Door;
  close(): void;
}

/**
 * `GET /api/live`: the journal as server-sent events, each with its number as id, so that a reader that comes back
 * with `Last-Event-ID` (or `?after=N`) misses none and sees none twice. Without either it begins with what happens
 * next. `?kind=instance.,alert.` narrows by kinds or prefixes; `?calls=count` tells finished calls as their number alone
 * (`event: calls`), which costs next to nothing however many there are; `event: gap` says which numbers the journal no
 * longer has.
 */
export function createLive(needs: {
  readonly journal: Pick<Journal, 'list' | 'follow' | 'newestSeq'>;
  readonly clock: Clock;
}): Live {
  const { journal, clock } = needs;
  const streams = new Set<ServerResponse>();
  let cancelKeepAlive: Cancel | undefined;

  function keepAlive(): void {
    for (const response of streams) if (response.writableLength === 0) response.write(':\n\n');
    cancelKeepAlive = streams.size === 0 ? undefined : clock.after(keepAliveMs, keepAlive);
  }

  function open(request: IncomingMessage, response: ServerResponse): void {
    if (streams.size >= streamsMax) {
      throw new Problem('bad_request', `${streamsMax} live streams are open already`);
    }
    const { afterSeq, ...wanted } = wishes(request);
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    const reader = createReader({ journal, response, ...wanted });
    streams.add(response);
    cancelKeepAlive ??= clock.after(keepAliveMs, keepAlive);
    response.once('close', () => {
      streams.delete(response);
      reader.end();
    });
    reader.begin(afterSeq);
  }

  return {
    door(request, response) {
      try {
        open(request, response);
      } catch (error) {
        answerProblem(response, error, () => {});
      }
    },
    close() {
      cancelKeepAlive?.();
      for (const response of streams) response.end();
    },
  };
}

/** Feeds one stream: from the journal while it is behind, then with every batch as it is committed. */
function createReader(needs: {
  readonly journal: Pick<Journal, 'list' | 'follow' | 'newestSeq'>;
  readonly response: ServerResponse;
  readonly wants: (kind: string) => boolean;
  readonly countsCalls: boolean;
}): { begin(afterSeq: number | undefined): void; end(): void } {
  const { journal, response, wants, countsCalls } = needs;
  let sentSeq = 0;
  let isCatchingUp = false;
  let isOver = false;
  let unfollow = (): void => {};

  function send(events: readonly JournalEvent[]): void {
    let text = '';
    let count = 0;
    for (const event of events) {
      if (event.seq <= sentSeq) continue;
      sentSeq = event.seq;
      if (countsCalls && event.kind === 'call.finished') {
        count += 1;
        continue;
      }
      if (wants(event.kind)) text += `id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`;
    }
    if (count > 0) text += `id: ${sentSeq}\nevent: calls\ndata: ${JSON.stringify({ count })}\n\n`;
    if (text !== '') response.write(text);
  }

  /** Resolves once the reader has taken in what waits for it, or has left. */
  function drained(): Promise<void> {
    if (!response.writableNeedDrain || isOver) return Promise.resolve();
    return new Promise((done) => {
      response.once('drain', done);
      response.once('close', done);
    });
  }

  async function catchUp(): Promise<void> {
    while (!isOver) {
      const events = await journal.list({ afterSeq: sentSeq, limit: pageEvents });
      const first = events[0]?.seq;
      if (first !== undefined && first > sentSeq + 1) sayGap(sentSeq + 1, first - 1);
      send(events);
      await drained();
      if (events.length < pageEvents) break;
    }
    // What was committed while the last page was on its way has been missed by `hear`.
    if (!isOver && journal.newestSeq() > sentSeq) await catchUp();
    isCatchingUp = false;
  }

  function sayGap(fromSeq: number, toSeq: number): void {
    response.write(`event: gap\ndata: ${JSON.stringify({ fromSeq, toSeq })}\n\n`);
  }

  function behind(): void {
    isCatchingUp = true;
    // Without the journal the stream cannot be whole: the reader comes back with its last id.
    drained()
      .then(catchUp)
      .catch(() => response.destroy());
  }

  function hear(events: readonly JournalEvent[]): void {
    if (isCatchingUp || isOver) return;
    const isNext = events[0]?.seq === sentSeq + 1;
    if (isNext && response.writableLength < unreadBytesMax) send(events);
    else behind();
  }

  return {
    begin(afterSeq) {
      const newest = journal.newestSeq();
      // A number from the future is of another journal: there is nothing to go on from.
      sentSeq = afterSeq === undefined || afterSeq > newest ? newest : afterSeq;
      const isOther = afterSeq !== undefined && afterSeq > newest;
      const event = isOther ? 'event: gap' : 'event: hello';
      const told = isOther ? { fromSeq: newest + 1, toSeq: afterSeq } : { afterSeq: sentSeq };
      response.write(
        `retry: ${retryMs}\n${event}\nid: ${sentSeq}\ndata: ${JSON.stringify(told)}\n\n`,
      );
      unfollow = journal.follow(hear);
      if (sentSeq < newest) behind();
    },
    end() {
      isOver = true;
      unfollow();
    },
  };
}

function wishes(request: IncomingMessage): {
  readonly afterSeq: number | undefined;
  readonly wants: (kind: string) => boolean;
  readonly countsCalls: boolean;
} {
  const url = request.url ?? '';
  const start = url.indexOf('?');
  const query = start < 0 ? {} : readQuery(url.slice(start + 1));
  const { after, kind, calls, ...unknown } = query;
  const [extra] = Object.keys(unknown);
  if (extra !== undefined) {
    throw new Problem(
      'bad_request',
      `Unknown parameter "${extra}"; known are after, kind and calls`,
    );
  }
  if (calls !== undefined && calls !== 'count') {
    throw new Problem('bad_request', `calls is "count" or left out; found ${String(calls)}`);
  }
  const asked = request.headers['last-event-id'] ?? after;
  const prefixes = typeof kind === 'string' ? kind.split(',').filter((one) => one !== '') : [];
  return {
    afterSeq: asked === undefined ? undefined : seqOf(asked),
    countsCalls: calls === 'count',
    wants: (given) =>
      prefixes.length === 0 ||
      prefixes.some((one) => (one.endsWith('.') ? given.startsWith(one) : given === one)),
  };
}

function seqOf(asked: string | string[]): number {
  if (typeof asked === 'string' && /^\d{1,15}$/.test(asked)) return Number(asked);
  throw new Problem('bad_request', `after is the number of an event; found ${String(asked)}`);
}
