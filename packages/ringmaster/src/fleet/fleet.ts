import type { FleetFile, ServerEntry } from './schema.ts';

/**
 * How a server is reached:
 * `stdio` an MCP server on its own stdin and stdout; `http` an HTTP MCP server we start; `remote` one we only
 * connect to; `service` a plain service we start and probe.
 */
export type ServerKind = 'stdio' | 'http' | 'remote' | 'service';

/** One wanted server. `${VAR}` is still unexpanded: values are looked up at start and never stored. */
export interface ServerSpec extends Omit<ServerEntry, 'kind'> {
  readonly name: string;
  readonly kind: ServerKind;
}

/** Everything the operator wants, read from one file; immutable, numbered by `revision`. */
export interface Fleet extends Omit<FleetFile, 'servers' | 'fleet' | '$schema'> {
  readonly name: string;
  readonly revision: number;
  /** Absolute folder of the fleet file; relative paths in it start here. */
  readonly baseDir: string;
  /** In the order of the file, which is also the order of listings. */
  readonly servers: readonly ServerSpec[];
}
