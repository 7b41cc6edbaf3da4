import type { Cancel, Clock } from '../../clock.ts';
import type { NewEvent } from '../events.ts';
import { createFollowers } from '../followers.ts';
import type { Journal } from '../journal.ts';
import { finestStepMs, stretchStartMs } from '../rollups.ts';
import { type Counts, countEvent, countEvents, mergeCounts, noCounts } from '../totals.ts';
import { createWaitingEvents } from '../waiting-events.ts';
import { createWaitingRollups } from '../waiting-rollups.ts';
import { createFacts } from './facts.ts';
import type { Batch } from './messages.ts';
import { startWorkerLink } from './worker-link.ts';

/** Where the journal is, what it keeps and what it is given to work with. */
export interface JournalSettings {
  /** The SQLite file; created with its folder when missing. */
  readonly path: string;
  readonly clock: Clock;
  /** Events older than this are deleted, within a minute. */
  readonly keepMs: number;
  /** Most events kept; the oldest are deleted, within a minute. */
  readonly maxEvents: number;
  /** Most events that wait in memory while they cannot be written; 50 000 when left out. */
  readonly maxWaitingEvents?: number;
  /** Most roll-ups of figures kept of each step; 600 000 when left out, 50 servers for a week of minutes. */
  readonly maxStretches?: number;
  /** Told in one sentence when the journal cannot be written, and when it can again. */
  readonly report?: (sentence: string) => void;
}

/** Someone who waits until so many events and batches are committed. */
interface Waiter {
  readonly untilEvents: number;
  readonly untilBatches: number;
  readonly done: () => void;
}

/** An event waits at most this long before it is sent to be committed. */
const batchDelayMs = 100;
/** So many events in a batch are a rush, and the next batch waits longer: what each batch holds up, it holds up less often. */
const rushEvents = 50;
const rushDelayMs = 500;
/** Most stretches of samples that wait while they cannot be written: 50 servers for an hour. */
const waitingStretchesMax = 20_000;
/** So many waiting events are sent at once. */
const batchEvents = 500;
/** Most events in one transaction: making its text holds up the daemon for a quarter of a millisecond. */
const batchMaxEvents = 1_000;
const retainEveryMs = 60_000;
/** A list that cannot see the newest events by then, as the disk refuses them, goes without. */
const listWaitMs = 2_000;
/** How long closing waits for the last events to be committed. */
const closeWaitMs = 5_000;

