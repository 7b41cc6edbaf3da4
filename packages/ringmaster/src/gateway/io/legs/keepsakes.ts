import type { Clock } from '../../../clock.ts';
import {
  readStream,
  type StoredCall,
  type StoredSession,
  type StoredStream,
} from '../../stored-session.ts';
import type { Call } from '../calls.ts';
import type { StreamedRequest, StreamKeeper } from './tracks.ts';

/** Longest JSON text the journal keeps of one fact, in characters; with room for what is around it. */
const keptLengthMax = 60_000;

/** A disk that is slower than this delays no client; what it was told may be lost with the daemon. */
const writtenWithinMs = 500;

/** The journal's memory for small facts. */
export interface Memory {
  readonly recallAll: (kind: string) => ReadonlyMap<string, unknown>;
  readonly remember: (kind: string, key: string, value: unknown) => void;
  /** Resolves when everything remembered so far is on disk, or after this long. */
  readonly flushWithin: (timeoutMs: number) => Promise<unknown>;
}

/** Writes sessions, and streams whose reply is still to come, into the journal's facts; see decisions/0011. */
export interface Keepsakes {
  readonly stored: ReadonlyMap<string, unknown>;
  keep(key: string, session: StoredSession | undefined): void;
  keeperOf(key: string): StreamKeeper;
  /** Calls back once what was kept so far is on disk, or the disk has had its time: a client is told no sooner. */
  written(then: () => void): void;
  /** Streams an earlier life of the daemon left open. */
  streams(): readonly StoredStream[];
}

/** Reads what earlier lives of the daemon left. */
export function createKeepsakes(
  { recallAll, remember, flushWithin }: Memory,
  clock: Clock,
): Keepsakes {
  /** What is too large is not kept: its client begins anew after a restart, or hears of the loss. */
  function fits(value: unknown): boolean {
    return JSON.stringify(value).length <= keptLengthMax;
  }

  return {
    stored: recallAll('session'),
    keep: (key, session) =>
      remember('session', key, session !== undefined && fits(session) ? session : undefined),
    written: (then) => void flushWithin(writtenWithinMs).then(then),
    keeperOf(session) {
      const of = (name: string, { id, method }: StreamedRequest): StoredStream => ({
        ...{ session, name, id, method },
      });
      return {
        opened(name, request) {
          const { call } = request;
          const at = call === undefined ? undefined : placeOf(call, clock);
          const stored = { ...of(name, request), ...(at === undefined ? {} : { call: at }) };
          remember('stream', `${session} ${name}`, fits(stored) ? stored : undefined);
        },
        answered(name, request, text) {
          const stored = { ...of(name, request), answered: {} };
          const whole = text === undefined ? stored : { ...stored, answered: { text } };
          remember('stream', `${session} ${name}`, fits(whole) ? whole : stored);
        },
        done: (name) => remember('stream', `${session} ${name}`, undefined),
      };
    },
    streams() {
      return [...recallAll('stream')].flatMap(([key, value]) => {
        const stream = readStream(value);
        if (stream === undefined) remember('stream', key, undefined);
        return stream ?? [];
      });
    },
  };
}

/** Where a call is in flight; undefined while it is at no server. */
function placeOf(call: Call, clock: Clock): StoredCall | undefined {
  const { server, name, progressToken, startedTickMs, deadlineTickMs, upstreamId } = call;
  const place = call.holder?.place;
  if (place === undefined) return undefined;
  return {
    ...{ server, ...place, upstreamId, timeoutMs: deadlineTickMs - startedTickMs },
    startedAtMs: Math.round(clock.nowMs() - (clock.tickMs() - startedTickMs)),
    ...(name === undefined ? {} : { name }),
    ...(progressToken === undefined ? {} : { progressToken }),
  };
}
