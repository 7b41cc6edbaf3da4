import { randomBytes } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { Append } from '../../journal/events.ts';
import type { Journal } from '../../journal/journal.ts';
import { type JsonObject, notificationText } from '../messages.ts';
import { type Owner, offeredAtHandshake } from '../owner.ts';
import { type AskSettings, type Asks, createAsks } from './asks.ts';
import type { Call, Calls } from './calls.ts';
import type { Session } from './legs/session.ts';
import { createSessionAsks, ownStream, type SessionAsks } from './legs/session-asks.ts';
import type { Seal } from './seal.ts';

/** Ids of questions and parked calls cannot be guessed: 144 bits. */
const idBytes = 18;

/** Everything about questions of servers, as the fleet file wants it at the moment. */
export function createAsking(needs: {
  readonly clock: Clock;
  readonly append: Append;
  readonly recall: Journal['recall'];
  readonly remember: Journal['remember'];
  readonly calls: Calls;
  readonly fleet: () => Fleet;
  readonly dispatch: (call: Call) => void;
  readonly toolOf: (call: Call) => JsonObject | undefined;
  readonly labelled: (label: string) => Session | undefined;
  readonly seal: Seal;
}): {
  readonly asks: Asks;
  readonly sessionAsks: SessionAsks;
  /** The capabilities a server with a handshake is offered. */
  readonly offered: (server: string, owner: Owner | undefined) => JsonObject;
  /** Whether its processes are told of folders of the fleet file. */
  readonly hasRoots: (server: string) => boolean;
} {
  const { labelled } = needs;
  const newId = (): string => randomBytes(idBytes).toString('base64url');
  const sessionAsks = createSessionAsks(newId);

  function settingsOf(server: string): AskSettings {
    const fleet = needs.fleet();
    const spec = fleet.servers.find(({ name }) => name === server);
    return {
      mode: spec?.pool.mode ?? 'shared',
      roots: spec?.roots ?? fleet.roots,
      patienceMs: spec?.limits.askPatienceMs ?? fleet.asks.timeoutMs,
    };
  }

  const asks = createAsks({
    ...{ ...needs, newId, settingsOf },
    limits: () => needs.fleet().asks,
    tellSession(label, method, params) {
      labelled(label)?.streams.send(notificationText(method, params));
    },
    askSession(label, ask) {
      const session = labelled(label);
      return session && sessionAsks.put(session, ask, [ownStream(session)]);
    },
  });
  return {
    asks,
    sessionAsks,
    hasRoots: (server) => settingsOf(server).roots !== undefined,
    offered(server, owner) {
      const { mode, roots } = settingsOf(server);
      return offeredAtHandshake({ owner, mode, hasRoots: roots !== undefined });
    },
  };
}
