import type { AskMethod } from '../asks.ts';
import type { JsonObject, Reply } from '../messages.ts';
import type { Owner } from '../owner.ts';
import type { Call } from './calls.ts';

/** What a server with a handshake asks, and all that is known of whose question it is. */
export interface Question {
  readonly server: string;
  readonly launchHash: string;
  readonly method: AskMethod;
  readonly params: JsonObject;
  /** The call on whose own stream it came, where the transport tells. */
  readonly via: Call | undefined;
  /** Calls in flight on the same connection, newest first. */
  readonly calls: () => readonly Call[];
  /** Whose the connection is, when it is one client's. */
  readonly leasedTo: Owner | undefined;
  /** Answers the server. */
  readonly reply: (reply: Reply) => void;
}
