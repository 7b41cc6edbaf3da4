import { createReadStream, createWriteStream, rmSync } from 'node:fs';
import { rename, stat, unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import { filesToDrop, type LogLimits } from '../log-retention.ts';
import { listLogs, namesIn, rotatedPaths, type StoredLog } from './log-files.ts';

/** Drops rotated files that are too many, too old or too much, and compresses the others, one at a time. */
export interface LogKeeper {
  /** A log was opened or rotated. */
  look(folder: string, limits: LogLimits): void;
  /** Looks at every folder again: files grow old by themselves. */
  sweep(): void;
}

/** A burst rotates many files at once; compressing waits for its end, as it takes processor time from the capture. */
const quietMs = 5_000;

/** A keeper that knows no folder yet. */
export function createLogKeeper(
  nowMs: () => number,
  { compressAfterMs } = { compressAfterMs: quietMs },
): LogKeeper {
  const limitsOf = new Map<string, LogLimits>();
  let timer: NodeJS.Timeout | undefined;
  let isCompressing = false;

  function compressSoon(): void {
    clearTimeout(timer);
    timer = setTimeout(() => void compressAll(), compressAfterMs);
    timer.unref();
  }

  async function compressAll(): Promise<void> {
    if (isCompressing) return compressSoon();
    isCompressing = true;
    for (const [folder, limits] of limitsOf) {
      if (!limits.compress) continue;
      removeUnfinished(folder);
      for (const stored of compressible(folder)) await compress(stored);
      drop(folder, limits, nowMs());
    }
    isCompressing = false;
  }

  function look(folder: string, limits: LogLimits): void {
    limitsOf.set(folder, limits);
    drop(folder, limits, nowMs());
    if (limits.compress && compressible(folder).length > 0) compressSoon();
  }

  return {
    look,
    sweep() {
      for (const [folder, limits] of limitsOf) look(folder, limits);
    },
  };
}

/** The newest rotated file stays as it is, so that who follows the log can read on in it. */
function compressible(folder: string): StoredLog[] {
  const rotated = listLogs(folder).filter(({ isCurrent }) => !isCurrent);
  return rotated.slice(1).filter(({ isCompressed }) => !isCompressed);
}

function drop(folder: string, limits: LogLimits, nowMs: number): void {
  const stored = listLogs(folder);
  // Without a current file the newest rotated one would count as it; it is about to be made.
  const absent = { number: Infinity, sizeBytes: 0, indexBytes: 0, lastAtMs: nowMs };
  const current = stored[0]?.isCurrent ? [] : [absent];
  for (const number of filesToDrop([...current, ...stored], limits, nowMs)) {
    const { path, indexPath } = rotatedPaths(folder, number);
    for (const gone of [path, `${path}.gz`, indexPath]) remove(gone);
  }
}

/** Fast rather than small: log lines shrink to a tenth at any level. */
const gzipLevel = constants.Z_BEST_SPEED;

async function compress({ path }: StoredLog): Promise<void> {
  const unfinished = `${path}.gz.tmp`;
  try {
    const { atime, mtime } = await stat(path);
    const packed = createWriteStream(unfinished, { mode: 0o600 });
    await pipeline(createReadStream(path), createGzip({ level: gzipLevel }), packed);
    await utimes(unfinished, atime, mtime);
    await rename(unfinished, `${path}.gz`);
    await unlink(path);
  } catch {
    // Dropped meanwhile, or the disk is full: the plain file, if it is there, stays and is tried again later.
    remove(unfinished);
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The folder does not let us; the next look tries again, and capturing goes on.
  }
}

/** What an earlier daemon had begun to compress when it ended. */
function removeUnfinished(folder: string): void {
  for (const name of namesIn(folder)) if (name.endsWith('.gz.tmp')) remove(join(folder, name));
}
