import { StringDecoder } from 'node:string_decoder';
import { byteOrderMark, createEventReader, type ServerEvent } from './event-reader.ts';

/** Hands on each event of a stream as it comes; throws when one is larger than it may be. */
export async function readEvents(
  body: AsyncIterable<Buffer>,
  maxBytes: number,
  onEvent: (event: ServerEvent) => void,
): Promise<void> {
  const decoder = new StringDecoder('utf8');
  const events = createEventReader(maxBytes, onEvent);
  for await (const chunk of body) {
    events.read(decoder.write(chunk));
    if (events.isOver()) throw new Error(tooLarge(maxBytes));
  }
}

/** The whole of a body as text, a mark at its beginning left out; throws when it is larger than it may be. */
export async function readWhole(body: AsyncIterable<Buffer>, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) throw new Error(tooLarge(maxBytes));
  }
  const text = Buffer.concat(chunks).toString('utf8');
  return text.startsWith(byteOrderMark) ? text.slice(1) : text;
}

/** True for what reading a body or an event rejects with when it is larger than it may be. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith(tooLargeStart);
}

const tooLargeStart = 'its answer is larger than';

function tooLarge(maxBytes: number): string {
  return `${tooLargeStart} limits.maxMessageBytes, ${maxBytes} bytes`;
}
