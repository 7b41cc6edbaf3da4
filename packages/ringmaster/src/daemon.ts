import { join, resolve } from 'node:path';
import type { Clock } from './clock.ts';
import { type ReadFleet, readFleet } from './fleet/io/read-fleet.ts';
import type { NewEvent } from './journal/events.ts';
import { openJournal } from './journal/io/journal.ts';
import { openDatabase } from './journal/io/sqlite.ts';
import type { Journal } from './journal/journal.ts';
import { defaultDataDir } from './supervisor/io/daemon-file.ts';
import { type DataDirLock, lockDataDir } from './supervisor/io/lock.ts';
import { createPipeShop, type PipeShop } from './supervisor/io/pipes.ts';
import { makeDataDir, nextLife, runPaths } from './supervisor/io/state-file.ts';

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

const clock: Clock = {
  nowMs: () => Date.now(),
  tickMs: () => performance.now(),
  after(delayMs, then) {
    const timer = setTimeout(then, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/**
 * Starts the daemon. Returns when its endpoint answers; servers are still starting then. Rejects with a Problem when
 * the fleet file is wrong, the data directory is taken or the port is in use.
 *
 * A start goes through three files, each loading the next while something slow goes on: this one claims what a daemon
 * needs, `daemon-core.ts` runs the servers, `daemon-office.ts` answers people and programs.
 */
export async function startDaemon(options: DaemonOptions): Promise<RunningDaemon> {
  const file = resolve(options.file);
  const { profile, port, onProgress } = options;
  const overrides = {
    ...(port === undefined ? {} : { port }),
    ...(profile === undefined ? {} : { profile }),
  };
  const read = (revision: number) => readFleet(file, { revision, overrides });
  const first = await read(1);
  const dataDir = resolve(options.dataDir ?? defaultDataDir(first.fleet.name));
  const paths = runPaths(dataDir);
  makeDataDir(dataDir);
  const lock = lockDataDir(dataDir, openDatabase);
  const report = (sentence: string) => void process.stderr.write(`ringmaster: ${sentence}\n`);
  const path = join(dataDir, 'journal.db');
  const opening = openJournal({ ...{ path, clock, report }, ...first.fleet.journal });
  const pipeShop = createPipeShop(paths.pipes, nextLife(dataDir));
  void pipeShop.prepare(first.fleet.servers.length);
  // The journal's thread needs a moment to open the file: time enough to load the rest.
  const [journal, { runCore }] = await Promise.all([opening, import('./daemon-core.ts')]);
  return runCore({
    ...{ file, profile, onProgress, first, read },
    ...{ dataDir, lock, pipeShop, journal, clock, report },
  });
}
