import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** How large a log may grow. */
export interface LogLimits {
  readonly maxSizeBytes: number;
  /** Rotated files kept beside the current one. */
  readonly keep: number;
}

/** Appends whole lines to a file that rotates between lines, never inside one. */
export interface LogFile {
  /** `bytes` ends with a newline. */
  write(bytes: Buffer): void;
  setLimits(limits: LogLimits): void;
  /** Bytes that could not be written (disk full, folder gone); counted, never silent. */
  lostBytes(): number;
  close(): void;
}

const newline = 10;

/**
 * Rotation happens in the writer, as only it knows where a line ends: tools that copy and truncate
 * lose lines, and those that poll overshoot the size.
 */
export function openLogFile(path: string, limitsAtStart: LogLimits): LogFile {
  let limits = limitsAtStart;
  let fd: number | undefined;
  let sizeBytes = 0;
  let lost = 0;

  function open(): number {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const opened = openSync(path, 'a', 0o600);
    sizeBytes = fstatSync(opened).size;
    return opened;
  }

  function rotate(): void {
    if (fd !== undefined) closeSync(fd);
    fd = undefined;
    if (limits.keep === 0) rmSync(path, { force: true });
    for (let number = limits.keep; number >= 1; number -= 1)
      renameIfThere(number === 1 ? path : `${path}.${number - 1}`, `${path}.${number}`);
    sizeBytes = 0;
  }

  function append(bytes: Buffer): void {
    fd ??= open();
    for (let from = 0; from < bytes.length; ) from += writeSync(fd, bytes, from);
    sizeBytes += bytes.length;
  }

  /** How many bytes of `bytes` still fit: whole lines only, at least one line in an empty file. */
  function fitting(bytes: Buffer): number {
    const room = limits.maxSizeBytes - sizeBytes;
    if (bytes.length <= room) return bytes.length;
    const end = room <= 0 ? 0 : bytes.lastIndexOf(newline, room - 1) + 1;
    if (end > 0 || sizeBytes > 0) return end;
    return bytes.indexOf(newline) + 1;
  }

  return {
    write(bytes) {
      try {
        fd ??= open();
        for (let rest = bytes; rest.length > 0; ) {
          const count = fitting(rest);
          if (count > 0) append(rest.subarray(0, count));
          rest = rest.subarray(count);
          if (rest.length > 0) rotate();
        }
      } catch {
        // Disk full or folder gone: the server must not feel it; the count is shown with its log.
        lost += bytes.length;
      }
    },
    setLimits: (next) => {
      limits = next;
    },
    lostBytes: () => lost,
    close: () => {
      if (fd !== undefined) closeSync(fd);
      fd = undefined;
    },
  };
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
