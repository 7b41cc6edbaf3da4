import type { Fleet } from '../fleet/fleet.ts';
import type { InstanceView } from './instance.ts';

export interface LogPage {
  readonly lines: readonly string[];
  /** Opaque; ask again with it to read on. */
  readonly cursor: string;
  readonly missed: boolean;
}

/** What the supervisor can be asked. Every method that changes something resolves when it is settled. */
export interface Supervisor {
  /** One row an instance, in fleet order. */
  views(): readonly InstanceView[];
  /** Makes the fleet so: starts, stops, restarts what the difference asks for. `by` is who asked, for the journal. */
  apply(fleet: Fleet, by: string): Promise<void>;
  start(server: string, by: string): Promise<void>;
  stop(server: string, by: string): Promise<void>;
  restart(server: string, by: string): Promise<void>;
  readLog(
    server: string,
    query: { readonly lines: number; readonly cursor?: string },
  ): Promise<LogPage>;
  /** Stops every server; nothing it started is left. */
  shutdown(why: string): Promise<void>;
}
