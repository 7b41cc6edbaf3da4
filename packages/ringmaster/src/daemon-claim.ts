import type { Clock } from './clock.ts';
import type { ReadFleet } from './fleet/io/read-fleet.ts';
import type { NewEvent } from './journal/events.ts';
import type { Journal } from './journal/journal.ts';
import type { DataDirLock } from './supervisor/io/lock.ts';
import type { PipeShop } from './supervisor/io/pipes.ts';

/** How to start a daemon. */
export interface DaemonOptions {
  /** The fleet file. */
  readonly file: string;
  /** Default: `$XDG_STATE_HOME/ringmaster/<fleet>`. */
  readonly dataDir?: string;
  /** Set over the file's. */
  readonly port?: number;
  readonly profile?: string;
  readonly lang?: string;
  /** Told every event but finished calls, as it happens. */
  readonly onProgress?: (event: NewEvent) => void;
}

/** A daemon that runs in this process. */
export interface RunningDaemon {
  /** Address of the endpoint for all servers. */
  readonly url: string;
  readonly dataDir: string;
  readonly pid: number;
  /** Stops every server, then the daemon. */
  stop(why: string): Promise<void>;
  /** Resolves when it has stopped, whoever asked. */
  readonly closed: Promise<void>;
}

/** What a daemon has before anything of it runs: a fleet, a data directory of its own, the journal. */
export interface Claim {
  /** The fleet file, absolute. */
  readonly file: string;
  readonly profile: string | undefined;
  readonly onProgress: DaemonOptions['onProgress'];
  readonly first: ReadFleet;
  /** Reads the file again, with what the command line sets over it. */
  readonly read: (revision: number) => Promise<ReadFleet>;
  readonly dataDir: string;
  readonly lock: DataDirLock;
  /** Pipes for its servers are being made. */
  readonly pipeShop: PipeShop;
  readonly journal: Journal;
  readonly clock: Clock;
  /** Tells the operator a sentence, on stderr. */
  readonly report: (sentence: string) => void;
}
