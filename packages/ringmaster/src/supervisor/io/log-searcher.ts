import { Worker } from 'node:worker_threads';
import { Problem } from '../../errors.ts';
import type { LogEntries, LogListing } from '../log-query.ts';
import type { LogSummary } from '../log-summary.ts';
import type { LogQuestion } from './log-search.ts';
import type { SearchCommand, SearchReply } from './log-search-worker.ts';

/** Searches logs in a thread of its own, which lives only while it is used. */
export interface LogSearcher {
  search(question: LogQuestion, listing: LogListing): Promise<LogEntries>;
  summarize(question: LogQuestion): Promise<LogSummary>;
  close(): Promise<void>;
}

/** Questions that may wait for the thread. */
const waitingMax = 64;
/** The thread ends when nobody asked for so long. */
const idleMs = 20_000;
/** Memory of the thread, MiB: an answer holds at most 32 MiB of text, twice while it is built. */
const threadLimits = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 16 };

interface Waiting {
  readonly resolve: (reply: SearchReply) => void;
  readonly reject: (problem: Problem) => void;
}

/** A searcher whose thread starts with the first question; one that takes longer is given up, with the thread. */
export function createLogSearcher(answerTimeoutMs: number): LogSearcher {
  const waiting = new Map<number, Waiting>();
  let thread: Worker | undefined;
  let requests = 0;
  let idle: NodeJS.Timeout | undefined;

  function startThread(): Worker {
    const worker = new Worker(new URL('./log-search-worker.js', import.meta.url), {
      resourceLimits: threadLimits,
    });
    worker.on('message', (reply: SearchReply) => {
      waiting.get(reply.request)?.resolve(reply);
      waiting.delete(reply.request);
      if (waiting.size === 0) rest();
    });
    worker.on('error', (cause) => {
      if (thread === worker)
        giveUp(new Problem('search_busy', 'The search of logs broke off', { cause }));
    });
    return worker;
  }

  function rest(): void {
    thread?.unref();
    idle = setTimeout(() => void endThread(), idleMs);
    idle.unref();
  }

  async function endThread(): Promise<void> {
    clearTimeout(idle);
    const worker = thread;
    thread = undefined;
    await worker?.terminate();
  }

  function giveUp(problem: Problem): void {
    const all = [...waiting.values()];
    waiting.clear();
    void endThread();
    for (const { reject } of all) reject(problem);
  }

  async function ask(question: LogQuestion, listing: LogListing | undefined): Promise<SearchReply> {
    if (waiting.size >= waitingMax)
      throw new Problem('search_busy', `Cannot search logs: ${waitingMax} searches wait already`);
    clearTimeout(idle);
    thread ??= startThread();
    thread.ref();
    requests += 1;
    const command: SearchCommand = { request: requests, question, listing };
    thread.postMessage(command);
    const late = `Gave up the search of logs after ${answerTimeoutMs / 1_000} s`;
    const timer = setTimeout(() => giveUp(new Problem('search_busy', late)), answerTimeoutMs);
    timer.unref();
    try {
      return await new Promise<SearchReply>((resolve, reject) => {
        waiting.set(command.request, { resolve, reject });
      });
    } finally {
      clearTimeout(timer);
    }
  }

  function failed(reply: SearchReply): Problem {
    const words = 'failure' in reply ? reply.failure : 'it answered something else';
    return new Problem('search_busy', `Cannot search logs: ${words}`);
  }

  return {
    async search(question, listing) {
      const reply = await ask(question, listing);
      if ('found' in reply) return reply.found;
      throw failed(reply);
    },
    async summarize(question) {
      const reply = await ask(question, undefined);
      if ('summary' in reply) return reply.summary;
      throw failed(reply);
    },
    async close() {
      giveUp(new Problem('search_busy', 'Cannot search logs: the daemon stops'));
      await endThread();
    },
  };
}
