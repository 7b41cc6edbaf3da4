import { type Batch, mayHold } from '../log-index.ts';
import { createLineClassifier, type LevelPattern, type LineClassifier } from '../log-level.ts';
import {
  type EntryTest,
  type LogEntries,
  type LogEntry,
  type LogListing,
  type LogPlace,
  type LogQuery,
  levelOfRank,
  parsePlace,
  testOf,
} from '../log-query.ts';
import { createShapeCounts } from '../log-shape.ts';
import { type LogSummary, summaryOf } from '../log-summary.ts';
import type { FoundEntry } from './log-entries.ts';
import { listLogs, type StoredLog } from './log-files.ts';
import { readStretch, type Stretch, stretchesOf } from './log-scan.ts';

/** A question about the log of one server. */
export interface LogQuestion {
  readonly server: string;
  readonly folder: string;
  readonly levels: readonly LevelPattern[];
  readonly query: LogQuery;
}

/** After this time a search answers with what it has and a cursor to read on. */
const enoughMs = 8_000;
/** Most text of one answer. */
const answerMaxBytes = 33_554_432;
/** Entries given up are let go in groups of this many: shifting the list for each one would be slow. */
const keptSlack = 4_096;
/** Kinds of errors told in a summary. */
const topErrorCount = 5;

/** The entries that fit, in files of every form, within bounded time and memory. */
export async function searchLog(question: LogQuestion, listing: LogListing): Promise<LogEntries> {
  const startedMs = performance.now();
  const search = newSearch(question, listing);
  const files = listLogs(question.folder);
  if (listing.order === 'oldest') files.reverse();
  for (const stored of files) {
    if (search.isBehind(stored.number)) continue;
    const stretches = stretchesOf(stored, wantedBatches(search.test));
    if (listing.order === 'newest') stretches.reverse();
    for (const stretch of stretches) {
      if (search.isPast(stored.number, stretch)) continue;
      const at = listing.order === 'newest' ? stretch.to : stretch.from;
      if (performance.now() - startedMs > enoughMs)
        return search.answer({ number: stored.number, offset: at });
      const next = await search.take(stored, stretch);
      if (next !== undefined) return search.answer(next);
    }
  }
  return { ...search.answer(undefined), ...endOf(listing, files) };
}

/** Forwards one can always read on: what is written next comes after the end. */
function endOf(listing: LogListing, files: readonly StoredLog[]): { readonly cursor?: string } {
  if (listing.order === 'newest') return {};
  const newest = files.at(-1);
  const end = newest === undefined ? '0:0' : `${newest.number}:${newest.sizeBytes}`;
  return { cursor: end };
}

/** A stretch is read when one of its batches was written in the period and may hold such a level. */
function wantedBatches(test: EntryTest) {
  return (batch: Batch) =>
    batch.atMs >= test.sinceMs && batch.atMs <= test.untilMs && mayHold(batch, test.worstRank);
}

