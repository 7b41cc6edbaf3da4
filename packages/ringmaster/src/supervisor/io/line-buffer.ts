/** Cuts output at its last line end: whole lines are handed on at once, what is begun waits for its end. */
export interface LineBuffer {
  push(chunk: Buffer): void;
  /** There is no more: an unfinished last line gets its newline. */
  finish(): void;
  /** The last lines seen, oldest first. */
  lastLines(count: number): string[];
}

/** A line longer than this is broken, so that a server that never ends a line cannot fill the memory. */
const lineMaxBytes = 1_048_576;
/**
 * Begins the rest of a line that was broken. It begins with a space, and so belongs to the same entry: words in the
 * middle of a line must not be taken for its level.
 */
const goesOnMark = Buffer.from(' [ringmaster] the line goes on: ');
/** How much of the end is kept for `lastLines`. */
const tailBytes = 16_384;
/** Held for an unfinished line; grows with it. */
const heldFirstBytes = 4_096;
const newline = 10;
const lineEnd = Buffer.of(newline);

/** An empty buffer that hands lines to `write`, which must have used the bytes when it returns. */
export function createLineBuffer(write: (lines: Buffer) => void): LineBuffer {
  let held = Buffer.allocUnsafe(heldFirstBytes);
  let heldBytes = 0;
  const tail = Buffer.allocUnsafe(tailBytes * 2);
  let tailEnd = 0;

  function remember(lines: Buffer): void {
    const kept = lines.subarray(Math.max(0, lines.length - tailBytes));
    if (tailEnd + kept.length > tail.length) {
      const from = tailEnd - tailBytes;
      tail.copyWithin(0, from, tailEnd);
      tailEnd -= from;
    }
    tailEnd += kept.copy(tail, tailEnd);
  }

  function handOver(lines: Buffer): void {
    write(lines);
    remember(lines);
  }

  function hold(bytes: Buffer): void {
    if (heldBytes + bytes.length > held.length) {
      const larger = Buffer.allocUnsafe(Math.max(held.length * 2, heldBytes + bytes.length));
      held.copy(larger, 0, 0, heldBytes);
      held = larger;
    }
    heldBytes += bytes.copy(held, heldBytes);
  }

  function handOverHeld(): void {
    const lines = held.subarray(0, heldBytes);
    heldBytes = 0;
    if (held.length > heldFirstBytes) held = Buffer.allocUnsafe(heldFirstBytes);
    handOver(lines);
  }

  /** Hands over what is held of a line as a line; what belongs to its last character stays. */
  function breakLine(): void {
    const cut = wholeCharacters(held.subarray(0, heldBytes));
    const rest = Buffer.concat([goesOnMark, held.subarray(cut, heldBytes)]);
    heldBytes = cut;
    hold(lineEnd);
    handOverHeld();
    hold(rest);
  }

  return {
    push(chunk) {
      const end = chunk.lastIndexOf(newline) + 1;
      if (end > 0) {
        const lines = chunk.subarray(0, end);
        if (heldBytes === 0) handOver(lines);
        else {
          hold(lines);
          handOverHeld();
        }
      }
      if (end < chunk.length) hold(chunk.subarray(end));
      if (heldBytes >= lineMaxBytes) breakLine();
    },
    finish() {
      if (heldBytes === 0) return;
      hold(lineEnd);
      handOverHeld();
    },
    lastLines(count) {
      const from = Math.max(0, tailEnd - tailBytes);
      const text = Buffer.concat([tail.subarray(from, tailEnd), held.subarray(0, heldBytes)]);
      const lines = text.toString('utf8').split('\n');
      return lines
        .slice(tailEnd - from === tailBytes ? 1 : 0)
        .filter((line) => line !== '')
        .slice(-count);
    },
  };
}

/** How many bytes hold whole characters of UTF-8: a last one that is not complete is left out. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(4, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
