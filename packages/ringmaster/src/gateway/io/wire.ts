import type { Negotiated } from '../../supervisor/conversation.ts';
import type { JsonObject } from '../messages.ts';

/** One message on its way to a server. */
export interface Outgoing {
  readonly text: string;
  /** Undefined for notifications and replies. */
  readonly id: number | undefined;
  readonly method: string;
  /** Tool or prompt name or URI, for the transports that show it outside the message. */
  readonly name: string | undefined;
  readonly params?: JsonObject | undefined;
}

/** A transport to one server; what it receives goes to `receive` of its conversation. */
export interface Wire {
  /** Returns the bytes now waiting to be written. */
  send(message: Outgoing): number;
  /** True when taking back request `id` needs no message, because its own stream was closed. */
  abort(id: number): boolean;
  /** Request `id` has its reply: whatever of its stream is still open holds up a connection for nothing. */
  settled?(id: number): void;
  /** Where requests are independent: resolves when the server has answered one that says nothing. */
  knock?(): Promise<void>;
  /** What was agreed, for transports that repeat it with every message. */
  agreed(negotiated: Negotiated): void;
  /** The server's session, where the transport has one. */
  sessionId(): string | undefined;
  /** Set when it is another than Streamable HTTP or pipes, which is known without trying again. */
  readonly transport?: 'sse' | undefined;
  /** Ids of requests that have not begun to be written, where the transport knows. */
  unsent(): readonly number[];
  close(): void;
}

/** Stands for the wire before there is one. */
export const closedWire: Wire = {
  send: () => 0,
  abort: () => true,
  agreed: () => {},
  sessionId: () => undefined,
  unsent: () => [],
  close: () => {},
};