function newSearch({ server, levels, query }: LogQuestion, listing: LogListing) {
  const test = testOf(query);
  const { isWithout } = test;
  const classifier: LineClassifier = createLineClassifier(levels);
  const isNewest = listing.order === 'newest';
  const place = listing.cursor === undefined ? undefined : parsePlace(listing.cursor);
  const entries: LogEntry[] = [];
  let textBytes = 0;

  function isRead(number: number, { from }: FoundEntry): boolean {
    if (place?.number !== number) return false;
    return isNewest ? from >= place.offset : from < place.offset;
  }

  function entryOf(number: number, found: FoundEntry): LogEntry | undefined {
    const { atMs, rank } = found;
    if (rank > test.worstRank || atMs < test.sinceMs || atMs > test.untilMs) return undefined;
    if (isRead(number, found)) return undefined;
    const { text, isCut } = found.text();
    if (!test.holds(text)) return undefined;
    return { server, atMs, level: levelOfRank(rank), text, isCut };
  }

  /** Forwards: takes until there are enough; the place is where the next one begins. */
  async function takeOldest(stored: StoredLog, stretch: Stretch): Promise<LogPlace | undefined> {
    const { number } = stored;
    let next: LogPlace | undefined;
    const use = (found: FoundEntry) => {
      const entry = entryOf(number, found);
      if (entry === undefined) return true;
      if (entries.length >= listing.limit || textBytes > answerMaxBytes) {
        next = { number, offset: found.from };
        return false;
      }
      entries.push(entry);
      textBytes += entry.text.length;
      return true;
    };
    await readStretch(stored, stretch, { classifier, use, isWithout });
    return next;
  }

  /** A stretch can only be read forwards, so its last ones are kept; the place is before the oldest of them. */
  async function takeNewest(stored: StoredLog, stretch: Stretch): Promise<LogPlace | undefined> {
    const { number } = stored;
    const kept: { readonly entry: LogEntry; readonly from: number }[] = [];
    const room = listing.limit - entries.length;
    let first = 0;
    const use = (found: FoundEntry) => {
      const entry = entryOf(number, found);
      if (entry === undefined) return true;
      kept.push({ entry, from: found.from });
      textBytes += entry.text.length;
      while (
        kept.length - first > room ||
        (textBytes > answerMaxBytes && kept.length - first > 1)
      ) {
        textBytes -= kept[first]?.entry.text.length ?? 0;
        first += 1;
      }
      if (first >= keptSlack) {
        kept.splice(0, first);
        first = 0;
      }
      return true;
    };
    await readStretch(stored, stretch, { classifier, use, isWithout });
    const taken = kept.slice(first).reverse();
    entries.push(...taken.map(({ entry }) => entry));
    const oldest = taken.at(-1);
    const isFull = entries.length >= listing.limit || textBytes >= answerMaxBytes;
    return isFull && oldest !== undefined ? { number, offset: oldest.from } : undefined;
  }

  /** Before the place when reading forwards, after it when reading backwards. */
  function isPast(number: number, { from, to }: Stretch): boolean {
    if (place?.number !== number) return false;
    return isNewest ? from >= place.offset : to <= place.offset;
  }

  return {
    test,
    isPast,
    isBehind: (number: number) =>
      place !== undefined && (isNewest ? number > place.number : number < place.number),
    take: isNewest ? takeNewest : takeOldest,
    answer: (next: LogPlace | undefined): LogEntries => ({
      entries,
      isComplete: next === undefined,
      cursor: next === undefined ? undefined : `${next.number}:${next.offset}`,
    }),
  };
}

/** Counts what a log held in a period; only what may hold errors is read, the rest is known from the index. */
export async function summarizeLog(question: LogQuestion): Promise<LogSummary> {
  const test = testOf(question.query);
  const classifier = createLineClassifier(question.levels);
  const counts = [0, 0, 0, 0, 0];
  const shapes = createShapeCounts();
  let firstAtMs: number | undefined;
  let lastAtMs: number | undefined;
  const isInPeriod = (atMs: number) => atMs >= test.sinceMs && atMs <= test.untilMs;

  function see(atMs: number, rank: number, count: number): void {
    if (count === 0) return;
    counts[rank] = (counts[rank] ?? 0) + count;
    firstAtMs = Math.min(firstAtMs ?? atMs, atMs);
    lastAtMs = Math.max(lastAtMs ?? atMs, atMs);
  }

  for (const stored of listLogs(question.folder).reverse()) {
    const stretches = stretchesOf(stored, ({ atMs }) => isInPeriod(atMs));
    for (const { batches } of stretches)
      for (const batch of batches)
        if (!batch.isUnknown && isInPeriod(batch.atMs))
          batch.counts.forEach((count, rank) => {
            see(batch.atMs, rank, count);
          });
    for (const stretch of stretches) {
      if (!stretch.batches.some((batch) => isInPeriod(batch.atMs) && mayHold(batch, 1))) continue;
      const use = ({ atMs, rank, isUncounted, text }: FoundEntry) => {
        if (!isInPeriod(atMs)) return true;
        if (isUncounted) see(atMs, rank, 1);
        if (rank <= 1) shapes.add(text().text, atMs);
        return true;
      };
      await readStretch(stored, stretch, { classifier, use });
    }
  }
  return summaryOf({ counts, firstAtMs, lastAtMs, topErrors: shapes.top(topErrorCount) });
}
