import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { type Batch, encodeBatch, encodeHeader, recordBytes } from '../log-index.ts';

/** The index beside a log while that is written. */
export interface IndexFile {
  /** Never fails: what cannot be told now, as the disk is full, is told with the next batch. */
  add(batch: Batch): void;
  close(): void;
}

/** Opens the index of the log file `number`, of which `batches` were found. */
export function openIndexFile(
  path: string,
  found: { readonly number: number; readonly batches: readonly Batch[] },
): IndexFile {
  let fd: number | undefined;
  let sizeBytes = 0;
  let owed: Batch | undefined;

  function begin(): number {
    const opened = openSync(path, 'a', 0o600);
    try {
      sizeBytes = fstatSync(opened).size;
      if (!isWhole(sizeBytes, found.batches)) sizeBytes = rewrite(opened, found);
    } catch (error) {
      closeSync(opened);
      throw error;
    }
    return opened;
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

  return {
    add(batch) {
      const whole = owed === undefined ? batch : joined(owed, batch);
      try {
        tell(whole);
        owed = undefined;
      } catch {
        // The lines themselves are in the log; it is read without its index, if need be.
        owed = whole;
      }
    },
    close() {
      if (fd !== undefined) closeSync(fd);
      fd = undefined;
    },
  };
}

/** After a crash the log may be longer than its index says: the difference is a batch nobody counted. */
function isWhole(sizeBytes: number, batches: readonly Batch[]): boolean {
  if (batches.some(({ isUnknown }) => isUnknown)) return false;
  return sizeBytes === recordBytes * (1 + batches.length);
}

function rewrite(
  fd: number,
  { number, batches }: { readonly number: number; readonly batches: readonly Batch[] },
): number {
  const bytes = Buffer.concat([encodeHeader(number), ...batches.map(encodeBatch)]);
  ftruncateSync(fd, 0);
  if (writeSync(fd, bytes) === bytes.length) return bytes.length;
  ftruncateSync(fd, 0);
  throw new RangeError('only a part was written');
}

function joined(first: Batch, second: Batch): Batch {
  const counts = second.counts.map((count, rank) => count + (first.counts[rank] ?? 0));
  return { ...second, counts, goesOn: first.goesOn };
}
