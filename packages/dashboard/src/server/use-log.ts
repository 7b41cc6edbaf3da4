import { useRef, useState } from 'react';
import type { AskedOf, OutputOf } from 'ringmaster/operations';
import type { Client } from '../client/client.ts';
import { reasonOf } from '../client/reason.ts';
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
export const followedMax = 300;
/** Entries of one answer at a place. */
const pageSize = 1_000;
/** Entries of each further answer. */
const olderPageSize = 5_000;
/** Most entries on the page; who wants more jumps to another time. */
const shownMax = 100_000;
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
  const isAtEnd = atMs === undefined;
  const place = isAtEnd ? undefined : { ...filter, limit: pageSize, untilMs: atMs };
  const after = isAtEnd
    ? undefined
    : { ...filter, limit: pageSize, sinceMs: atMs + 1, order: 'oldest' as const };
  const end = isAtEnd ? { ...filter, limit: followedMax } : undefined;
  const atEnd = useAsk(client, 'log.search', end, isHeld ? undefined : everyMs);
  const upTo = useAsk(client, 'log.search', place);
  const from = useAsk(client, 'log.search', after);

  const { more, trouble, addOlder } = useOlder(client, { ...place, ...filter });
  // What was shown stays until the answer is there.
  const before = isAtEnd || upTo.data === undefined ? atEnd : upTo;
  const newestFirst = [...(before.data?.entries ?? []), ...(more?.entries ?? [])];
  const following = isAtEnd ? [] : (from.data?.entries ?? []);
  const cursor = more === undefined ? cursorOf(before.data) : more.cursor;

  const [newest] = newestFirst;
  const last = following.at(-1);
  return {
    entries: [...newestFirst.reverse(), ...following],
    /** How many entries are not later than the time it stands at; 0 while the end is followed. */
    before: isAtEnd ? 0 : newestFirst.length,
    /** Whether nothing is known to come after the last entry. */
    isEnd: isAtEnd || from.data?.isComplete === true,
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

/** Pages before the first one, one after another. `what` is looked at; with another filter they are void. */
function useOlder(client: Client, what: AskedOf<'log.search'>) {
  const [older, setOlder] = useState<Older>();
  const [trouble, setTrouble] = useState<string>();
  /** The page that was asked for last: none is added twice. */
  const asked = useRef<string>(undefined);
  const of = JSON.stringify(what);
  const more = older?.of === of ? older : undefined;

  async function addOlder(cursor: string): Promise<void> {
    const question = `${of} ${cursor}`;
    if (asked.current === question) return;
    asked.current = question;
    try {
      const page = await client.ask('log.search', { ...what, limit: olderPageSize, cursor });
      const entries = [...(more?.entries ?? []), ...page.entries];
      setOlder({ of, entries, cursor: cursorOf(page) });
      setTrouble(undefined);
    } catch (error) {
      setTrouble(reasonOf(error));
      asked.current = undefined;
    }
  }

  return { more, trouble, addOlder };
}

function cursorOf(answer: OutputOf<'log.search'> | undefined): string | undefined {
  return answer?.isComplete === false ? answer.cursor : undefined;
}
