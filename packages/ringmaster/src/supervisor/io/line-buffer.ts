/** Collects output until whole lines can be written, in batches. */
export interface LineBuffer {
  push(chunk: Buffer): void;
  /** Hands over the whole lines collected so far. */
  flush(): void;
  /** Hands over everything; an unfinished last line gets its newline. */
  finish(): void;
  /** The last lines seen, oldest first. */
  lastLines(count: number): string[];
}

/** A batch is written when it is this large, whatever the time. */
const batchBytes = 262_144;
/** A line longer than this is broken in two, so that a server that never ends a line cannot fill the memory. */
const lineMaxBytes = 1_048_576;
/** How much of the end is kept for `lastLines`. */
const tailBytes = 16_384;
/** A quiet server holds no more than this. */
const quietBytes = 16_384;
const newline = 10;

/** An empty buffer that hands its batches to `write`, which must have used the bytes when it returns. */
export function createLineBuffer(write: (bytes: Buffer) => void): LineBuffer {
  // Every byte is copied once, into one growing buffer: chunks of their own would be garbage by the gigabyte.
  let held = Buffer.allocUnsafe(quietBytes);
  let heldBytes = 0;
  let wholeBytes = 0;
  let tail: Buffer = Buffer.alloc(0);

  function remember(bytes: Buffer): void {
    const joined = bytes.length >= tailBytes ? bytes : Buffer.concat([tail, bytes]);
    tail = Buffer.from(joined.subarray(Math.max(0, joined.length - tailBytes)));
  }

  function makeRoom(countBytes: number): void {
    if (heldBytes + countBytes <= held.length) return;
    const larger = Buffer.allocUnsafe(Math.max(held.length * 2, heldBytes + countBytes));
    held.copy(larger, 0, 0, heldBytes);
    held = larger;
  }

  function handOver(): void {
    if (wholeBytes === 0) return;
    const bytes = held.subarray(0, wholeBytes);
    remember(bytes);
    write(bytes);
    held.copyWithin(0, wholeBytes, heldBytes);
    heldBytes -= wholeBytes;
    wholeBytes = 0;
  }

  function endPartial(): void {
    if (heldBytes === wholeBytes) return;
    makeRoom(1);
    held[heldBytes] = newline;
    heldBytes += 1;
    wholeBytes = heldBytes;
    handOver();
  }

  return {
    push(chunk) {
      makeRoom(chunk.length);
      chunk.copy(held, heldBytes);
      const last = chunk.lastIndexOf(newline);
      if (last >= 0) wholeBytes = heldBytes + last + 1;
      heldBytes += chunk.length;
      if (wholeBytes >= batchBytes) handOver();
      if (heldBytes - wholeBytes >= lineMaxBytes) endPartial();
    },
    flush() {
      const isQuiet = heldBytes === 0;
      handOver();
      if (isQuiet && held.length > quietBytes) held = Buffer.allocUnsafe(quietBytes);
    },
    finish() {
      endPartial();
      handOver();
    },
    lastLines(count) {
      const text = Buffer.concat([tail, held.subarray(0, heldBytes)]).toString('utf8');
      const lines = text.split('\n');
      const isCut = Buffer.byteLength(text) > tailBytes;
      return lines
        .slice(isCut ? 1 : 0)
        .filter((line) => line !== '')
        .slice(-count);
    },
  };
}
