import type { LevelPattern } from './log-level.ts';

/** How large and old a server's log may grow; the `logs` section of its entry. */
export interface LogLimits {
  readonly maxSizeBytes: number;
  /** Rotated files kept beside the current one. */
  readonly keep: number;
  /** A file ends with its day, in local time. */
  readonly daily: boolean;
  /** Rotated files are compressed, except the newest. */
  readonly compress: boolean;
  readonly maxAgeMs: number;
  /** Of all files of the server together, as they lie on the disk, with their indexes. */
  readonly maxTotalBytes: number;
  readonly levels: readonly LevelPattern[];
}

/** A file of a log as it lies in its folder. */
export interface StoredSize {
  /** Counts rotations; the current file has the highest. */
  readonly number: number;
  readonly sizeBytes: number;
  /** Of the index beside it. */
  readonly indexBytes: number;
  /** When it was written last. */
  readonly lastAtMs: number;
}

/** Numbers of the rotated files that are too many, too old or too much; `files` holds the current one too, which stays. */
export function filesToDrop(
  files: readonly StoredSize[],
  limits: Pick<LogLimits, 'keep' | 'maxAgeMs' | 'maxTotalBytes'>,
  nowMs: number,
): number[] {
  const newestFirst = [...files].sort((one, other) => other.number - one.number);
  const [current, ...rotated] = newestFirst;
  let totalBytes = current === undefined ? 0 : sizeOf(current);
  let isFull = false;
  return rotated
    .filter((file, at) => {
      totalBytes += sizeOf(file);
      // Once one is dropped, every older one is: a log with a hole in it would mislead.
      isFull ||=
        at >= limits.keep ||
        totalBytes > limits.maxTotalBytes ||
        nowMs - file.lastAtMs > limits.maxAgeMs;
      return isFull;
    })
    .map(({ number }) => number);
}

/** Where single lines trickle in, the index is larger than what the lines are compressed to. */
function sizeOf({ sizeBytes, indexBytes }: StoredSize): number {
  return sizeBytes + indexBytes;
}
