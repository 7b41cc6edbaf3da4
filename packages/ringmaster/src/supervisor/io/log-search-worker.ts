/**
 * The thread that searches logs: reading and unpacking gigabytes must be felt neither by calls nor by the capture.
 */
import { parentPort } from 'node:worker_threads';
import type { LogEntries, LogListing } from '../log-query.ts';
import type { LogSummary } from '../log-summary.ts';
import { type LogQuestion, searchLog, summarizeLog } from './log-search.ts';

/** What the thread is asked; `listing` is absent where a summary is wanted. */
export interface SearchCommand {
  readonly request: number;
  readonly question: LogQuestion;
  readonly listing: LogListing | undefined;
}

/** What it answers; `failure` is the message of what went wrong. */
export type SearchReply = { readonly request: number } & (
  | { readonly found: LogEntries }
  | { readonly summary: LogSummary }
  | { readonly failure: string }
);

if (parentPort !== null) {
  const port = parentPort;
  let last: Promise<void> = Promise.resolve();
  port.on('message', (command: SearchCommand) => {
    // One after the other: memory is bounded for one.
    last = last.then(async () => {
      port.postMessage(await answer(command));
    });
  });
}

async function answer({ request, question, listing }: SearchCommand): Promise<SearchReply> {
  try {
    if (listing === undefined) return { request, summary: await summarizeLog(question) };
    return { request, found: await searchLog(question, listing) };
  } catch (error) {
    return { request, failure: error instanceof Error ? error.message : String(error) };
  }
}
