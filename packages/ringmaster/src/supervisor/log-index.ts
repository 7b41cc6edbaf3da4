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
 * The batches of a file in order. They stay as they lie in the index and are decoded when they are asked for: a day of
 * single lines has two million of them, which as objects would not fit into the memory of a thread.
 */
export interface Batches extends Iterable<Batch> {
  readonly count: number;
  /** Their records. */
  readonly bytes: Uint8Array;
  /** `place` is from 0 to before `count`. */
  at(place: number): Batch;
  endAt(place: number): number;
  slice(from: number, to: number): Batches;
  some(isSo: (batch: Batch) => boolean): boolean;
}

/**
 * Every whole batch of an index; a record half written is left out. What the file holds beyond them becomes one batch
 * that nobody counted, of the time `lastAtMs`; of a compressed file, whose size is not known, only if there is no other.
 */
export function decodeBatches(
  bytes: Uint8Array,
  file: { readonly sizeBytes: number | undefined; readonly lastAtMs: number },
): Batches {
  const { sizeBytes, lastAtMs } = file;
  const end = sizeBytes ?? Number.MAX_SAFE_INTEGER;
  const isIndex = decodeHeader(bytes) !== undefined;
  const known = wholeRecords(isIndex ? bytes.subarray(recordBytes) : new Uint8Array(), end);
  const { count } = known;
  const last = count === 0 ? 0 : known.endAt(count - 1);
  if (last === end || (sizeBytes === undefined && count > 0)) return known;
  const rest = { end, atMs: lastAtMs, counts: [], goesOn: true, isUnknown: true };
  const all = new Uint8Array(known.bytes.length + recordBytes);
  all.set(known.bytes);
  all.set(encodeBatch(rest), known.bytes.length);
  return batchesIn(all);
}

/** Records up to the first that cannot be: its batch would end before it begins, or behind the end of the file. */
function wholeRecords(bytes: Uint8Array, sizeBytes: number): Batches {
  const all = batchesIn(bytes.subarray(0, bytes.length - (bytes.length % recordBytes)));
  let last = 0;
  for (let place = 0; place < all.count; place += 1) {
    const end = all.endAt(place);
    if (!(end >= last) || end > sizeBytes) return all.slice(0, place);
    last = end;
  }
  return all;
}

function batchesIn(bytes: Uint8Array): Batches {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const count = bytes.length / recordBytes;
  const at = (place: number) => decodeBatch(view, place * recordBytes);
  return {
    ...{ count, bytes, at },
    endAt: (place) => view.getFloat64(place * recordBytes),
    slice: (from, to) => batchesIn(bytes.subarray(from * recordBytes, to * recordBytes)),
    some(isSo) {
      for (let place = 0; place < count; place += 1) if (isSo(at(place))) return true;
      return false;
    },
    *[Symbol.iterator]() {
      for (let place = 0; place < count; place += 1) yield at(place);
    },
  };
}

function decodeBatch(view: DataView, at: number): Batch {
  const counts: number[] = [];
  for (let rank = 0; rank < levelCount; rank += 1)
    counts.push((view.getUint8(at + 16 + rank * 3) << 16) | view.getUint16(at + 17 + rank * 3));
  const flags = view.getUint8(at + 31);
  return {
    end: view.getFloat64(at),
    atMs: view.getFloat64(at + 8),
    counts,
    goesOn: (flags & 1) === 1,
    isUnknown: (flags & 2) === 2,
  };
}

/** Whether an entry of this rank or worse begins in a batch, as far as is known. */
export function mayHold(batch: Batch, rank: LevelRank): boolean {
  return batch.isUnknown || batch.counts.some((count, at) => at <= rank && count > 0);
}
