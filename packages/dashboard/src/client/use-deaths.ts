import { lastWordsOf } from 'ringmaster/last-words';
import type { Client } from './client.ts';
import { useAsk } from './use-ask.ts';

/** Most deaths that are looked at; older ones are found in Audit. */
const knownMax = 100;
const everyMs = 5_000;

/** How a server died by itself. */
export interface Death {
  /** Among those looked at, the oldest is 1: so it is called on the axis, in the table and in the log. */
  readonly number: number;
  readonly seq: number;
  readonly atMs: number;
  /** What the daemon said of the end, and what it did then: English, to be said by `sayWhy`. */
  readonly exit: string;
  readonly next: string;
  /** What it wrote last: the line that names the error; undefined when it wrote nothing. */
  readonly words: string | undefined;
}

/** The deaths of a server, newest first; ends that were asked for are none. */
export function useDeaths(client: Client, server: string): readonly Death[] {
  const asked = { subject: server, kind: 'instance.died', limit: knownMax };
  const { data } = useAsk(client, 'event.list', asked, everyMs);
  const deaths = (data?.events ?? []).filter((event) => event['expected'] === false);
  return deaths.map((event, index) => ({
    ...{ number: deaths.length - index, seq: event.seq, atMs: event.atMs },
    exit: String(event['exit']),
    next: String(event['next'] ?? ''),
    words: wordsOf(event['lastLines']),
  }));
}

function wordsOf(lines: unknown): string | undefined {
  return Array.isArray(lines) ? lastWordsOf(lines.map(String)) : undefined;
}
