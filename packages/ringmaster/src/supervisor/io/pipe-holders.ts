import { lstatSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { livePids, startTimeOf } from './process-table.ts';

/** A process that has a server's output open, the way only servers have it. */
export interface PipeHolder {
  readonly pid: number;
  readonly startTime: string;
  /** Path of the pipe, in the folder as it was given. */
  readonly pipe: string;
}

/** The kernel's word for a file that was removed since (proc(5)). */
const removed = ' (deleted)';
/** What the mode of a link in `/proc/PID/fd` says of a file that is open for both. */
const readAndWrite = 0o600;

/**
 * Live processes that inherited the output of a server, a pipe in `folder`, ourselves left out: a process may change its
 * session and empty its environment and still hold it. Servers have their outputs open for reading and writing; a
 * daemon only reads, a guardian only writes, so neither is ever taken for one. Needs `/proc`; elsewhere
 * nobody is found. Costs some 60 µs a process.
 */
export function findHolders(folder: string, among: readonly number[] = livePids()): PipeHolder[] {
  const real = process.platform === 'linux' ? realFolder(folder) : undefined;
  if (real === undefined) return [];
  return among.flatMap((pid) => {
    const name = pid === process.pid ? undefined : heldIn(real, pid);
    const startTime = name === undefined ? undefined : startTimeOf(pid);
    if (name === undefined || startTime === undefined) return [];
    return [{ pid, startTime, pipe: join(folder, name) }];
  });
}

function realFolder(folder: string): string | undefined {
  try {
    return realpathSync(folder);
  } catch {
    // Removed: what is held of it still has its old name, which no link of the way to it can have changed since.
    return folder;
  }
}

/** Name of the first pipe in `folder` that a process has open for both. */
function heldIn(folder: string, pid: number): string | undefined {
  for (const link of linksOf(pid)) {
    const target = ignoreGone(() => readlinkSync(link));
    if (target === undefined || dirname(target) !== folder) continue;
    const mode = ignoreGone(() => lstatSync(link).mode) ?? 0;
    if ((mode & readAndWrite) !== readAndWrite) continue;
    const name = basename(target);
    return name.endsWith(removed) ? name.slice(0, -removed.length) : name;
  }
  return undefined;
}

function linksOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return ignoreGone(() => readdirSync(folder).map((fd) => `${folder}/${fd}`)) ?? [];
}

function ignoreGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    // Ended or closed since it was listed, or another user's, which we may not signal either.
    return undefined;
  }
}
