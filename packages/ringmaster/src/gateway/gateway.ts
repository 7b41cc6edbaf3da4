import type { Fleet } from '../fleet/fleet.ts';
import type { Conversations } from '../supervisor/conversation.ts';

/** A tool as clients of an endpoint see it, or the rule that hides it from them. */
export interface ExposedTool {
  readonly server: string;
  /** Its own name at its server. */
  readonly name: string;
  /** Its name for clients; undefined when it is hidden. */
  readonly exposedAs?: string;
  /** The rule that hides it, in the words of the fleet file. */
  readonly hiddenBy?: string;
  /** Of a tool that was searched for: higher fits better. */
  readonly score?: number;
  /** The definition as clients see it, unknown fields included; of a hidden one as the server gave it. */
  readonly definition: Readonly<Record<string, unknown>>;
}

/** What is known of a server's conversation now. */
export interface UpstreamView {
  readonly era: 'legacy' | 'modern';
  readonly protocolVersion: string;
  readonly tools: number;
  /** Which lists it refuses, and why; undefined when it gives all. */
  readonly refuses: string | undefined;
}

/** What the gateway can be asked, besides answering MCP requests (see `io/`). */
export interface Gateway {
  readonly conversations: Conversations;
  /** Takes over names, order and limits of a new fleet; servers that left it disappear from the catalogue. */
  setFleet(fleet: Fleet): void;
  /** In stable order, the hidden ones after the shown ones; of one server, or of one view, when named. */
  tools(of?: {
    readonly server?: string | undefined;
    readonly view?: string | undefined;
  }): readonly ExposedTool[];
  /** The tools that fit a query, the best first, whether or not clients are offered the search. */
  findTools(of: {
    readonly query: string;
    readonly view?: string | undefined;
    readonly limit: number;
  }): readonly ExposedTool[];
  /**
   * Calls a tool on behalf of the operator; rejects with a Problem. `resultJson` is the result as text where reading
   * it has rounded numbers.
   */
  callTool(call: {
    readonly server: string;
    readonly tool: string;
    readonly arguments: Readonly<Record<string, unknown>>;
    readonly timeoutMs?: number;
  }): Promise<{
    readonly result: Readonly<Record<string, unknown>>;
    readonly tookMs: number;
    readonly resultJson?: string | undefined;
  }>;
  upstream(server: string, index: number): UpstreamView | undefined;
  /** Processes of a server that serve one client each. */
  leased(server: string): number;
  sessionCount(): number;
  /** Ends sessions and streams; conversations are closed by the supervisor. */
  close(): Promise<void>;
}
