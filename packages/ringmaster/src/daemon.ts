import { join, resolve } from 'node:path';
import type { Clock } from './clock.ts';
import type { DaemonOptions, RunningDaemon } from './daemon-claim.ts';
import { readFleet } from './fleet/io/read-fleet.ts';
import { openJournal } from './journal/io/journal.ts';
import { openDatabase } from './journal/io/sqlite.ts';
import { defaultDataDir } from './supervisor/io/daemon-file.ts';
import { lockDataDir } from './supervisor/io/lock.ts';
import { createPipeShop } from './supervisor/io/pipes.ts';
import { makeDataDir, nextLife, runPaths } from './supervisor/io/state-file.ts';

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
