import type { ServerResponse } from 'node:http';
import type { Clock } from '../../../clock.ts';
import { type EventStore, eventId, type Tape } from '../../event-store.ts';
import { carriedHeader } from '../../frame.ts';
import { type RequestId, requestText } from '../../messages.ts';
import type { Call } from '../calls.ts';
import type { Stream, Streams } from '../streams.ts';

/**
 * How soon a client whose stream ended should take it up again (2025-11-25, `retry`). The SDKs try twice and give up:
 * a daemon that a service manager starts anew after 2 s must be back by then.
 */
const retryMs = 4_000;
/** The revision whose clients understand an event without data (SEP-1699). */
const primingSince = '2025-11-25';
/**
 * Clients of older revisions learn where a stream stands from a message only. One that said nothing for so long says
 * `ping`, which every revision lets either side send at any time, and which clients answer by themselves. Only those are
 * told that opened a stream of their own, as streams are taken up by one: others take what comes first for the reply.
 */
const quietMs = 1_000;

/** The request a POST's stream answers. */
export interface StreamedRequest {
  readonly id: RequestId;
  readonly method: string;
  /** The call it became; undefined as long as it is none. */
  call: Call | undefined;
}

/** Writes down what must outlive the daemon of a stream whose reply has not been handed over. */
export interface StreamKeeper {
  opened(name: string, request: StreamedRequest): void;
  /** The reply came; its text is given when the client was away and has to come for it. */
  answered(name: string, request: StreamedRequest, text: string | undefined): void;
  /** The reply is with the client, or nobody will come for it any more. */
  done(name: string): void;
}

/** One stream of a session, over all connections that carried it. */
export interface Track {
  readonly tape: Tape;
  /** Undefined for a stream of the client's own. */
  readonly request: StreamedRequest | undefined;
  stream: Stream | undefined;
  /** Number of the newest event that was written to a connection. */
  sentSeq: number;
  /** The reply is on the tape: nothing comes after it. */
  isOver: boolean;
}

/** The streams of one session, by name. */
export interface Tracks {
  begin(name: string, request: StreamedRequest | undefined, lastSeq?: number): Track;
  get(name: string): Track | undefined;
  all(): readonly Track[];
  /** Carries the stream on by this connection; an older one of the same stream is ended. */
  attach(track: Track, response: ServerResponse): Stream;
  /** Sends and keeps a message. */
  say(track: Track, text: string): void;
  /** Sends again what came after an event, as far as it is kept; returns how many there were. */
  replay(track: Track, stream: Stream, afterSeq: number): number;
  /** Forgets one that has no connection. */
  forget(track: Track): void;
  /** Forgets those nobody came back to. */
  expire(tickMs: number): void;
  end(): void;
}

/** What the streams of a session need. */
export interface TrackNeeds {
  readonly clock: Clock;
  readonly streams: Streams;
  readonly store: EventStore;
  readonly keeper: StreamKeeper;
  readonly protocolVersion: string;
}

/** True while a connection carries the stream. */
export function isCarried({ stream }: Track): boolean {
  return stream?.isOpen() === true;
}

/** No streams at first. */
export function createTracks(needs: TrackNeeds): Tracks {
  const { clock, store, keeper } = needs;
  const box = store.box();
  const tracks = new Map<string, Track>();

  function forget(track: Track): void {
    if (isCarried(track)) return;
    tracks.delete(track.tape.name);
    store.drop(box, track.tape);
    if (track.request !== undefined) keeper.done(track.tape.name);
  }

  function forgetDropped(): void {
    for (const [name, track] of tracks) if (!box.tapes.has(name)) forget(track);
  }

  function say(track: Track, text: string): void {
    const { tape, stream } = track;
    const seq = store.record(box, tape, text, clock.tickMs());
    if (stream?.isOpen() !== true) return;
    stream.send(text, eventId(tape.name, seq));
    track.sentSeq = seq;
  }

  function sayWhereItStands(track: Track, stream: Stream, beforeSeq: number): void {
    if (track.stream !== stream || !stream.isOpen() || track.sentSeq > beforeSeq) return;
    if (![...tracks.values()].some(({ request }) => request === undefined)) return;
    say(track, requestText(`place-${track.tape.name}`, 'ping', undefined));
  }

  return {
    begin(name, request, lastSeq = 0) {
      const tape = store.begin(box, name, clock.tickMs(), lastSeq);
      const isOver = false;
      const track: Track = { tape, request, stream: undefined, sentSeq: lastSeq, isOver };
      tracks.set(name, track);
      forgetDropped();
      return track;
    },
    get: (name) => tracks.get(name),
    all: () => [...tracks.values()],
    attach(track, response) {
      const { tape, sentSeq: beforeSeq } = track;
      const stream = needs.streams.open(response, {}, () => {
        tape.usedTickMs = clock.tickMs();
        if (track.isOver && stream.isFlushed()) keeper.done(tape.name);
        if (track.stream === stream) track.stream = undefined;
      });
      track.stream?.end();
      track.stream = stream;
      const isProxy = response.req.headers[carriedHeader] !== undefined;
      if (isProxy || needs.protocolVersion >= primingSince) {
        stream.prime(eventId(tape.name, track.sentSeq), retryMs);
      } else clock.after(quietMs, () => sayWhereItStands(track, stream, beforeSeq));
      return stream;
    },
    say,
    replay(track, stream, afterSeq) {
      const missed = track.tape.events.filter(({ seq }) => seq > afterSeq);
      for (const { seq, text } of missed) stream.send(text, eventId(track.tape.name, seq));
      track.sentSeq = track.tape.lastSeq;
      return missed.length;
    },
    forget,
    expire(tickMs) {
      store.expire(box, tickMs, ({ name }) => {
        const track = tracks.get(name);
        const isAwaited = track?.request !== undefined && !track.isOver;
        return isAwaited || (track !== undefined && isCarried(track));
      });
      forgetDropped();
    },
    end() {
      for (const { stream, request, tape } of tracks.values()) {
        stream?.end();
        if (request !== undefined) keeper.done(tape.name);
      }
      tracks.clear();
      store.empty(box);
    },
  };
}
