import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { LogPage } from '../supervisor.ts';

/** Read backwards in steps of this size. */
const stepBytes = 65_536;
/** Most bytes of one answer; a follower asks again for the rest. */
const pageBytes = 4_194_304;
const newline = 10;

/**
 * The last lines of a log, or what came after a cursor. A cursor is `INODE:OFFSET`: it finds its place again after the
 * file was rotated, and says so when that file is gone.
 */
export function readLog(
  path: string,
  query: { readonly lines: number; readonly cursor?: string },
): LogPage {
  if (query.cursor !== undefined) return readAfter(path, query.cursor);
  const lines: string[] = [];
  const files = filesOf(path);
  for (const file of files) {
    if (lines.length >= query.lines) break;
    lines.unshift(...lastLinesOf(file.path, query.lines - lines.length));
  }
  return { lines, cursor: endOf(path), missed: false };
}

/** Current file first, then the rotated ones, newest first. */
function filesOf(path: string): { path: string; inode: number; sizeBytes: number }[] {
  const base = basename(path);
  let names: string[];
  try {
    names = readdirSync(dirname(path));
  } catch {
    // Nothing was written yet.
    return [];
  }
  const numberOf = (name: string) => (name === base ? 0 : Number(name.slice(base.length + 1)));
  return names
    .filter((name) => name === base || /^\.\d+$/.test(name.slice(base.length)))
    .filter((name) => name.startsWith(base))
    .sort((one, other) => numberOf(one) - numberOf(other))
    .map((name) => {
      const stat = statSync(join(dirname(path), name));
      return { path: join(dirname(path), name), inode: stat.ino, sizeBytes: stat.size };
    });
}

function endOf(path: string): string {
  const current = filesOf(path)[0];
  return current === undefined ? '0:0' : `${current.inode}:${current.sizeBytes}`;
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

function readAfter(path: string, cursor: string): LogPage {
  const [inode = 0, offset = 0] = cursor.split(':').map(Number);
  const files = filesOf(path);
  const at = files.findIndex((file) => file.inode === inode);
  const current = files[0];
  if (current === undefined) return { lines: [], cursor: '0:0', missed: false };
  const isLost = at < 0 && inode !== 0;
  const file = at < 0 ? (isLost ? current : (files.at(-1) ?? current)) : (files[at] ?? current);
  const from = at < 0 ? 0 : offset;
  const to = Math.min(file.sizeBytes, from + pageBytes);
  const fd = openSync(file.path, 'r');
  try {
    const bytes = readRange(fd, from, to);
    const whole = bytes.subarray(0, bytes.lastIndexOf(newline) + 1);
    const next = from + whole.length;
    const younger = files[files.indexOf(file) - 1];
    const isDone = next >= file.sizeBytes && younger !== undefined;
    return {
      lines: toLines(whole),
      cursor: isDone ? `${younger.inode}:0` : `${file.inode}:${next}`,
      missed: isLost,
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
