import type { Cancel, Clock } from '../../clock.ts';
import { type EventKind, eventKinds, type JournalEvent } from '../../journal/events.ts';
import type { Follow } from '../../journal/followers.ts';
import { infoUri, serverOfLog } from './resources.ts';
import type { Ask } from './tool.ts';

/** News are gathered for so long and told once: a server that flaps floods nobody. */
const gatherMs = 250;
/** How often the logs somebody listens to are looked at. */
const lookMs = 1_000;
/** Logs that are looked at; further ones are told only when their server changes its state. */
const logsMax = 200;

/** What changed: resources by URI, and whether there are others now. */
interface News {
  readonly uris: readonly string[];
  readonly isListChanged: boolean;
}

/** Tells what changed of what can be read. */
export interface NewsDesk {
  /** Somebody wants to hear of these; the result takes it back. */
  want(uris: readonly string[]): Cancel;
  close(): void;
}

/** Kinds of events after which `process://NAME/info` reads otherwise. */
const changing = /^(?:instance|pool|spawn|signIn)\./;
/** All that is listened for: calls are many, and no news. */
const heard = new Set(
  (Object.keys(eventKinds) as EventKind[]).filter(
    (kind) => changing.test(kind) || kind === 'fleet.applied',
  ),
);

/** Watches the journal, and the logs somebody wants, and tells `hear` at most every 250 ms. */
export function createNewsDesk(needs: {
  readonly ask: Ask;
  readonly follow: Follow;
  readonly clock: Pick<Clock, 'after'>;
  hear(news: News): void;
}): NewsDesk {
  const { ask, clock } = needs;
  const wanted = new Map<string, number>();
  /** Where each wanted log ended when it was looked at last. */
  const ends = new Map<string, string>();
  let gathered = new Set<string>();
  let isListChanged = false;
  let cancelTell: Cancel | undefined;
  let cancelLook: Cancel | undefined;
  let isClosed = false;

  const unfollow = needs.follow((events) => {
    for (const event of events) take(event);
  }, heard);

  function take({ kind, subject }: JournalEvent): void {
    if (changing.test(kind)) gather(infoUri(subject));
    if (kind !== 'fleet.applied') return;
    isListChanged = true;
    tellSoon();
  }

  function gather(uri: string): void {
    gathered.add(uri);
    tellSoon();
  }

  function tellSoon(): void {
    cancelTell ??= clock.after(gatherMs, () => {
      cancelTell = undefined;
      const news = { uris: [...gathered], isListChanged };
      gathered = new Set();
      isListChanged = false;
      needs.hear(news);
    });
  }

  function lookSoon(): void {
    if (isClosed || wanted.size === 0) return;
    cancelLook ??= clock.after(lookMs, () => {
      void lookAtLogs().then(() => {
        cancelLook = undefined;
        lookSoon();
      });
    });
  }

  async function lookAtLogs(): Promise<void> {
    const logs = [...wanted.keys()].filter((uri) => serverOfLog(uri) !== undefined);
    for (const uri of logs.slice(0, logsMax)) {
      const before = ends.get(uri);
      const end = await endOfLog(uri);
      // It may have been unsubscribed while its end was read.
      if (!wanted.has(uri)) continue;
      ends.set(uri, end);
      if (before !== undefined && before !== end) gather(uri);
    }
  }

  async function endOfLog(uri: string): Promise<string> {
    try {
      return (await ask('log.read', { server: serverOfLog(uri) ?? '', lines: 0 })).cursor;
    } catch {
      // A server that left the fleet has no log; should it come back, its log is news.
      return '';
    }
  }

  return {
    want(uris) {
      for (const uri of uris) {
        wanted.set(uri, (wanted.get(uri) ?? 0) + 1);
        if (serverOfLog(uri) !== undefined && !ends.has(uri))
          void endOfLog(uri).then((end) => {
            if (wanted.has(uri) && !ends.has(uri)) ends.set(uri, end);
          });
      }
      lookSoon();
      let isWanted = true;
      return () => {
        if (!isWanted) return;
        isWanted = false;
        for (const uri of uris) leave(uri);
      };
    },
    close() {
      isClosed = true;
      unfollow();
      cancelTell?.();
      cancelLook?.();
    },
  };

  function leave(uri: string): void {
    const others = (wanted.get(uri) ?? 1) - 1;
    if (others > 0) wanted.set(uri, others);
    else {
      wanted.delete(uri);
      ends.delete(uri);
    }
  }
}
