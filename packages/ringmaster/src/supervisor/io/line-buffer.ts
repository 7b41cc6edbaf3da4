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
const newline = 10;
const lineEnd = Buffer.from('\n');

/** An empty buffer that hands its batches to `write`. */
export function createLineBuffer(write: (bytes: Buffer) => void): LineBuffer {
  let whole: Buffer[] = [];
  let wholeBytes = 0;
  let partial: Buffer[] = [];
  let partialBytes = 0;
  let tail: Buffer = Buffer.alloc(0);

  function remember(bytes: Buffer): void {
    const joined = bytes.length >= tailBytes ? bytes : Buffer.concat([tail, bytes]);
    tail = Buffer.from(joined.subarray(Math.max(0, joined.length - tailBytes)));
  }

  function flush(): void {
    if (wholeBytes === 0) return;
    const bytes = whole.length === 1 && whole[0] !== undefined ? whole[0] : Buffer.concat(whole);
    whole = [];
    wholeBytes = 0;
    remember(bytes);
    write(bytes);
  }

  function addWhole(bytes: Buffer): void {
    whole.push(bytes);
    wholeBytes += bytes.length;
    if (wholeBytes >= batchBytes) flush();
  }

  function endPartial(): void {
    if (partialBytes === 0) return;
    const bytes = Buffer.concat([...partial, lineEnd]);
    partial = [];
    partialBytes = 0;
    addWhole(bytes);
  }

  return {
    push(chunk) {
      const last = chunk.lastIndexOf(newline);
      let rest = chunk;
      if (last >= 0) {
        const head = chunk.subarray(0, last + 1);
        addWhole(partialBytes === 0 ? head : Buffer.concat([...partial, head]));
        partial = [];
        partialBytes = 0;
        rest = chunk.subarray(last + 1);
      }
      if (rest.length === 0) return;
      partial.push(rest);
      partialBytes += rest.length;
      if (partialBytes >= lineMaxBytes) endPartial();
    },
    flush,
    finish() {
      endPartial();
      flush();
    },
    lastLines(count) {
      const text = Buffer.concat([tail, ...whole, ...partial]).toString('utf8');
      const lines = text.split('\n');
      const isCut = Buffer.byteLength(text) > tailBytes;
      return lines
        .slice(isCut ? 1 : 0)
        .filter((line) => line !== '')
        .slice(-count);
    },
  };
}
