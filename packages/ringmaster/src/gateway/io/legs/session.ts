import type { Clock } from '../../../clock.ts';
import type { Append } from '../../../journal/events.ts';
import type { EventStore } from '../../event-store.ts';
import { type JsonObject, notificationText } from '../../messages.ts';
import type { Owner } from '../../owner.ts';
import type { StoredSession } from '../../stored-session.ts';
import type { View } from '../../view.ts';
import type { Streams } from '../streams.ts';
import { changedText, createSessionStreams, type SessionStreams } from './session-streams.ts';
import type { StreamKeeper } from './tracks.ts';

/** Who is asking, for clients of the eras with a handshake. */
export interface Session {
  /** Hash of its id, under which it outlives the daemon: the id itself is written down nowhere. */
  readonly key: string;
  /** What records call it: the id itself would let a reader of the records take it over. */
  readonly label: string;
  readonly view: View;
  /** Replaced, never changed: calls keep the one they began with. Call `save` after replacing it. */
  owner: Owner;
  /** Name and version as the client gave them. */
  readonly client: string | undefined;
  readonly openedAtMs: number;
  /** Of the clock's ticks. */
  lastUsedTickMs: number;
  /** Requests it has not been answered yet. */
  openCount: number;
  readonly streams: SessionStreams;
  /** URIs it wants to hear about. Call `save` after changing them. */
  readonly subscriptions: Set<string>;
  /** Ids of tasks it was told of, the newest last. Call `save` after changing them. */
  readonly tasks: Set<string>;
  /** Hears every reply the client sends, whatever connection it comes on. */
  onReply: ((reply: JsonObject) => void) | undefined;
}

/** A session, new or from an earlier life of the daemon; see `createSessionStreams` for the prefix. */
export function makeSession(
  needs: {
    readonly clock: Clock;
    readonly append: Append;
    readonly streams: Streams;
    readonly store: EventStore;
    readonly keeperOf: (key: string) => StreamKeeper;
    /** What is written down counts in the time of day: what the clock's ticks lag behind it. */
    readonly tickLagMs: number;
  },
  key: string,
  of: StoredSession,
  prefix: string,
  own?: SessionStreams,
): Session {
  const { clock, append, streams, store } = needs;
  const { label, view, protocolVersion, capabilities, logLevel } = of;
  const subscriptions = new Set(of.subscriptions);
  return {
    ...{ key, label, view, client: of.client, openedAtMs: of.openedAtMs },
    owner: {
      ...{ key: `session ${label}`, session: label, principal: 'local', era: 'legacy' },
      ...{ protocolVersion, capabilities },
      ...(logLevel === undefined ? {} : { logLevel }),
    },
    lastUsedTickMs: of.usedAtMs + needs.tickLagMs,
    openCount: 0,
    subscriptions,
    tasks: new Set(of.tasks),
    onReply: undefined,
    streams:
      own ??
      createSessionStreams({
        ...{ clock, streams, store, prefix, protocolVersion },
        keeper: needs.keeperOf(key),
        onResumed: (how) =>
          append({
            ...{ atMs: clock.nowMs(), kind: 'stream.resumed', subject: 'fleet' },
            ...{ session: label, ...how },
          }),
        catchUp: () => [
          ...['tools', 'resources', 'prompts'].map(changedText),
          ...[...subscriptions].map((uri) =>
            notificationText('notifications/resources/updated', { uri }),
          ),
        ],
      }),
  };
}
