import type { ServerResponse } from 'node:http';
import { readEventId } from '../../event-store.ts';
import { errorText, notificationText } from '../../messages.ts';
import { rpcCodes } from '../../protocol.ts';
import { sendError, sendJson, sendStatus } from '../http.ts';
import { wholeText } from '../kept-text.ts';
import type { Exchange } from './exchange.ts';
import {
  createTracks,
  isCarried,
  type StreamedRequest,
  type Track,
  type TrackNeeds,
} from './tracks.ts';

/** Streams of its own (GET) that one client may hold open at once; the oldest is ended for a new one. */
const ownStreamsMax = 8;
/** Messages kept for a client that has no stream of its own yet; the oldest go first. */
const waitingMax = 100;
/** Numbers of a restored stream begin so much higher: how far the earlier life got is not written down. */
const restoredSeq = 1_000_000_000;

/** The event streams of one session: its own, and those that answer its POSTs. */
export interface SessionStreams {
  /** The way back for one POST: as JSON, or as a stream once something comes before the reply. */
  exchange(response: ServerResponse, mayStream: boolean, request: StreamedRequest): Exchange;
  /** The way back for a POST of an earlier life of the daemon, whose stream has a name already. */
  restored(name: string, request: StreamedRequest): Exchange;
  /** Opens a stream of the client's own: it gets what it was not told yet. */
  listen(response: ServerResponse): void;
  /** Takes up a stream after the event the client saw last. */
  resume(response: ServerResponse, lastEventId: string): void;
  /**
   * Sends a message that belongs to no request on exactly one stream; true when one is open. Without one the message is
   * kept for the next, unless `whenAway` is `drop`.
   */
  send(text: string, whenAway?: 'keep' | 'drop'): boolean;
  /** True while some stream of the session is open. */
  isOpen(): boolean;
  /** Forgets streams nobody came back to. */
  expire(tickMs: number): void;
  end(): void;
}

