import type { Era } from './bridge.ts';
import type { JsonObject } from './messages.ts';

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
