import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { decodeBatches } from '../log-index.ts';
import { createLineClassifier, type LineClassifier } from '../log-level.ts';
import type { LogLimits } from '../log-retention.ts';
import type { LineState } from '../log-trace.ts';
import { currentPaths, listLogs, readBatches, rotatedPaths } from './log-files.ts';
import { type IndexFile, openIndexFile } from './log-index-file.ts';

/** Appends whole lines to a file that rotates between lines, never inside one. */
export interface LogFile {
  /** `bytes` ends with a newline; `state` is that of the process that wrote them. They are in the file then. */
  write(bytes: Buffer, state: LineState): void;
  /** Tells the index of what was written since; until then it counts as one batch. */
  flush(): void;
  setLimits(limits: LogLimits): void;
  /** Bytes that could not be written (disk full, folder gone); counted, never silent. */
  lostBytes(): number;
  close(): void;
}

interface LogFileNeeds {
  readonly nowMs: () => number;
  /** A file was rotated: it may be time to drop or compress others. */
  readonly onRotate: (folder: string, limits: LogLimits) => void;
}

interface OpenLog {
  readonly fd: number;
  readonly index: IndexFile;
  /** The day of the lines in it ends then. */
  readonly dayEndsAtMs: number;
}

const newline = 10;
const noBatches = decodeBatches(new Uint8Array(), { sizeBytes: 0, lastAtMs: 0 });

/**
 * Rotation happens in the writer, as only it knows where a line ends: tools that copy and truncate
 * lose lines, and those that poll overshoot the size.
 */
export function openLogFile(
  folder: string,
  limitsAtStart: LogLimits,
  needs: LogFileNeeds,
): LogFile {
  let limits = limitsAtStart;
  let classifier = createLineClassifier(limits.levels);
  let open: OpenLog | undefined;
  let sizeBytes = 0;
  let lost = 0;
  let untoldBytes = 0;
  let number = nextNumber(folder);

  function openNow(): OpenLog {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const paths = currentPaths(folder);
    const [stored] = listLogs(folder);
    const fd = openAtLineStart(paths.path);
    sizeBytes = fstatSync(fd).size;
    const batches = () => (stored?.isCurrent === true ? readBatches(stored) : noBatches);
    const index = openIndexFile(paths.indexPath, { number, batches });
    const writtenAtMs = sizeBytes > 0 ? (stored?.lastAtMs ?? needs.nowMs()) : needs.nowMs();
    return { fd, index, dayEndsAtMs: endOfDay(writtenAtMs) };
  }

  function close(): void {
    if (open === undefined) return;
    closeSync(open.fd);
    open.index.close();
    open = undefined;
  }

  function rotate(): void {
    close();
    const from = currentPaths(folder);
    const to = rotatedPaths(folder, number);
    if (limits.keep === 0) for (const path of Object.values(from)) rmSync(path, { force: true });
    else {
      renameIfThere(from.indexPath, to.indexPath);
      renameIfThere(from.path, to.path);
    }
    number += 1;
    sizeBytes = 0;
    needs.onRotate(folder, limits);
  }

  function append(bytes: Buffer, state: LineState): void {
    open ??= openNow();
    try {
      for (let from = 0; from < bytes.length; ) from += writeSync(open.fd, bytes, from);
    } catch (error) {
      // A line half written would be glued to the next one.
      ftruncateSync(open.fd, sizeBytes);
      throw error;
    }
    sizeBytes += bytes.length;
    // Afterwards: what is only in memory is lost with a daemon that is killed.
    const { goesOn, counts } = countEntries(bytes, classifier, state);
    const atMs = needs.nowMs();
    open.index.add({ end: sizeBytes, atMs, counts, goesOn, isUnknown: false });
  }

  /** How many bytes of `bytes` still fit: whole lines only, at least one line in an empty file. */
  function fitting(bytes: Buffer): number {
    const room = limits.maxSizeBytes - sizeBytes;
    if (bytes.length <= room) return bytes.length;
    const end = room <= 0 ? 0 : bytes.lastIndexOf(newline, room - 1) + 1;
    if (end > 0 || sizeBytes > 0) return end;
    return bytes.indexOf(newline) + 1;
  }

  /** Writes what it can; the result is how much was left when something failed. */
  function writeAll(bytes: Buffer, state: LineState): number {
    let rest = bytes;
    try {
      open ??= openNow();
      if (limits.daily && sizeBytes > 0 && isAnotherDay(open.dayEndsAtMs, needs.nowMs())) rotate();
      while (rest.length > 0) {
        const count = fitting(rest);
        if (count > 0) append(rest.subarray(0, count), state);
        rest = rest.subarray(count);
        if (rest.length > 0) rotate();
      }
    } catch {
      // Disk full or folder gone: the server must not feel it; the count is shown with its log.
    }
    return rest.length;
  }

  return {
    write(bytes, state) {
      // In one write with what comes next, so that it is not told again and again into the last free bytes.
      const whole = untoldBytes > 0 ? Buffer.concat([notice(untoldBytes), bytes]) : bytes;
      const leftBytes = Math.min(writeAll(whole, state), bytes.length);
      lost += leftBytes;
      untoldBytes = leftBytes === bytes.length ? untoldBytes + leftBytes : leftBytes;
    },
    flush: () => open?.index.flush(),
    setLimits: (next) => {
      limits = next;
      classifier = createLineClassifier(next.levels);
    },
    lostBytes: () => lost,
    close,
  };
}

/** A daemon that was killed while it wrote may have left half a line, to which the next one would be glued. */
function openAtLineStart(path: string): number {
  const fd = openSync(path, 'a+', 0o600);
  try {
    const last = Buffer.alloc(1);
    const { size } = fstatSync(fd);
    if (size > 0 && readSync(fd, last, 0, 1, size - 1) === 1 && last[0] !== newline)
      writeSync(fd, '\n');
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function notice(untoldBytes: number): Buffer {
  return Buffer.from(`[ringmaster] ERROR ${untoldBytes} bytes of this log could not be written\n`);
}

function nextNumber(folder: string): number {
  const [newest] = listLogs(folder);
  if (newest === undefined) return 1;
  return newest.isCurrent ? newest.number : newest.number + 1;
}

function countEntries(bytes: Buffer, classifier: LineClassifier, state: LineState) {
  const counts = [0, 0, 0, 0, 0];
  const range = { from: 0, to: 0 };
  let goesOn = false;
  for (let from = 0; from < bytes.length; from = range.to + 1) {
    const end = bytes.indexOf(newline, from);
    range.from = from;
    range.to = end < 0 ? bytes.length : end;
    if (classifier.next(bytes, range, state)) counts[state.rank] = (counts[state.rank] ?? 0) + 1;
    else if (from === 0) goesOn = true;
  }
  return { counts, goesOn };
}

/** No day is longer, also not one with an hour twice. */
const longestDayMs = 26 * 3_600_000;

/** After the end of its day, or so long before that its clock was wrong: a file of next year would be open till then. */
function isAnotherDay(dayEndsAtMs: number, nowMs: number): boolean {
  return nowMs >= dayEndsAtMs || nowMs < dayEndsAtMs - longestDayMs;
}

/** The next midnight, in local time. */
function endOfDay(atMs: number): number {
  const day = new Date(atMs);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1).getTime();
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