/** The streams of a session; `prefix` keeps the names apart from those an earlier life of the daemon gave. */
export function createSessionStreams(
  needs: TrackNeeds & {
    readonly prefix: string;
    /** A stream was taken up again. */
    readonly onResumed: (how: { readonly sent: number; readonly lost: boolean }) => void;
    /** Everything that may have changed while nobody listened, said again. */
    readonly catchUp: () => readonly string[];
  },
): SessionStreams {
  const { keeper, prefix } = needs;
  const tracks = createTracks(needs);
  let count = 0;
  let waiting: string[] = [];
  // What was said to an earlier life's client and not heard is unknown, so it hears it all.
  let mustCatchUp = prefix !== '';

  function begin(kind: 'p' | 'g', request?: StreamedRequest): Track {
    count += 1;
    return tracks.begin(`${kind}${prefix}${count}`, request);
  }

  function ownTracks(): Track[] {
    return tracks.all().filter(({ request }) => request === undefined);
  }

  /** What was said on streams of its own that are gone, and nobody heard. */
  function unheard(): string[] {
    const gone = ownTracks().filter((track) => !isCarried(track));
    if (gone.some(({ tape, sentSeq }) => tape.forgottenSeq > sentSeq)) mustCatchUp = true;
    const texts = gone.flatMap(({ tape, sentSeq }) =>
      tape.events.flatMap(({ seq, text }) => (seq > sentSeq ? text : [])),
    );
    for (const track of gone) tracks.forget(track);
    return texts;
  }

  function takeWaiting(): string[] {
    const taken = [...waiting, ...(mustCatchUp ? needs.catchUp() : [])];
    waiting = [];
    mustCatchUp = false;
    return taken;
  }

  function listen(response: ServerResponse): void {
    const texts = new Set([...unheard(), ...takeWaiting()]);
    const open = ownTracks();
    if (open.length >= ownStreamsMax) open[0]?.stream?.end();
    const track = begin('g');
    tracks.attach(track, response);
    for (const text of texts) tracks.say(track, text);
  }

  function resumeOwn(response: ServerResponse, track: Track | undefined, afterSeq: number): void {
    if (track === undefined || track.tape.forgottenSeq > afterSeq) mustCatchUp = true;
    const lost = mustCatchUp;
    if (track === undefined) {
      listen(response);
      needs.onResumed({ sent: 0, lost });
      return;
    }
    track.sentSeq = afterSeq;
    const stream = tracks.attach(track, response);
    const sent = tracks.replay(track, stream, afterSeq);
    for (const text of takeWaiting()) tracks.say(track, text);
    needs.onResumed({ sent, lost });
  }

  function resumeReply(response: ServerResponse, track: Track, afterSeq: number): void {
    const { tape, request } = track;
    if (track.isOver && afterSeq >= tape.lastSeq) {
      // It has everything: a client that comes back for more is to stop (HTML, server-sent events).
      sendStatus(response, 204);
      return;
    }
    track.sentSeq = afterSeq;
    const stream = tracks.attach(track, response);
    const sent = tracks.replay(track, stream, afterSeq);
    if (track.isOver) {
      if (tape.forgottenSeq >= tape.lastSeq && request !== undefined) {
        stream.send(errorText(request.id, replyForgotten));
      }
      stream.end();
    }
    needs.onResumed({ sent, lost: tape.forgottenSeq > afterSeq });
  }

  function wayBack(way: Way): Exchange {
    const { response, request } = way;

    /** Undefined when the client reads no streams, or left before it heard of one. */
    function open(): Track | undefined {
      if (way.track !== undefined) return way.track;
      if (!way.mayStream || response === undefined || response.destroyed) return undefined;
      const track = begin('p', request);
      way.track = track;
      tracks.attach(track, response);
      keeper.opened(track.tape.name, request);
      return track;
    }

    function finish(track: Track): void {
      track.isOver = true;
      track.stream?.end();
    }

    return {
      mayStream: way.mayStream,
      deliver(text, status) {
        const { track } = way;
        if (track === undefined) {
          if (response !== undefined) sendJson(response, status, text);
          return;
        }
        const whole = wholeText(text);
        tracks.say(track, whole);
        finish(track);
        const isWritten = track.sentSeq === track.tape.lastSeq;
        keeper.answered(track.tape.name, request, isWritten ? undefined : whole);
      },
      notify(text) {
        const track = open();
        if (track !== undefined) tracks.say(track, text);
        return track !== undefined;
      },
      // Whoever takes a request back expects no reply: the stream just ends.
      abandon() {
        if (way.track !== undefined) {
          finish(way.track);
          keeper.done(way.track.tape.name);
        } else if (response?.destroyed === false) needs.streams.open(response, {}).end();
      },
      linger() {
        const wasOpen = way.track !== undefined;
        const track = open();
        // It has reached a server only now, which may outlive us.
        if (wasOpen && track !== undefined) keeper.opened(track.tape.name, request);
      },
    };
  }

  return {
    exchange: (response, mayStream, request) =>
      wayBack({ track: undefined, response, mayStream, request }),
    restored(name, request) {
      const track = tracks.begin(name, request, restoredSeq);
      return wayBack({ track, response: undefined, mayStream: true, request });
    },
    listen,
    resume(response, lastEventId) {
      const said = readEventId(lastEventId);
      const track = said === undefined ? undefined : tracks.get(said.tape);
      const isOwn = said?.tape.startsWith('g') === true;
      const isKnown = track === undefined ? isOwn : (said?.seq ?? 0) <= track.tape.lastSeq;
      if (said === undefined || !isKnown) refuse(response, lastEventId);
      else if (isOwn) resumeOwn(response, track, said.seq);
      else if (track !== undefined) resumeReply(response, track, said.seq);
    },
    send(text, whenAway = 'keep') {
      const own = ownTracks().reverse();
      const live = own.find(isCarried);
      const track = live ?? own[0];
      if (live === undefined && whenAway === 'drop') return false;
      if (track !== undefined) tracks.say(track, text);
      else if (!waiting.includes(text)) waiting = [...waiting, text].slice(-waitingMax);
      return live !== undefined;
    },
    isOpen: () => tracks.all().some(isCarried),
    expire: tracks.expire,
    end: tracks.end,
  };
}

/** One POST on its way back. */
interface Way {
  track: Track | undefined;
  /** Undefined when an earlier life of the daemon had it. */
  readonly response: ServerResponse | undefined;
  readonly mayStream: boolean;
  readonly request: StreamedRequest;
}

/** News about a list, as its notification. */
export function changedText(changed: string): string {
  return notificationText(`notifications/${changed}/list_changed`);
}

/** The events after this one are unknown, and which request they answered too: no reply can be sent. */
function refuse(response: ServerResponse, lastEventId: string): void {
  const message = `The events after ${lastEventId.slice(0, 60)} are not kept any more`;
  sendError(response, 400, null, { code: rpcCodes.invalidRequest, message });
}

const replyForgotten = {
  code: rpcCodes.internal,
  message:
    'The reply came while nobody read its stream, and is not kept any more; the call has executed',
  data: { mayHaveExecuted: true },
};
