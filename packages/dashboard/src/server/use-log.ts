import { useState } from 'react';
import type { OutputOf } from 'ringmaster/operations';
import type { Client } from '../client/client.ts';
import { useAsk } from '../client/use-ask.ts';

/** One entry of a log: a line and what belongs to it. */
export type LogEntry = OutputOf<'log.search'>['entries'][number];

/** What of a log is looked at. With `atMs` it stands at that time, else it follows the end. */
export interface LogView {
  readonly server: string;
  readonly level: LogEntry['level'];
  readonly text: string;
  readonly atMs: number | undefined;
  readonly isHeld: boolean;
}

/** Entries while the end is followed. */
const followedMax = 300;
/** Entries of one answer at a place. */
const pageSize = 1_000;
/** Most entries on the page; who wants more jumps to another time. */
const shownMax = 20_000;
const everyMs = 1_500;

interface Older {
  /** What was looked at when they were asked for: with another filter they are void. */
  readonly of: string;
  readonly entries: readonly LogEntry[];
  readonly cursor: string | undefined;
}

/** The entries of a log around a time or at its end, oldest first, and ways to more of them. */
export function useLog(client: Client, view: LogView, goTo: (atMs: number) => void) {
  const { server, level, text, atMs, isHeld } = view;
  const filter = { servers: [server], level, ...(text === '' ? {} : { text }) };
  const [older, setOlder] = useState<Older>();
  const [trouble, setTrouble] = useState<string>();
  const isAtEnd = atMs === undefined;
  const place = isAtEnd ? undefined : { ...filter, limit: pageSize, untilMs: atMs };
  const after = isAtEnd
    ? undefined
    : { ...filter, limit: pageSize, sinceMs: atMs + 1, order: 'oldest' as const };
  const end = isAtEnd ? { ...filter, limit: followedMax } : undefined;
  const atEnd = useAsk(client, 'log.search', end, isHeld ? undefined : everyMs);
  const upTo = useAsk(client, 'log.search', place);
  const from = useAsk(client, 'log.search', after);

  const of = JSON.stringify([filter, atMs]);
  const more = older?.of === of ? older : undefined;
  // What was shown stays until the answer is there.
  const before = isAtEnd || upTo.data === undefined ? atEnd : upTo;
  const newestFirst = [...(before.data?.entries ?? []), ...(more?.entries ?? [])];
  const following = isAtEnd ? [] : (from.data?.entries ?? []);
  const cursor = more === undefined ? cursorOf(before.data) : more.cursor;

  async function addOlder(next: string): Promise<void> {
    try {
      const page = await client.ask('log.search', { ...place, ...filter, cursor: next });
      const entries = [...(more?.entries ?? []), ...page.entries];
      setOlder({ of, entries, cursor: cursorOf(page) });
      setTrouble(undefined);
    } catch (error) {
      setTrouble(error instanceof Error ? error.message : String(error));
    }
  }

  const [newest] = newestFirst;
  const last = following.at(-1);
  return {
    entries: [...newestFirst.reverse(), ...following],
    failure: trouble ?? before.failure ?? upTo.failure,
    /** Shows older ones; from the end by standing still there. Undefined when there are none, or the page is full. */
    older:
      cursor === undefined || newestFirst.length >= shownMax || (before === atEnd && !isAtEnd)
        ? undefined
        : () => (isAtEnd && newest !== undefined ? goTo(newest.atMs) : void addOlder(cursor)),
    newer:
      last === undefined || from.data?.isComplete !== false ? undefined : () => goTo(last.atMs),
    /** Whether an answer is there at all. */
    isKnown: before.data !== undefined,
    isThere: !isAtEnd && upTo.data !== undefined && from.data !== undefined,
  };
}

function cursorOf(answer: OutputOf<'log.search'> | undefined): string | undefined {
  return answer?.isComplete === false ? answer.cursor : undefined;
}
