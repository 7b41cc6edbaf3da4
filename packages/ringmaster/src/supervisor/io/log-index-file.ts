import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { type Batch, type Batches, encodeBatch, encodeHeader, recordBytes } from '../log-index.ts';

/** The index beside a log while that is written. Nothing here fails: the log is read without its index, if need be. */
export interface IndexFile {
  /** Joins what was added since the last `flush` to one batch. */
  add(batch: Batch): void;
  /** Writes it down; what cannot be told now, as the disk is full, is told with the next. */
  flush(): void;
  close(): void;
}

/** A batch that is so long is written down at once. */
const batchBytes = 262_144;

/** Opens the index of the log file `number`; `batches` reads those that are known of it, and is asked here. */
export function openIndexFile(
  path: string,
  found: { readonly number: number; readonly batches: () => Batches },
): IndexFile {
  let fd: number | undefined;
  let sizeBytes = 0;
  let owed: Batch | undefined;
  /** Where the first part of it ends. */
  let owedFrom = 0;

  function begin(): number {
    const opened = openSync(path, 'a', 0o600);
    try {
      const { bytes } = found.batches();
      sizeBytes = fstatSync(opened).size;
      // After a crash the log may be longer than its index says: the difference is a batch nobody counted.
      if (sizeBytes !== recordBytes + bytes.length)
        sizeBytes = rewrite(opened, found.number, bytes);
    } catch (error) {
      closeSync(opened);
      throw error;
    }
    return opened;
  }

  /** Does what may fail, and says whether it did not. */
  function tried(work: () => void): boolean {
    try {
      work();
      return true;
    } catch {
      // The lines themselves are in the log; the next flush tries again.
      return false;
    }
  }

  function tell(batch: Batch): void {
    fd ??= begin();
    try {
      if (writeSync(fd, encodeBatch(batch)) === recordBytes) sizeBytes += recordBytes;
      else throw new RangeError('only a part was written');
    } catch (error) {
      // A record half written would shift all that follow.
      ftruncateSync(fd, sizeBytes);
      throw error;
    }
  }

  function flush(): void {
    const batch = owed;
    if (batch !== undefined && tried(() => tell(batch))) owed = undefined;
  }

  // At once, as it says which number the file has.
  tried(() => {
    fd = begin();
  });
  return {
    add(batch) {
      if (owed === undefined) owedFrom = batch.end;
      owed = owed === undefined ? batch : joined(owed, batch);
      if (owed.end - owedFrom >= batchBytes) flush();
    },
    flush,
    close() {
      flush();
      if (fd !== undefined) closeSync(fd);
      fd = undefined;
    },
  };
}

function rewrite(fd: number, number: number, batches: Uint8Array): number {
  const bytes = Buffer.concat([encodeHeader(number), batches]);
  ftruncateSync(fd, 0);
  if (writeSync(fd, bytes) === bytes.length) return bytes.length;
  ftruncateSync(fd, 0);
  throw new RangeError('only a part was written');
}

function joined(first: Batch, second: Batch): Batch {
  const counts = second.counts.map((count, rank) => count + (first.counts[rank] ?? 0));
  return { ...second, counts, goesOn: first.goesOn };
}
