/**
 * The thread that owns the journal's file: no commit ever holds up the daemon. It is told what to do by `Order`
 * messages and answers with `Report` messages.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { unreachable } from '../../errors.ts';
import { readBatchText } from './batch-text.ts';
import { deleteChunk, listEvents, readOpened, writeBatch } from './event-tables.ts';
import type { Batch, Order, Report, Retention } from './messages.ts';
import { deleteOldRollups, readCalls, readCallsTogether, readSamples } from './rollup-tables.ts';
import { openJournalFile } from './schema.ts';
import type { Database } from './sqlite.ts';

/** How long to wait before a batch that could not be written, as when the disk is full, is tried again. */
const retryMs = 1_000;
/** How long deleting rests after a chunk in which somebody read: readers wait, what is old does not. */
const restAfterReadMs = 250;

const port = parentPort;
if (port !== null) {
  const answer = (report: Report): void => port.postMessage(report);
  const path = String(workerData.path);
  try {
    const database = openJournalFile(path);
    answer({ kind: 'opened', ...readOpened(database) });
    const obey = createWriter(database, answer);
    port.on('message', obey);
  } catch (error) {
    answer({ kind: 'refused', reason: reasonOf(error) });
  }
}

function createWriter(database: Database, answer: (report: Report) => void) {
  let retention: Retention | undefined;
  let waiting: { readonly number: number; readonly batch: Batch } | undefined;
  let retry: NodeJS.Timeout | undefined;
  let wasRead = false;

  /** One batch comes at a time: the next is sent only after this one is committed. */
  function write(): void {
    if (waiting === undefined) return;
    try {
      const seq = writeBatch(database, waiting.number, waiting.batch);
      answer({ kind: 'committed', number: waiting.number, seq });
      waiting = undefined;
    } catch (error) {
      answer({ kind: 'stalled', reason: reasonOf(error) });
      retry = setTimeout(write, retryMs);
    }
  }

  function read(id: number, look: () => Report): void {
    wasRead = true;
    try {
      answer(look());
    } catch (error) {
      answer({ kind: 'readFailed', id, reason: reasonOf(error) });
    }
  }

  function list({ id, query }: Order & { kind: 'list' }): void {
    read(id, () => ({ kind: 'listed', id, events: listEvents(database, query) }));
  }

  function readMetrics({ id, query }: Order & { kind: 'readMetrics' }): void {
    read(id, () => {
      const wantsCalls = query.metric === undefined || query.metric === 'calls';
      const history = {
        samples: query.metric === 'calls' ? [] : readSamples(database, query),
        calls: wantsCalls ? readCalls(database, query) : [],
      };
      return { kind: 'metricsRead', id, history };
    });
  }

  function readTogether({ id, query, of }: Order & { kind: 'readTogether' }): void {
    read(id, () => {
      return { kind: 'togetherRead', id, calls: readCallsTogether(database, query, of) };
    });
  }

  /** Goes on chunk by chunk; batches that came meanwhile are written between two chunks. */
  function deleteOld(): void {
    if (retention === undefined) return;
    try {
      const hasMoreEvents = deleteChunk(database, retention);
      if (deleteOldRollups(database, retention) || hasMoreEvents) {
        setTimeout(deleteOld, wasRead ? restAfterReadMs : 0).unref();
        wasRead = false;
      } else retention = undefined;
    } catch {
      // A disk that refuses this refuses batches too, which is reported; the next minute tries again.
      retention = undefined;
    }
  }

  return (order: Order): void => {
    switch (order.kind) {
      case 'write':
        waiting = { number: order.number, batch: readBatchText(order.batch) };
        return write();
      case 'list':
        return list(order);
      case 'readMetrics':
        return readMetrics(order);
      case 'readTogether':
        return readTogether(order);
      case 'retain': {
        const isDeleting = retention !== undefined;
        retention = order;
        return isDeleting ? undefined : deleteOld();
      }
      case 'close':
        retention = undefined;
        write();
        clearTimeout(retry);
        database.close();
        port?.close();
        return;
      default:
        return unreachable(order);
    }
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
