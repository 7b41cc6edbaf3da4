import type { ServerSpec } from '../fleet.ts';
import type { ServerEntryInput } from '../schema.ts';

/** The MCP clients whose configuration is read and written. */
export type ClientName = 'claude-desktop' | 'claude-code' | 'vscode' | 'cursor' | 'codex';

/** Plain data with text keys, as every configuration file has it. */
export type Fields = Readonly<Record<string, unknown>>;

/** What a configuration is read against: folders that stand behind its own variables. */
export interface ImportPlace {
  readonly homeDir: string;
  /** The project the file belongs to; stands for `${workspaceFolder}`. */
  readonly workspaceDir: string;
}

/** The servers of one configuration in our own form, and what a person should know about the way there. */
export interface ClientImport {
  readonly servers: readonly ImportedServer[];
  readonly notes: readonly string[];
}

/** One server of a configuration. */
export interface ImportedServer {
  /** Fits `serverNamePattern`; unique within the configuration. */
  readonly name: string;
  /** The key it had. */
  readonly originalName: string;
  readonly entry: ServerEntryInput;
}

/** Where a client finds Ringmaster. */
export interface GatewayAddress {
  /** The endpoint of all servers. */
  readonly url: string;
  /** The command that speaks MCP on stdio, for clients that cannot use a URL. */
  readonly connect: { readonly command: string; readonly args: readonly string[] };
}

/** One server in a client's own form. */
export interface ClientExport {
  readonly entry: Fields;
  /** VS Code only: questions the entry refers to. */
  readonly inputs: readonly Fields[];
  readonly notes: readonly string[];
}

/** One kind of client: how its configuration is read and written. Adding one is a file and a line in `index.ts`. */
export interface Client {
  readonly name: ClientName;
  readonly title: string;
  readonly format: 'json' | 'toml';
  /** The top key that holds the servers. */
  readonly serversKey: 'mcpServers' | 'servers' | 'mcp_servers';
  read(config: unknown, place: ImportPlace): ClientImport;
  gatewayEntry(gateway: GatewayAddress): Fields;
  /** Undefined, with a note, when this client cannot express the server. */
  exportServer(
    server: ServerSpec,
  ): ClientExport | { readonly entry: undefined; readonly notes: readonly string[] };
}

/** A value as fields when it is a section; otherwise none. Own keys only. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {};
}

/** Keys and values as a section; a key such as `__proto__` is a plain key in it. */
export function section(entries: Iterable<readonly [string, unknown]>): Fields {
  return Object.fromEntries([...entries].filter(([, value]) => value !== undefined));
}
