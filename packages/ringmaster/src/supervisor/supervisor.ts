import type { Fleet } from '../fleet/fleet.ts';
import type { CgroupState } from './cgroup.ts';
import type { InstanceView } from './instance.ts';
import type { LogEntries, LogListing, LogQuery } from './log-query.ts';
import type { LogSummary } from './log-summary.ts';
import type { PoolRules } from './pool.ts';

/** Some lines of a log. */
export interface LogPage {
  readonly lines: readonly string[];
  /** Opaque; ask again with it to read on. */
  readonly cursor: string;
  readonly missed: boolean;
  /** Bytes of this log that could not be written since the daemon started. */
  readonly lostBytes?: number;
}

/** Bytes of a log that could not be written since the daemon started, e.g. as the disk was full. */
interface Losses {
  readonly lostBytes: number;
}

/** One step of a plan, with its reason. */
export interface FleetAction {
  readonly action: 'start' | 'stop' | 'restart' | 'reroute' | 'add' | 'remove';
  readonly server: string;
  readonly why: string;
}

/** Signals a person may send to a server. */
export type SignalName =
  | 'SIGHUP'
  | 'SIGINT'
  | 'SIGQUIT'
  | 'SIGTERM'
  | 'SIGKILL'
  | 'SIGUSR1'
  | 'SIGUSR2'
  | 'SIGWINCH'
  | 'SIGSTOP'
  | 'SIGCONT';

/** What the supervisor can be asked. Where nothing else is said, a change resolves when it is settled. */
export interface Supervisor {
  /** What control groups do for it here. */
  readonly cgroup: CgroupState;
  /** One row an instance, in fleet order. */
  views(): readonly InstanceView[];
  /**
   * Takes over a fleet and performs the actions planned for it; resolves when all stops are done and all starts are
   * under way. `by` is who asked, for the journal.
   */
  execute(fleet: Fleet, actions: readonly FleetAction[], by: string): Promise<void>;
  start(server: string, by: string): Promise<void>;
  stop(server: string, by: string): Promise<void>;
  restart(server: string, by: string): Promise<void>;
  /** New beside old, then old away, so that no call is dropped; see `Team.reload`. */
  reload(server: string, by: string): Promise<void>;
  /** Runs this many instances, or (undefined) as many as its pool finds right; the caller remembers the number. */
  scale(server: string, count: number | undefined, by: string): Promise<void>;
  /** The rules its number of instances follows now, and what a person fixed it at. */
  poolOf(server: string): PoolRules & { readonly fixed: number | undefined };
  /** Writes to the input of a service that wants some; returns how many instances took it. */
  sendInput(server: string, text: string): number;
  /** Sends a signal to every instance; returns how many took it. */
  signal(server: string, name: SignalName): number;
  readLog(
    server: string,
    query: { readonly lines: number; readonly cursor?: string },
  ): Promise<LogPage>;
  /** Entries that fit, also from rotated and compressed files. */
  searchLog(server: string, query: LogQuery, listing: LogListing): Promise<LogEntries & Losses>;
  /** What the log held in the period of `query`; its level and text do not count. */
  summarizeLog(server: string, query: LogQuery): Promise<LogSummary & Losses>;
  /** Stops every server; nothing it started is left. */
  shutdown(why: string): Promise<void>;
}
