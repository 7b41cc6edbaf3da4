import type { LaunchAuth } from '../fleet/expand.ts';

/**
 * The seam between supervisor and gateway: the supervisor owns processes and their pipes, the gateway speaks MCP
 * over them. `daemon.ts` hands the gateway's Conversations to the supervisor.
 */

import type { Pace, PoolMember } from './pool.ts';

/** Both directions of a stdio server's protocol stream, one JSON-RPC message a line. */
export interface Channel {
  /** Sends one message; `text` has no newline. Returns the bytes now waiting to be written. */
  send(text: string): number;
  /** Sets who receives each line from the server's stdout, without its newline; blank lines are left out. */
  onLine(receive: (line: string) => void): void;
  /** Writes a line that is nobody's message into the server's log; too many a second are counted only. */
  note?(line: string): void;
}

/** What must be known to open (or, after adoption, take up again) a conversation. */
export interface ConversationTarget {
  readonly server: string;
  readonly index: number;
  readonly generation: number;
  /** Services have no conversation and never come here. */
  readonly kind: 'stdio' | 'http' | 'remote';
  /** Present for `stdio`. */
  readonly channel: Channel | undefined;
  /** Present for `http` and `remote`; already expanded, as are the headers. */
  readonly url: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** How to sign in; present for `remote`, already expanded. */
  readonly auth?: LaunchAuth;
  readonly era: 'auto' | 'legacy' | '2026-07-28';
  /** sha256 of what was launched (command, arguments, environment, URL): the key for remembered verdicts. */
  readonly launchHash: string;
  /** What `open` returned for this very process in an earlier life of the daemon; undefined for a new process. */
  readonly resume: Negotiated | undefined;
  /** First request id to use upstream; an earlier life of the daemon has used none at or above it. */
  readonly firstRequestId: number;
  /** The server may take this long until it is ready. */
  readonly startTimeoutMs: number;
  readonly limits: {
    readonly callTimeoutMs: number;
    readonly waitMs: number;
    readonly maxInFlight: number;
    readonly maxMessageBytes: number;
  };
}

/** What was agreed with a server at the start; JSON-safe, kept by the supervisor for adoption. */
export interface Negotiated {
  readonly era: 'legacy' | 'modern';
  readonly protocolVersion: string;
  /** The server's InitializeResult or DiscoverResult, as it came. */
  readonly result: Readonly<Record<string, unknown>>;
  /** `Mcp-Session-Id` of a legacy HTTP upstream. */
  readonly sessionId?: string;
  /** Set for a server that speaks HTTP+SSE (2024-11-05). */
  readonly transport?: 'sse';
}

/** A conversation that is over, because its process is. */
export interface Ended {
  readonly server: string;
  readonly index: number;
  readonly generation: number;
  /** Calls in flight end as lost with this reason. */
  readonly reason: string;
  /** New calls wait while it is expected `back` (tools stay listed), and are refused when it is `gone`. */
  readonly expected: 'back' | 'gone';
  /** Messages the dead process never read: calls among them were not executed and are sent again. */
  readonly unread: readonly string[];
}

/** What is asked of a server at the moment; see `pool.ts`. */
export interface PoolLoad {
  /** Calls that wait for any instance. */
  readonly waiting: number;
  /** Clients that wait for an instance of their own. */
  readonly leasesWanted: number;
  /** Instances with a conversation, by index. */
  readonly links: ReadonlyMap<number, LinkLoad>;
  /** Undefined before enough calls were answered to tell. Reading it begins the next measurement. */
  readonly pace: Pace | undefined;
}

/** What one instance does at the moment. */
export type LinkLoad = Pick<PoolMember, 'inFlight' | 'use' | 'idleSinceTickMs'>;

/** What the supervisor asks of whoever speaks MCP with its processes. */
export interface Conversations {
  /**
   * Shakes hands and reads the lists; resolves when calls can be served. Rejects with a Problem that says what the
   * server did instead. Calls waiting for this server are sent as soon as the handshake allows.
   */
  open(target: ConversationTarget): Promise<Negotiated>;
  /**
   * One health probe (`ping`, or `server/discover` in the modern era); rejects when it fails or is late. A call it has
   * answered since the probe before counts as one.
   */
  probe(server: string, index: number, timeoutMs: number): Promise<void>;
  /** The beginning of the first thing this instance sent that is no message; undefined when all were. */
  noise(server: string, index: number): string | undefined;
  /** Calls in flight at this instance. */
  inFlight(server: string, index: number): number;
  /** Stops sending new calls to this instance; resolves when none is in flight or after `timeoutMs`. */
  drain(server: string, index: number, timeoutMs: number): Promise<void>;
  /** The process is gone or about to be: calls in flight end at once. */
  close(ended: Ended): void;
  /** What a server that is not running is about to do, so that calls wait or are refused with the true reason. */
  expect(server: string, expected: 'back' | 'gone', why: string): void;
  /** Whether the lists of a server, as it would be started now, are known: it may sleep until it is called. */
  remembers(server: string): boolean;
  load(server: string): PoolLoad;
  /** Who is to look at the load of a server, because calls or clients began to wait or a client left. */
  onDemand(look: (server: string) => void): void;
}
