import type { ServerSpec } from '../../fleet/fleet.ts';
import { summaryOf } from '../log-summary.ts';
import type { Supervisor } from '../supervisor.ts';
import type { LogCapture } from './log-capture.ts';
import { listLogs } from './log-files.ts';
import type { LogQuestion } from './log-search.ts';
import { createLogSearcher, type LogSearcher } from './log-searcher.ts';
import { lastCompressedLines } from './read-compressed.ts';
import { readLog } from './read-log.ts';

/** What the supervisor can be asked about logs. */
export interface LogQuestions extends Pick<Supervisor, 'readLog' | 'searchLog' | 'summarizeLog'> {
  close(): Promise<void>;
}

/** A search that takes longer is given up. */
const answerTimeoutMs = 60_000;
/** One by a pattern, waiting for others of its kind included. */
const patternTimeoutMs = 10_000;

/** Answers from the files, after what was captured so far is in them; `specOf` throws for an unknown server. */
export function createLogQuestions(
  logs: LogCapture,
  specOf: (server: string) => ServerSpec,
  createSearcher: (answerTimeoutMs: number) => LogSearcher = createLogSearcher,
): LogQuestions {
  const searcher = createSearcher(answerTimeoutMs);
  // Some patterns take for ever on some lines: such a search ends with its thread, and hurts no other.
  const matcher = createSearcher(patternTimeoutMs);

  /** When each log was written last, which holds as long as nothing is captured. */
  const newest = new Map<string, { readonly captures: number; readonly atMs: number }>();

  async function prepare(server: string, query: LogQuestion['query']) {
    const { levels } = specOf(server).logs;
    const flushed = await logs.flush(server);
    const question: LogQuestion = { server, folder: logs.folderOf(server), levels, query };
    return { question, ...flushed };
  }

  /** Whether nothing was written to a log since then: its newest file tells. */
  function isQuietSince(folder: string, sinceMs: number | undefined, captures: number): boolean {
    let known = newest.get(folder);
    if (known?.captures !== captures) {
      known = { captures, atMs: listLogs(folder)[0]?.lastAtMs ?? Number.NEGATIVE_INFINITY };
      newest.set(folder, known);
    }
    return known.atMs < (sinceMs ?? 0);
  }

  return {
    async readLog(server, query) {
      specOf(server);
      const { lostBytes } = await logs.flush(server);
      const folder = logs.folderOf(server);
      const { oldest, ...page } = readLog(folder, query);
      if (query.cursor !== undefined) return { ...page, lostBytes };
      const missing = { count: query.lines - page.lines.length, before: oldest ?? Infinity };
      const older = await lastCompressedLines(folder, missing);
      return { ...page, lines: [...older, ...page.lines], lostBytes };
    },
    async searchLog(server, query, listing) {
      const { question, lostBytes } = await prepare(server, query);
      const thread = query.pattern === undefined ? searcher : matcher;
      return { ...(await thread.search(question, listing)), lostBytes };
    },
    async summarizeLog(server, query) {
      const { question, lostBytes, captures } = await prepare(server, query);
      // The alerts ask of every server at each look: a quiet one must cost neither a thread nor a disk each time.
      if (isQuietSince(question.folder, query.sinceMs, captures))
        return { ...emptySummary, lostBytes };
      return { ...(await searcher.summarize(question)), lostBytes };
    },
    async close() {
      await Promise.all([searcher.close(), matcher.close()]);
    },
  };
}

const emptySummary = summaryOf({
  ...{ counts: [], topErrors: [] },
  ...{ firstAtMs: undefined, lastAtMs: undefined },
});
