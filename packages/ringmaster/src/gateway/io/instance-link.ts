import type { ConversationTarget, Negotiated } from '../../supervisor/conversation.ts';
import type { Lease } from '../leases.ts';
import type { Owner } from '../owner.ts';
import type { ListKind } from '../protocol.ts';
import type { Call } from './calls.ts';
import type { Conversation } from './conversation.ts';
import type { Holds } from './holds.ts';
import type { ToldTools } from './looked.ts';
import type { Watch } from './watch.ts';

/** One instance's conversation, from its first message to its end. */
export interface Link {
  readonly target: ConversationTarget;
  readonly conversation: Conversation;
  /** Tasks that sessions wait for; they count as in flight. */
  readonly holds: Holds;
  /** Whose it is, while it serves only one; undefined while it serves everybody. */
  owner: Owner | undefined;
  /** Why it is one client's; outlives `owner` while its process must serve no other any more. */
  lease: Lease | undefined;
  /** What it told of its tools, and as whom it was opened. */
  readonly toldTools: ToldTools;
  /** Since when nothing is in flight at it; undefined while something is. */
  quietSinceTickMs: number | undefined;
  /** Request id of the newest call that had the process for itself when it was sent. */
  aloneId: number;
  /** What the server tells of beside calls. */
  watch: Watch;
  /** `opening` until the handshake is answered; `draining` when it takes no new calls. */
  state: 'opening' | 'open' | 'draining' | 'lost';
  open(): Promise<Negotiated>;
  /** Sends a call, or has it answered in another way. */
  send(call: Call): void;
  /** Other tasks are listened for than before. */
  tasksChanged(): void;
  /** Reads these lists again; resolves when they are known, or cannot be. */
  relist(kinds: readonly ListKind[]): Promise<void>;
  /** The folders its client works on are others now; said to a server that may have been told that this happens. */
  tellOfRoots(): void;
  /** Requests that have not begun to be written. */
  unsent(): readonly number[];
  end(reason: string): void;
}
