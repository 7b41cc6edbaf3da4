import {
  closeSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Batches, decodeBatches, decodeHeader, recordBytes } from '../log-index.ts';
import type { StoredSize } from '../log-retention.ts';

/** A file of a log as it lies in the folder of its server. */
export interface StoredLog extends StoredSize {
  readonly path: string;
  /** Beside the log: when each batch of lines was captured, and its levels. */
  readonly indexPath: string;
  readonly isCurrent: boolean;
  readonly isCompressed: boolean;
}

const rotatedName = /^(\d{6,15})\.log(\.gz)?$/;

/** Paths of the file that is being written. */
export function currentPaths(folder: string) {
  return { path: join(folder, 'current.log'), indexPath: join(folder, 'current.idx') };
}

/** Paths of a rotated file; the plain one may have become a compressed one. */
export function rotatedPaths(folder: string, number: number) {
  const base = join(folder, String(number).padStart(6, '0'));
  return { path: `${base}.log`, indexPath: `${base}.idx` };
}

/** The files of a log, the current one first, then the rotated ones, newest first. */
export function listLogs(folder: string): StoredLog[] {
  const rotated = new Map<number, StoredLog>();
  for (const name of namesIn(folder)) {
    const found = rotatedName.exec(name);
    if (found === null) continue;
    const number = Number(found[1]);
    const isCompressed = found[2] !== undefined;
    // Both are there while one is compressed: the plain one is whole.
    if (isCompressed && rotated.has(number)) continue;
    const { path, indexPath } = rotatedPaths(folder, number);
    const stored = describe(isCompressed ? `${path}.gz` : path, indexPath);
    if (stored === undefined) continue;
    rotated.set(number, { ...stored, number, indexPath, isCurrent: false, isCompressed });
  }
  const newestFirst = [...rotated.values()].sort((one, other) => other.number - one.number);
  const { path, indexPath } = currentPaths(folder);
  const current = describe(path, indexPath);
  if (current === undefined) return newestFirst;
  const number = numberIn(indexPath) ?? (newestFirst[0]?.number ?? 0) + 1;
  return [{ ...current, number, indexPath, isCurrent: true, isCompressed: false }, ...newestFirst];
}

/** When what a file holds was captured; the whole of it is one unknown batch when nobody wrote that down. */
export function readBatches(stored: StoredLog): Batches {
  let bytes: Buffer;
  try {
    bytes = readFileSync(stored.indexPath);
  } catch {
    // It was lost, or never written.
    bytes = Buffer.alloc(0);
  }
  const sizeBytes = stored.isCompressed ? undefined : stored.sizeBytes;
  return decodeBatches(bytes, { sizeBytes, lastAtMs: stored.lastAtMs });
}

/** What lies in a folder; nothing when it is not there. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Nothing was written yet.
    return [];
  }
}

function describe(path: string, indexPath: string) {
  try {
    const { size, mtimeMs } = statSync(path);
    const indexBytes = statSync(indexPath, { throwIfNoEntry: false })?.size ?? 0;
    return { path, sizeBytes: size, indexBytes, lastAtMs: mtimeMs };
  } catch {
    // Rotated away or compressed a moment ago; whoever lists again finds it under its new name.
    return undefined;
  }
}

/** The number an index begins with. */
function numberIn(indexPath: string): number | undefined {
  try {
    const fd = openSync(indexPath, 'r');
    try {
      const header = Buffer.alloc(recordBytes);
      return readSync(fd, header, 0, recordBytes, 0) === recordBytes && fstatSync(fd).size > 0
        ? decodeHeader(header)
        : undefined;
    } finally {
      closeSync(fd);
    }
  } catch {
    // There is none.
    return undefined;
  }
}
