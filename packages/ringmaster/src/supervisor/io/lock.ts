import { join } from 'node:path';
import { Problem } from '../../errors.ts';
import { isSameProcess } from './process-table.ts';
import { readDaemonRecord, runPaths } from './state-file.ts';

/** Holds a data directory for one daemon. */
export interface DataDirLock {
  release(): void;
}

/** What the lock needs of a SQLite database; given by the caller, as this room opens none. */
export interface LockDatabase {
  execute(sql: string): void;
  close(): void;
}

/**
 * Takes the data directory for this process, or throws `daemon_running` and the pid that holds it. The lock is
 * an exclusive SQLite transaction that never ends: the kernel frees it with the process, however that dies, so there is
 * no stale lock to clean up and no race between two that start at once.
 */
export function lockDataDir(dataDir: string, open: (path: string) => LockDatabase): DataDirLock {
  const database = open(join(runPaths(dataDir).run, 'lock.db'));
  try {
    database.execute('PRAGMA busy_timeout = 0');
    database.execute('BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    const holder = readDaemonRecord(dataDir);
    const isAlive = holder !== undefined && isSameProcess(holder.pid, holder.startTime);
    const who = isAlive ? `process ${holder.pid}, on port ${holder.port}` : 'one that is starting';
    throw new Problem('daemon_running', `A daemon already runs on ${dataDir}: ${who}`, {
      cause,
      details: isAlive ? { pid: holder.pid, port: holder.port } : {},
    });
  }
  return {
    release() {
      database.execute('ROLLBACK');
      database.close();
    },
  };
}
