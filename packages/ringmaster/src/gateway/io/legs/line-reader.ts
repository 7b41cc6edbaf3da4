import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** Splits a stream into lines; one longer than `maxLength` characters is skipped and `onTooLong` called. */
export function readLines(
  input: Readable,
  how: {
    readonly maxLength: number;
    readonly onLine: (line: string) => void;
    readonly onTooLong: () => void;
    readonly onEnd: () => void;
  },
): void {
  // Multi-byte characters may be cut between two chunks.
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let isSkipping = false;
  input.on('data', (chunk: Buffer) => {
    const text = rest + decoder.write(chunk);
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      const line = text.slice(from, end).trim();
      if (!isSkipping && line !== '') how.onLine(line);
      isSkipping = false;
      from = end + 1;
    }
    rest = isSkipping ? '' : text.slice(from);
    if (rest.length <= how.maxLength) return;
    rest = '';
    isSkipping = true;
    how.onTooLong();
  });
  input.once('end', () => {
    if (rest.trim() !== '' && !isSkipping) how.onLine(rest.trim());
    rest = '';
    how.onEnd();
  });
  input.once('error', how.onEnd);
}
