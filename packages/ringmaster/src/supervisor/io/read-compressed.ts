import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { listLogs } from './log-files.ts';

/** What is kept of a file while it is unpacked; of longer lines fewer are answered. */
const keptMaxBytes = 16_777_216;
const chunkBytes = 262_144;
const newline = 10;

/** The last lines of the compressed files of a log that are older than file `before`, oldest first; at most `count`. */
export async function lastCompressedLines(
  folder: string,
  { count, before }: { readonly count: number; readonly before: number },
): Promise<string[]> {
  const lines: string[] = [];
  for (const { path, number, isCompressed } of listLogs(folder)) {
    if (lines.length >= count) break;
    if (isCompressed && number < before)
      lines.unshift(...(await lastLinesOf(path, count - lines.length)));
  }
  return lines;
}

/** A compressed file can only be read from its beginning: what has turned out not to be the end is let go on the way. */
async function lastLinesOf(path: string, count: number): Promise<string[]> {
  const kept: { readonly bytes: Buffer; readonly newlines: number }[] = [];
  let keptBytes = 0;
  let newlines = 0;
  let isCut = false;
  const source = createReadStream(path);
  const unpacked = source.pipe(createGunzip({ chunkSize: chunkBytes }));
  source.once('error', (error) => unpacked.destroy(error));
  try {
    for await (const bytes of unpacked as AsyncIterable<Buffer>) {
      const part = { bytes, newlines: countNewlines(bytes) };
      kept.push(part);
      keptBytes += bytes.length;
      newlines += part.newlines;
      for (let [first] = kept; first !== undefined && isSpare(first); [first] = kept) {
        kept.shift();
        keptBytes -= first.bytes.length;
        newlines -= first.newlines;
        isCut = true;
      }
    }
  } catch (error) {
    // It was dropped since it was listed.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const lines = Buffer.concat(kept.map(({ bytes }) => bytes))
    .toString('utf8')
    .split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  // What the first part begins with is the rest of a line that was let go.
  return (isCut ? lines.slice(1) : lines).slice(-count);

  function isSpare(first: { readonly newlines: number }): boolean {
    return kept.length > 1 && (newlines - first.newlines > count || keptBytes > keptMaxBytes);
  }
}

function countNewlines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) count += 1;
  return count;
}
