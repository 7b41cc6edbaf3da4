import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { LogPage } from '../supervisor.ts';
import { listLogs, type StoredLog } from './log-files.ts';

/** Read backwards in steps of this size. */
const stepBytes = 65_536;
/** Most bytes of one answer; a follower asks again for the rest. */
const pageBytes = 4_194_304;
const newline = 10;

/** Before the first line of a log nobody has written yet. */
const beginning = '0:0';

interface LogPart extends LogPage {
  /** Number of the oldest file that is not compressed; undefined when there is none. */
  readonly oldest: number | undefined;
}

const nothing: LogPart = { lines: [], cursor: beginning, missed: false, oldest: undefined };

/**
 * The last lines of a log, or what came after a cursor. A cursor is `NUMBER:OFFSET`, the number of a file, which it keeps
 * when it is rotated: reading on finds its place again, and says so when that file is gone. Compressed files are left
 * to `lastCompressedLines` and to the search.
 */
export function readLog(
  folder: string,
  query: { readonly lines: number; readonly cursor?: string },
): LogPart {
  try {
    return readNow(folder, query);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    // A file was rotated, compressed or dropped between two looks.
    return readNow(folder, query);
  }
}

function readNow(
  folder: string,
  query: { readonly lines: number; readonly cursor?: string },
): LogPart {
  if (query.cursor !== undefined) return readAfter(folder, query.cursor);
  const lines: string[] = [];
  const files = plainFiles(folder);
  for (const file of files) {
    if (lines.length >= query.lines) break;
    lines.unshift(...lastLinesOf(file.path, query.lines - lines.length));
  }
  return { lines, cursor: endOf(files[0]), missed: false, oldest: files.at(-1)?.number };
}

/** Current file first, then the rotated ones, newest first, up to the first compressed one. */
function plainFiles(folder: string): StoredLog[] {
  const files = listLogs(folder);
  const firstCompressed = files.findIndex(({ isCompressed }) => isCompressed);
  return firstCompressed < 0 ? files : files.slice(0, firstCompressed);
}

function endOf(newest: StoredLog | undefined): string {
  return newest === undefined ? beginning : `${newest.number}:${newest.sizeBytes}`;
}

function lastLinesOf(path: string, count: number): string[] {
  if (count === 0) return [];
  const fd = openSync(path, 'r');
  try {
    const parts: Buffer[] = [];
    let found = 0;
    for (let end = fstatSync(fd).size; end > 0 && found <= count; ) {
      const from = Math.max(0, end - stepBytes);
      const part = readRange(fd, from, end);
      found += countNewlines(part);
      parts.unshift(part);
      end = from;
    }
    return toLines(Buffer.concat(parts)).slice(-count);
  } finally {
    closeSync(fd);
  }
}

function readAfter(folder: string, cursor: string): LogPart {
  const [number = 0, offset = 0] = cursor.split(':').map(Number);
  const files = plainFiles(folder);
  const oldest = files.at(-1);
  if (oldest === undefined) return nothing;
  const found = files.find((file) => file.number === number);
  const isFresh = cursor === beginning;
  const file = found ?? oldest;
  const from = found === undefined ? 0 : offset;
  const to = Math.min(file.sizeBytes, from + pageBytes);
  const missed = found === undefined && !isFresh;
  const fd = openSync(file.path, 'r');
  try {
    const bytes = readRange(fd, from, to);
    const whole = bytes.subarray(0, bytes.lastIndexOf(newline) + 1);
    const next = from + whole.length;
    const younger = files[files.indexOf(file) - 1];
    const isDone = next >= file.sizeBytes && younger !== undefined;
    return {
      lines: toLines(whole),
      cursor: isDone ? `${younger.number}:0` : `${file.number}:${next}`,
      missed,
      oldest: oldest.number,
    };
  } finally {
    closeSync(fd);
  }
}

function readRange(fd: number, from: number, to: number): Buffer {
  const bytes = Buffer.alloc(Math.max(0, to - from));
  let count = 0;
  while (count < bytes.length) {
    const read = readSync(fd, bytes, count, bytes.length - count, from + count);
    if (read === 0) break;
    count += read;
  }
  return bytes.subarray(0, count);
}

function countNewlines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) count += 1;
  return count;
}

function toLines(bytes: Buffer): string[] {
  const lines = bytes.toString('utf8').split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
