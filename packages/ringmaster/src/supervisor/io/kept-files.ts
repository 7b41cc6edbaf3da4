import { closeSync, openSync, readSync } from 'node:fs';

/** One small file that is read again and again through a descriptor that stays open: half the cost of opening it. */
export interface KeptFile {
  /** What it says now; undefined when it cannot be read (any more). */
  read(): string | undefined;
  /** The same as bytes, which are put into `into`; how many, and no more than it holds. */
  readInto(into: Uint8Array): number | undefined;
  close(): void;
}

/** Files of `/proc` read here are shorter; one buffer serves all. */
const buffer = Buffer.allocUnsafe(16_384);

/** A file that may not be there; then it reads as undefined. */
export function keepFile(path: string): KeptFile {
  let fd = open(path);
  const close = () => {
    if (fd !== undefined) closeSync(fd);
    fd = undefined;
  };
  function readInto(into: Uint8Array): number | undefined {
    if (fd === undefined) return undefined;
    try {
      return readSync(fd, into, 0, into.length, 0);
    } catch {
      // The process behind the file has ended (ESRCH); its number may be given to another, which this is not.
      close();
      return undefined;
    }
  }
  return {
    read() {
      const length = readInto(buffer);
      return length === undefined ? undefined : buffer.toString('latin1', 0, length);
    },
    readInto,
    close,
  };
}

function open(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch {
    // Gone, or not for us: both read as undefined.
    return undefined;
  }
}
