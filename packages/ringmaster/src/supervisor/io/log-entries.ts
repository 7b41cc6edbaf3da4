import type { Batch, Batches } from '../log-index.ts';
import type { LineClassifier } from '../log-level.ts';
import { type LevelRank, newLineState } from '../log-trace.ts';

/** An entry as it lies in a file. */
export interface FoundEntry {
  readonly from: number;
  readonly atMs: number;
  readonly rank: LevelRank;
  /** Nobody had counted it yet. */
  readonly isUncounted: boolean;
  /** The text, decoded only when it is asked for; only during the call that hands the entry over. */
  readonly text: () => { readonly text: string; readonly isCut: boolean };
}

/** Cuts the bytes of a file into entries. */
export interface EntryReader {
  /** The next bytes, in order; `use` returns false when it wants no more. */
  push(chunk: Buffer): boolean;
  /** There are no more bytes: the last entry is handed over. */
  end(): void;
}

/** Longest text of an entry that is shown or searched; a runaway line is not carried around whole. */
const entryMaxBytes = 65_536;
const newline = 10;

/** A reader from byte `from` on, which is the start of a line; `batches` are those of the whole file. */
export function createEntryReader(
  at: { readonly from: number; readonly batches: Batches },
  classifier: LineClassifier,
  use: (entry: FoundEntry) => boolean,
): EntryReader {
  const { batches } = at;
  const state = newLineState();
  /** Bytes from the start of the entry that is being read. */
  let held: Buffer = Buffer.alloc(0);
  let heldFrom = at.from;
  let scanned = 0;
  /** How many batches have begun; the last of them is the one that is read. */
  let begun = 0;
  let batch: Batch | undefined;
  let entry: { batch: Batch | undefined; rank: LevelRank; from: number } | undefined;

  function handOver(bytes: Buffer): boolean {
    if (entry?.batch === undefined) return true;
    const { rank, from } = entry;
    const { atMs, isUnknown: isUncounted } = entry.batch;
    return use({ from, atMs, rank, isUncounted, text: () => textOf(bytes) });
  }

  function beginBatch(offset: number): void {
    while (begun < batches.count && (batch === undefined || batch.end <= offset)) {
      batch = batches.at(begun);
      begun += 1;
    }
  }

  return {
    push(chunk) {
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const range = { from: 0, to: 0 };
      let start = 0;
      let line = scanned;
      for (;;) {
        const end = held.indexOf(newline, line);
        if (end < 0) break;
        range.from = line;
        range.to = end;
        if (classifier.next(held, range, state)) {
          if (!handOver(held.subarray(start, line))) return false;
          start = line;
          const from = heldFrom + start;
          beginBatch(from);
          entry = { batch, rank: state.rank, from };
        }
        line = end + 1;
      }
      // What goes on for megabytes is searched by its beginning: the rest is let go.
      const isLong = line - start > entryMaxBytes * 2;
      const kept = isLong ? entryMaxBytes * 2 : line - start;
      const rest = held.subarray(line);
      heldFrom += isLong ? line - kept : start;
      held = Buffer.concat([held.subarray(start, start + kept), rest]);
      scanned = kept;
      return true;
    },
    end() {
      handOver(held);
    },
  };
}

function textOf(bytes: Buffer): { text: string; isCut: boolean } {
  const isCut = bytes.length > entryMaxBytes;
  const text = bytes.toString('utf8', 0, Math.min(bytes.length, entryMaxBytes));
  return { text: text.replace(/\r?\n$/, '').replaceAll('\r\n', '\n'), isCut };
}
