import { Worker } from 'node:worker_threads';
import type { Cancel, Clock } from '../../clock.ts';
import { Problem, unreachable } from '../../errors.ts';
import type { JournalEvent } from '../events.ts';
import type { CallsTogether, EventQuery, MetricsHistory, MetricsQuery } from '../journal.ts';
import { writeBatchText } from './batch-text.ts';
import type { Batch, Opened, Order, Report, Retention } from './messages.ts';

/** The journal's worker as its user sees it: batches are committed once, even when the worker has to be replaced. */
export interface WorkerLink {
  readonly opened: Opened;
  /** Resolves with the number of its newest event when the batch is committed, however long the disk refuses; one batch at a time. */
  write(batch: Batch): Promise<number>;
  list(query: EventQuery): Promise<readonly JournalEvent[]>;
  readMetrics(query: MetricsQuery): Promise<MetricsHistory>;
  readCallsTogether(query: MetricsQuery, of: readonly string[]): Promise<readonly CallsTogether[]>;
  retain(retention: Retention): void;
  /** Closes the file and ends the worker; a worker that hangs is left behind after five seconds. */
  close(): Promise<void>;
}

/** What the link is given to work with. */
export interface LinkNeeds {
  readonly path: string;
  readonly clock: Clock;
  /** Told in one sentence when the journal cannot be written, and when it can again. */
  readonly report: (sentence: string) => void;
  /** Starts the thread that owns the file. */
  readonly startWorker?: (path: string) => Worker;
}

/** Pause before a worker that ended by itself is replaced. */
const replaceAfterMs = 1_000;
/** The worker holds one batch and a few pages of the file at a time; measured under 20 MB. */
const resourceLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4, stackSizeMb: 2 };
/** How long the worker may take to close the file. */
const closeTimeoutMs = 5_000;

interface Writing {
  readonly number: number;
  readonly batch: string;
  readonly done: (seq: number) => void;
}
type Answer = Report & { readonly kind: 'listed' | 'metricsRead' | 'togetherRead' };
interface Reading {
  readonly done: (answer: Answer) => void;
  readonly failed: (problem: Problem) => void;
}

