import type { LevelRank } from './log-trace.ts';

/** One batch of whole lines in a log file: where it ends, when it was captured and what is in it. */
export interface Batch {
  /** Offset after its last byte; it begins where the one before ends. */
  readonly end: number;
  readonly atMs: number;
  /** Entries by rank of their level. */
  readonly counts: readonly number[];
  /** Its first line goes on an entry of an earlier batch. */
  readonly goesOn: boolean;
  /** Nobody counted: it was found in the file after a crash. */
  readonly isUnknown: boolean;
}

/** Bytes of a record in the index file. */
export const recordBytes = 32;
const markOfFormat = 0x524c_4f31;
const countMax = 0xff_ffff;
const levelCount = 5;

/** The first record of an index: that it is one, and the number of its log file. */
export function encodeHeader(number: number): Uint8Array {
  const bytes = new Uint8Array(recordBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, markOfFormat);
  view.setFloat64(8, number);
  return bytes;
}

/** The number of the log file; undefined when this is no index of ours. */
export function decodeHeader(bytes: Uint8Array): number | undefined {
  if (bytes.length < recordBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, recordBytes);
  return view.getUint32(0) === markOfFormat ? view.getFloat64(8) : undefined;
}

/** A batch as 32 bytes: end, time, five counts of 24 bits, flags. */
export function encodeBatch(batch: Batch): Uint8Array {
  const bytes = new Uint8Array(recordBytes);
  const view = new DataView(bytes.buffer);
  view.setFloat64(0, batch.end);
  view.setFloat64(8, batch.atMs);
  for (let rank = 0; rank < levelCount; rank += 1) {
    const count = Math.min(countMax, batch.counts[rank] ?? 0);
    view.setUint8(16 + rank * 3, count >>> 16);
    view.setUint16(17 + rank * 3, count & 0xffff);
  }
  view.setUint8(31, (batch.goesOn ? 1 : 0) | (batch.isUnknown ? 2 : 0));
  return bytes;
}

/**
 * Every whole batch of an index; a record half written is left out, and what the file holds beyond them (`sizeBytes`)
 * becomes one batch that nobody counted, of the time `lastAtMs`.
 */
export function decodeBatches(
  bytes: Uint8Array,
  file: { readonly sizeBytes: number; readonly lastAtMs: number },
): Batch[] {
  const batches: Batch[] = [];
  const isIndex = decodeHeader(bytes) !== undefined;
  let last = 0;
  for (let at = recordBytes; isIndex && at + recordBytes <= bytes.length; at += recordBytes) {
    const batch = decodeBatch(new DataView(bytes.buffer, bytes.byteOffset + at, recordBytes));
    if (!(batch.end >= last) || batch.end > file.sizeBytes) break;
    batches.push(batch);
    last = batch.end;
  }
  if (last < file.sizeBytes) batches.push(unknownBatch(file.sizeBytes, file.lastAtMs));
  return batches;
}

/** A batch of which only place and time are known. */
export function unknownBatch(end: number, atMs: number): Batch {
  return { end, atMs, counts: [0, 0, 0, 0, 0], goesOn: true, isUnknown: true };
}

function decodeBatch(view: DataView): Batch {
  const counts = Array.from(
    { length: levelCount },
    (_, rank) => (view.getUint8(16 + rank * 3) << 16) | view.getUint16(17 + rank * 3),
  );
  const flags = view.getUint8(31);
  return {
    end: view.getFloat64(0),
    atMs: view.getFloat64(8),
    counts,
    goesOn: (flags & 1) === 1,
    isUnknown: (flags & 2) === 2,
  };
}

/** Whether an entry of this rank or worse begins in a batch, as far as is known. */
export function mayHold(batch: Batch, rank: LevelRank): boolean {
  return batch.isUnknown || batch.counts.some((count, at) => at <= rank && count > 0);
}
