import type { ServerSpec } from '../../fleet/fleet.ts';
import type { Conversations } from '../../supervisor/conversation.ts';
import type { JsonObject } from '../messages.ts';
import type { StoredCall } from '../stored-session.ts';
import type { Call } from './calls.ts';
import type { Link } from './instance-link.ts';
import type { Looking } from './looking.ts';
import type { Upstream } from './upstream.ts';

/** The servers behind the gateway, as those who route calls see them. */
export interface Upstreams {
  readonly conversations: Conversations;
  get(server: string): Upstream | undefined;
  readonly looking: Looking;
  /** The definition of the tool that is called, as its server gave it, as far as it is known. */
  toolOf(call: Call): JsonObject | undefined;
  /** Those of all servers. */
  links(): readonly Link[];
  /** Sends the call to an instance, or lets it wait, or ends it with the reason. */
  dispatch(call: Call): void;
  /** Lets a call of an earlier life of the daemon wait until the process it was sent to is adopted. */
  awaitReply(call: Call, at: StoredCall): void;
  /** Makes the table hold exactly these servers. */
  keep(servers: readonly ServerSpec[]): void;
  /** A session is over: its processes are free or end, its calls that wait are taken back. */
  endSession(session: string): void;
}