/** Starts the worker; rejects with `journal_unusable` when the file is not a journal that can be used. */
export async function startWorkerLink(needs: LinkNeeds): Promise<WorkerLink> {
  const { clock, path, report, startWorker = startJournalWorker } = needs;
  const readings = new Map<number, Reading>();
  let writing: Writing | undefined;
  let lastReading = 0;
  let stalled: string | undefined;
  let isClosing = false;

  const first = await openWorker(path, startWorker);
  let worker: Worker | undefined = first.worker;
  let batchNumber = first.opened.batchNumber;
  watch(first.worker);

  function order(message: Order): void {
    worker?.postMessage(message);
    holdProcess();
  }

  /** While an answer is awaited the worker keeps the process alive; otherwise it must not. */
  function holdProcess(): void {
    if (writing !== undefined || readings.size > 0 || isClosing) worker?.ref();
    else worker?.unref();
  }

  function watch(watched: Worker): void {
    let failure = 'it ended';
    watched.unref();
    watched.on('message', receive);
    watched.on('error', (error) => {
      failure = error.message;
    });
    watched.on('exit', () => {
      worker = undefined;
      for (const reading of readings.values()) {
        reading.failed(new Problem('bug', `Cannot read the journal ${path}: ${failure}`));
      }
      readings.clear();
      if (isClosing) return;
      report(`The thread that writes the journal ${path} is started again: ${failure}`);
      clock.after(replaceAfterMs, replace);
    });
  }

  function replace(): void {
    if (isClosing) return;
    openWorker(path, startWorker).then(
      (next) => {
        worker = next.worker;
        watch(next.worker);
        if (isClosing) order({ kind: 'close' });
        else if (writing === undefined) return;
        else if (next.opened.batchNumber >= writing.number)
          committed(writing.number, next.opened.seq);
        else order({ kind: 'write', number: writing.number, batch: writing.batch });
      },
      (problem: Problem) => {
        stall(problem.message);
        clock.after(replaceAfterMs, replace);
      },
    );
  }

  function receive(message: Report): void {
    switch (message.kind) {
      case 'committed':
        committed(message.number, message.seq);
        break;
      case 'stalled':
        stall(message.reason);
        break;
      case 'listed':
      case 'metricsRead':
      case 'togetherRead':
        readings.get(message.id)?.done(message);
        readings.delete(message.id);
        break;
      case 'readFailed':
        readings
          .get(message.id)
          ?.failed(
            new Problem('journal_unusable', `Cannot read the journal ${path}: ${message.reason}`),
          );
        readings.delete(message.id);
        break;
      case 'opened':
      case 'refused':
        break;
      default:
        unreachable(message);
    }
    holdProcess();
  }

  function committed(number: number, seq: number): void {
    if (writing?.number !== number) return;
    const { done } = writing;
    writing = undefined;
    if (stalled !== undefined) report(`The journal ${path} is written again`);
    stalled = undefined;
    done(seq);
  }

  function stall(reason: string): void {
    if (stalled !== reason) report(`Cannot write the journal ${path}, trying again: ${reason}`);
    stalled = reason;
  }

  function read(orderOf: (id: number) => Order): Promise<Answer> {
    return new Promise((done, failed) => {
      if (worker === undefined) {
        failed(new Problem('journal_unusable', `Cannot read the journal ${path} just now`));
        return;
      }
      lastReading += 1;
      readings.set(lastReading, { done, failed });
      order(orderOf(lastReading));
    });
  }

  return {
    opened: first.opened,
    write: (batch) =>
      new Promise((done) => {
        batchNumber += 1;
        writing = { number: batchNumber, batch: writeBatchText(batch), done };
        order({ kind: 'write', number: writing.number, batch: writing.batch });
      }),
    async list(query) {
      const answer = await read((id) => ({ kind: 'list', id, query }));
      return answer.kind === 'listed' ? answer.events : [];
    },
    async readMetrics(query) {
      const answer = await read((id) => ({ kind: 'readMetrics', id, query }));
      return answer.kind === 'metricsRead' ? answer.history : { samples: [], calls: [] };
    },
    async readCallsTogether(query, of) {
      const answer = await read((id) => ({ kind: 'readTogether', id, query, of }));
      return answer.kind === 'togetherRead' ? answer.calls : [];
    },
    retain: (retention) => order({ kind: 'retain', ...retention }),
    async close() {
      if (isClosing) return;
      isClosing = true;
      const closing = worker;
      if (closing === undefined) return;
      const exited = new Promise<void>((done) => closing.once('exit', () => done()));
      // A thread that hangs is left alone: to end it inside SQLite can abort the whole process (Node 20).
      let cancel: Cancel = () => {};
      const late = new Promise<void>((done) => {
        cancel = clock.after(closeTimeoutMs, done);
      });
      order({ kind: 'close' });
      await Promise.race([exited, late]);
      cancel();
      closing.unref();
    },
  };
}

function startJournalWorker(path: string): Worker {
  return new Worker(new URL('./journal-worker.js', import.meta.url), {
    name: 'journal',
    workerData: { path },
    // Flags of the daemon, such as a debugger's port, are not meant for this thread.
    execArgv: [],
    resourceLimits,
  });
}

/** Starts one worker and waits for its first word. */
function openWorker(
  path: string,
  startWorker: (path: string) => Worker,
): Promise<{ worker: Worker; opened: Opened }> {
  return new Promise((done, failed) => {
    const refuse = (reason: string, cause?: unknown): void =>
      failed(
        new Problem('journal_unusable', `Cannot open the journal ${path}: ${reason}`, { cause }),
      );
    const worker = startWorker(path);
    const fail = (error: Error): void => refuse('its thread failed', error);
    const end = (): void => refuse('its thread ended at once');
    worker.once('error', fail);
    worker.once('exit', end);
    worker.once('message', (message: Report) => {
      worker.off('error', fail);
      worker.off('exit', end);
      if (message.kind === 'opened') done({ worker, opened: message });
      else refuse(message.kind === 'refused' ? message.reason : 'its thread spoke out of turn');
    });
  });
}
