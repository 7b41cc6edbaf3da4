import type { Era } from './bridge.ts';
import { isObject, type JsonObject } from './messages.ts';

/** On whose behalf a request is made, and what that client said it can do. */
export interface Owner {
  /** The same for all requests of one client: its session, or where there are none its principal. */
  readonly key: string;
  /** Label of its session; undefined in the stateless era. */
  readonly session: string | undefined;
  /** Whom the client acts for; everybody on this machine is one, as long as there are no keys. */
  readonly principal: 'local';
  readonly era: Era;
  readonly protocolVersion: string;
  /** ClientCapabilities as declared: in the handshake, or by this very request. */
  readonly capabilities: JsonObject;
  /** Least severe log message it wants; undefined when it did not say. */
  readonly logLevel?: string;
}

/** The operator, who calls tools through the daemon's own doors and can be asked nothing. */
export const operator: Owner = {
  key: 'operator',
  session: undefined,
  principal: 'local',
  era: 'legacy',
  protocolVersion: '',
  capabilities: {},
};

/** Capabilities of a client that a server may use through us; all others would promise what we do not relay. */
const relayedKinds = ['elicitation', 'sampling', 'roots'] as const;

/** The part of a client's capabilities that is true of the way to it through the gateway. */
export function relayedCapabilities(declared: JsonObject): JsonObject {
  const relayed: Record<string, unknown> = {};
  for (const kind of relayedKinds) {
    if (isObject(declared[kind])) relayed[kind] = declared[kind];
  }
  return relayed;
}

/**
 * What a server of the eras with a handshake is offered before it serves anybody: exactly its owner's capabilities;
 * on a link that all share nothing in mode `shared`, and otherwise what can be put to whoever turns out to be asked.
 */
export function offeredAtHandshake(how: {
  readonly owner: Owner | undefined;
  readonly mode: string;
  readonly hasRoots: boolean;
}): JsonObject {
  const roots = how.hasRoots ? { roots: {} } : {};
  if (how.owner !== undefined) return { ...roots, ...relayedCapabilities(how.owner.capabilities) };
  return how.mode === 'shared' ? roots : { ...roots, elicitation: { form: {} }, sampling: {} };
}
