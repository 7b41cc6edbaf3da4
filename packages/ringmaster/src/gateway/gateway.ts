import type { Fleet } from '../fleet/fleet.ts';
import type { Conversations } from '../supervisor/conversation.ts';

/** A tool of the catalogue. */
/** A tool as clients of `/mcp` see it, and where it comes from. */
export interface ExposedTool {
  readonly server: string;
  /** Its own name at its server. */
  readonly name: string;
  /** Its name at `/mcp`. */
  readonly exposedAs: string;
  /** The definition as the server gave it, unknown fields included. */
  readonly definition: Readonly<Record<string, unknown>>;
}

/** What is known of a server's conversation now. */
export interface UpstreamView {
  readonly era: 'legacy' | 'modern';
  readonly protocolVersion: string;
  readonly tools: number;
}

/** What the gateway can be asked, besides answering MCP requests (see `io/`). */
export interface Gateway {
  readonly conversations: Conversations;
  /** Takes over names, order and limits of a new fleet; servers that left it disappear from the catalogue. */
  setFleet(fleet: Fleet): void;
  /** In stable order; of one server when named. */
  tools(server?: string): readonly ExposedTool[];
  /** Calls a tool on behalf of the operator; rejects with a Problem. */
  callTool(call: {
    readonly server: string;
    readonly tool: string;
    readonly arguments: Readonly<Record<string, unknown>>;
    readonly timeoutMs?: number;
  }): Promise<{ readonly result: Readonly<Record<string, unknown>>; readonly tookMs: number }>;
  upstream(server: string, index: number): UpstreamView | undefined;
  sessionCount(): number;
  /** Ends sessions and streams; conversations are closed by the supervisor. */
  close(): Promise<void>;
}
