import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Bodies that are on their way, all together; beyond it the largest is given up. */
const totalBytesMax = 256 * 1_048_576;

/** Some programs begin whatever they write with it; readers of JSON may leave it out (RFC 8259, 8.1). */
const byteOrderMark = Buffer.from('\ufeff');

/** The client may try again. */
export const crowded = 'Too many bodies are on their way at once; try again later';

/** What to do with one body; exactly one is called, unless the client leaves before the end. */
export interface BodyEnds {
  /** Undefined when the bytes are not UTF-8: put right silently, they would reach a server as other words. */
  onText(text: string | undefined): void;
  /** The rest is read and thrown away, so that the answer gets through and the connection stays usable. */
  onTooLarge(): void;
  /** All bodies together are too much, and this is the largest: whatever is answered ends the connection. */
  onCrowded(): void;
}

/** Reads bodies of requests as text. */
export interface Bodies {
  read(
    exchange: { readonly request: IncomingMessage; readonly response: ServerResponse },
    maxBytes: number,
    ends: BodyEnds,
  ): void;
}

/** A body that came in more than one piece, as far as it came. */
interface Partial {
  bytes: Buffer;
  sizeBytes: number;
  giveUp(): void;
}

/** Bodies in one piece, as most are, cost nothing; the others share `maxBytes` of memory. */
export function createBodies(maxTotalBytes = totalBytesMax): Bodies {
  const partials = new Set<Partial>();
  let heldBytes = 0;

  function hold(partial: Partial, chunk: Buffer): void {
    const sizeBytes = partial.sizeBytes + chunk.length;
    if (sizeBytes > partial.bytes.length) {
      // Twice as much each time: a body of many small pieces is copied no more than twice.
      const grown = Buffer.allocUnsafeSlow(2 * sizeBytes);
      partial.bytes.copy(grown, 0, 0, partial.sizeBytes);
      heldBytes += grown.length - partial.bytes.length;
      partial.bytes = grown;
    }
    chunk.copy(partial.bytes, partial.sizeBytes);
    partial.sizeBytes = sizeBytes;
  }

  function release(partial: Partial): void {
    if (partials.delete(partial)) heldBytes -= partial.bytes.length;
  }

  function makeRoom(): void {
    while (heldBytes > maxTotalBytes) {
      const [first, ...others] = partials;
      if (first === undefined) return;
      const largest = others.reduce((a, b) => (b.bytes.length > a.bytes.length ? b : a), first);
      release(largest);
      largest.giveUp();
    }
  }

  return {
    read({ request, response }, maxBytes, ends) {
      let first: Buffer | undefined;
      let partial: Partial | undefined;
      const saidBytes = Number(request.headers['content-length'] ?? 0);
      let isGivenUp = saidBytes > maxBytes;
      if (isGivenUp) ends.onTooLarge();
      const giveUp = (end: () => void): void => {
        isGivenUp = true;
        if (partial !== undefined) release(partial);
        first = undefined;
        partial = undefined;
        end();
      };
      request.on('data', (chunk: Buffer) => {
        if (isGivenUp) return;
        const sizeBytes = (partial?.sizeBytes ?? 0) + chunk.length;
        if (sizeBytes > maxBytes) giveUp(ends.onTooLarge);
        else if (partial === undefined && chunk.length === saidBytes) first = chunk;
        else {
          if (partial === undefined) {
            partial = {
              bytes: Buffer.alloc(0),
              sizeBytes: 0,
              giveUp() {
                response.setHeader('connection', 'close');
                giveUp(ends.onCrowded);
              },
            };
            partials.add(partial);
            request.once('close', () => {
              if (partial !== undefined) release(partial);
            });
          }
          hold(partial, chunk);
          makeRoom();
        }
      });
      request.on('end', () => {
        if (isGivenUp) return;
        const whole = partial?.bytes.subarray(0, partial.sizeBytes) ?? first;
        ends.onText(whole === undefined ? '' : textOf(whole));
      });
      // A client that breaks off in mid-body gets no answer; the socket's own end cleans up.
      request.on('error', nothing);
    },
  };
}

function nothing(): void {}

function textOf(bytes: Buffer): string | undefined {
  const from = bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark)
    ? byteOrderMark.length
    : 0;
  const text = bytes.toString('utf8', from);
  // The replacement character may also be meant; looking for it spares all other bodies a second reading.
  return text.includes('\ufffd') && !isUtf8(bytes) ? undefined : text;
}