/** Opens the journal; rejects with `journal_unusable` when the file cannot be used. Events after `close` are ignored. */
export async function openJournal(settings: JournalSettings): Promise<Journal> {
  const { clock, path, report = () => {} } = settings;
  const link = await startWorkerLink({ path, clock, report });
  const counts = new Map<string, Counts>(link.opened.counts);
  const facts = createFacts(link.opened.facts);
  const waiting = createWaitingEvents(settings.maxWaitingEvents ?? 50_000);
  const samples = createWaitingRollups(waitingStretchesMax);
  const followers = createFollowers();
  let uncounted = new Map<string, Counts>();
  let droppedCount = 0;
  let newestSeq = link.opened.seq;
  /** Events taken from the queue so far, committed or on the way, and how many of them are committed. */
  let sentEvents = 0;
  let committedEvents = 0;
  let sentBatches = 0;
  let committedBatches = 0;
  let isWriting = false;
  let eventDelayMs = batchDelayMs;
  let isClosed = false;
  let cancelDelay: Cancel | undefined;
  let cancelSampleDelay: Cancel | undefined;
  let areSamplesDue = false;
  let waiters: Waiter[] = [];

  function isEmpty(): boolean {
    return waiting.count + facts.waitingCount + droppedCount + dueSampleCount() === 0;
  }

  function dueSampleCount(): number {
    return areSamplesDue ? samples.count : 0;
  }

  function append(event: NewEvent): void {
    if (isClosed) return;
    const before = counts.get(event.subject) ?? noCounts;
    const after = countEvent(before, event);
    if (after !== before) counts.set(event.subject, after);
    const dropped = waiting.add(event);
    if (dropped !== undefined) drop(dropped);
    sendSoon();
  }

  function drop(event: NewEvent): void {
    droppedCount += 1;
    for (const [server, more] of countEvents([event])) {
      uncounted.set(server, mergeCounts(uncounted.get(server) ?? noCounts, more));
    }
  }

  function sendSoon(): void {
    if (isWriting) return;
    if (waiting.count >= batchEvents || waiters.length > 0) send();
    else cancelDelay ??= clock.after(eventDelayMs, send);
  }

  function send(): void {
    cancelDelay?.();
    cancelDelay = undefined;
    if (isWriting || isEmpty()) return;
    isWriting = true;
    const events = waiting.take(batchMaxEvents);
    const eventCount = events.length;
    eventDelayMs = eventCount < rushEvents ? batchDelayMs : rushDelayMs;
    sentEvents += eventCount;
    sentBatches += 1;
    void link.write(toBatch(events)).then((seq) => {
      isWriting = false;
      committedEvents += eventCount;
      committedBatches += 1;
      settleWaiters();
      newestSeq = seq;
      followers.tell(events, seq);
      if (!isEmpty()) sendSoon();
    });
  }

  function toBatch(events: NewEvent[]): Batch {
    if (droppedCount > 0) {
      const atMs = clock.nowMs();
      events.push({ atMs, kind: 'journal.dropped', subject: 'daemon', count: droppedCount });
      droppedCount = 0;
    }
    const batch = {
      events,
      facts: facts.take(),
      uncounted: [...uncounted],
      samples: areSamplesDue ? samples.take() : [],
    };
    areSamplesDue = false;
    uncounted = new Map();
    return batch;
  }

  /** The next batch takes the samples. */
  function wantSamples(): void {
    areSamplesDue = samples.count > 0;
  }

  /**
   * Samples wait until their stretch is over, ten seconds at most, and are rolled up meanwhile: so each stretch is
   * written once, whatever else is written before.
   */
  function sendSamplesSoon(): void {
    const nowMs = clock.nowMs();
    const delayMs = stretchStartMs(nowMs, finestStepMs) + finestStepMs - nowMs;
    cancelSampleDelay ??= clock.after(delayMs, () => {
      cancelSampleDelay = undefined;
      wantSamples();
      send();
    });
  }

  /** Dropped events never commit, so an empty queue also settles whoever waits. */
  function settleWaiters(): void {
    const isAllWritten = isEmpty() && !isWriting;
    const isSettled = (one: Waiter): boolean =>
      isAllWritten || (one.untilEvents <= committedEvents && one.untilBatches <= committedBatches);
    const settled = waiters.filter(isSettled);
    waiters = waiters.filter((one) => !isSettled(one));
    for (const one of settled) one.done();
  }

  function flush(): Promise<void> {
    if (isEmpty() && !isWriting) return Promise.resolve();
    // Every batch takes all waiting facts and due samples, but not always all waiting events.
    const untilBatches = sentBatches + (facts.waitingCount + dueSampleCount() > 0 ? 1 : 0);
    return new Promise((done) => {
      waiters.push({ untilEvents: sentEvents + waiting.count, untilBatches, done });
      send();
    });
  }

  /** True when everything was committed in time. */
  async function flushWithin(timeoutMs: number): Promise<boolean> {
    let cancel: Cancel = () => {};
    const late = new Promise<boolean>((done) => {
      cancel = clock.after(timeoutMs, () => done(false));
    });
    const isInTime = await Promise.race([flush().then(() => true), late]);
    cancel();
    return isInTime;
  }

  let cancelRetain: Cancel = () => {};
  function retain(): void {
    const nowMs = clock.nowMs();
    const { keepMs, maxEvents, maxStretches = 600_000 } = settings;
    link.retain({ nowMs, beforeMs: nowMs - keepMs, maxEvents, maxStretches });
    cancelRetain = clock.after(retainEveryMs, retain);
  }
  retain();

  return {
    append,
    async list(query) {
      await flushWithin(listWaitMs);
      return [...(await link.list(query))];
    },
    newestSeq: () => newestSeq,
    follow: followers.follow,
    totals: (server) => counts.get(server) ?? noCounts,
    recall: facts.recall,
    recallAll: facts.recallAll,
    remember(kind, key, value) {
      if (isClosed) return;
      facts.remember(kind, key, value);
      sendSoon();
    },
    record(taken) {
      if (isClosed) return;
      for (const sample of taken) samples.add(sample);
      sendSamplesSoon();
    },
    async readMetrics(query) {
      // Calls are counted from their events.
      if (query.metric !== 'calls') wantSamples();
      await flushWithin(listWaitMs);
      return link.readMetrics(query);
    },
    readCallsTogether: (query, of) =>
      flushWithin(listWaitMs).then(() => link.readCallsTogether(query, of)),
    flush() {
      wantSamples();
      return flush();
    },
    flushWithin,
    async close() {
      if (isClosed) return;
      isClosed = true;
      cancelRetain();
      cancelDelay?.();
      cancelSampleDelay?.();
      wantSamples();
      if (!(await flushWithin(closeWaitMs))) {
        report(`The last ${waiting.count} events could not be written to the journal ${path}`);
      }
      await link.close();
    },
  };
}
