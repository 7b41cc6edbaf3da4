import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { Batch, Batches } from '../log-index.ts';
import type { LineClassifier } from '../log-level.ts';
import { createEntryReader, type FoundEntry } from './log-entries.ts';
import { readBatches, type StoredLog } from './log-files.ts';

/** A stretch of a file that begins with an entry; read as a whole or left out as a whole. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly batches: Batches;
}

/** A stretch is at least this long where the file is: short enough to stop early, long enough to read fast. */
const stretchBytes = 1_048_576;
/** An entry that spans more than this is cut there. */
const stretchMaxBytes = 8_388_608;
/** A longer stretch, as of a file without an index, is not looked at as one text: folded, that grows up to twelvefold. */
const wholeMaxBytes = 4_194_304;
const chunkBytes = 262_144;

/** The stretches of a file, first to last. A compressed file can only be read through: its stretches are one. */
export function stretchesOf(stored: StoredLog, isWanted: (batch: Batch) => boolean): Stretch[] {
  const batches = readBatches(stored);
  const wanted = cutIntoStretches(batches).filter(
    (stretch) => stretch.batches.some(isWanted) || beginsInside(stretch),
  );
  const [first] = wanted;
  const last = wanted.at(-1);
  if (!stored.isCompressed || first === undefined || last === undefined) return wanted;
  const { from } = first;
  const { to } = last;
  let begin = 0;
  while (batches.endAt(begin) <= from) begin += 1;
  let end = begin;
  while (end < batches.count && batches.endAt(end) <= to) end += 1;
  return [{ from, to, batches: batches.slice(begin, end) }];
}

/** Rotation may part an entry: its rest begins the next file, where no count tells of it. */
function beginsInside({ from, batches }: Stretch): boolean {
  return from === 0 && batches.at(0).goesOn;
}

function cutIntoStretches(batches: Batches): Stretch[] {
  const stretches: Stretch[] = [];
  let from = 0;
  let first = 0;
  let end = 0;
  const close = (next: number) => {
    if (next > first) stretches.push({ from, to: end, batches: batches.slice(first, next) });
    from = end;
    first = next;
  };
  for (let at = 0; at < batches.count; at += 1) {
    const isLong =
      end - from >= stretchBytes && (end - from >= stretchMaxBytes || !batches.at(at).goesOn);
    if (isLong) close(at);
    end = batches.endAt(at);
  }
  close(batches.count);
  return stretches;
}

/**
 * Reads a stretch entry by entry until `use` returns false. A file that is gone has no entries. One of whose whole text
 * `isWithout` is true is not cut into entries: to cut it costs several times as much.
 */
export async function readStretch(
  stored: StoredLog,
  stretch: Stretch,
  how: {
    readonly classifier: LineClassifier;
    readonly use: (entry: FoundEntry) => boolean;
    readonly isWithout?: ((text: string) => boolean) | undefined;
  },
): Promise<void> {
  const reader = createEntryReader(stretch, how.classifier, how.use);
  try {
    if (stored.isCompressed) await readCompressed(stored.path, stretch, reader.push);
    else readPlainOnce(stored.path, stretch, { isWithout: how.isWithout, push: reader.push });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    if (stored.isCompressed) return;
    // It was compressed since it was listed.
    const path = `${stored.path}.gz`;
    return readStretch({ ...stored, path, isCompressed: true }, stretch, how);
  }
  reader.end();
}

/** Hands on nothing of a stretch of whose whole text `isWithout` is true. */
function readPlainOnce(
  path: string,
  stretch: Stretch,
  how: {
    readonly isWithout: ((text: string) => boolean) | undefined;
    readonly push: (chunk: Buffer) => boolean;
  },
): void {
  const { isWithout, push } = how;
  if (isWithout === undefined || stretch.to - stretch.from > wholeMaxBytes) {
    readPlain(path, stretch, push);
    return;
  }
  const chunks: Buffer[] = [];
  readPlain(path, stretch, (chunk) => chunks.push(chunk) > 0);
  if (!isWithout(Buffer.concat(chunks).toString('utf8'))) chunks.every((chunk) => push(chunk));
}

function readPlain(path: string, { from, to }: Stretch, push: (chunk: Buffer) => boolean): void {
  const fd = openSync(path, 'r');
  try {
    for (let at = from; at < to; ) {
      const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, to - at));
      const count = readSync(fd, chunk, 0, chunk.length, at);
      if (count === 0 || !push(chunk.subarray(0, count))) return;
      at += count;
    }
  } finally {
    closeSync(fd);
  }
}

async function readCompressed(
  path: string,
  { from, to }: Stretch,
  push: (chunk: Buffer) => boolean,
): Promise<void> {
  const source = createReadStream(path);
  const unpacked = source.pipe(createGunzip({ chunkSize: chunkBytes }));
  source.once('error', (error) => unpacked.destroy(error));
  let at = 0;
  for await (const chunk of unpacked as AsyncIterable<Buffer>) {
    const start = Math.max(0, from - at);
    const end = Math.min(chunk.length, to - at);
    at += chunk.length;
    if (start < end && !push(chunk.subarray(start, end))) break;
    if (at >= to) break;
  }
  source.destroy();
}
