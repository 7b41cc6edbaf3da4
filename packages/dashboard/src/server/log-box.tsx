import {
  type RefObject,
  useCallback,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import type { Death } from '../client/use-deaths.ts';
import { useHashQuery } from '../client/use-hash.ts';
import type { PageNeeds } from '../page-needs.ts';
import { deathPlaces } from './death-places.ts';
import { LogChunk } from './log-lines.tsx';
import { followedMax, type LogEntry, useLog } from './use-log.ts';
import { nearMargin } from './use-near.ts';

/** Lines that are drawn or left out together. */
const chunkLines = 100;
const levels = ['error', 'warn', 'info', 'debug'] as const;

/** A server's log, searched by the daemon: follows its end until the reader holds it or goes to a time. */
export function LogBox(
  props: PageNeeds & {
    readonly server: string;
    readonly deaths: readonly Death[];
    /** As high as the window, where nothing stands below it. */
    readonly isTall?: boolean;
  },
) {
  const { client, say, server, deaths, isTall = false } = props;
  const [query, set] = useHashQuery();
  const text = query.get('q') ?? '';
  const level = levels.find((one) => one === query.get('level')) ?? 'debug';
  const atMs = Number(query.get('at')) || undefined;
  const [isHeld, setIsHeld] = useState(false);
  const goTo = (ms: number | undefined): void => set('at', ms === undefined ? '' : `${ms}`);
  const log = useLog(client, { server, level, text, atMs, isHeld }, goTo);
  const list = useKeptPlace(log.entries, { isFollowing: atMs === undefined && !isHeld });
  useEffect(() => {
    if (!log.isThere) return;
    // Where nothing was written at that moment, what came next stands there.
    const lines = list.current;
    const chosen = lines?.querySelector('[aria-current]') ?? lines?.querySelector('[data-place]');
    chosen?.scrollIntoView(middle);
  }, [atMs, log.isThere, list]);
  const hrefOf = useCallback((ms: number) => placeOf(query, ms), [query]);

  return (
    <section className={isTall ? 'box tall' : 'box'} aria-label={say('server.log')}>
      <header>
        <h2>{say('server.log')}</h2>
        <label className="input">
          <input
            type="search"
            value={text}
            placeholder={say('log.search')}
            aria-label={say('log.search')}
            onChange={(event) => set('q', event.target.value)}
          />
        </label>
        <LevelChoice level={level} onChoose={(one) => set('level', one)} say={say} />
        <TimeField key={atMs} {...{ atMs, goTo, say }} />
        <span className="grow" />
        {atMs === undefined ? (
          <button type="button" className="btn bare" onClick={() => setIsHeld(!isHeld)}>
            {say(isHeld ? 'log.held' : 'log.following')}
          </button>
        ) : (
          <button type="button" className="btn" onClick={() => goTo(undefined)}>
            {say('log.toEnd')}
          </button>
        )}
      </header>
      <div
        className="log"
        ref={list}
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={say('server.log')}
      >
        <More
          act={log.older}
          word={say('log.older')}
          list={list}
          auto={log.isThere ? log.entries.length : undefined}
        />
        <Lines {...{ log, deaths, text, atMs, hrefOf, say, list }} />
        <More act={log.newer} word={say('log.newer')} list={list} />
        {log.entries.length === 0 ? (
          <p className="empty">
            {log.failure ?? say(!log.isKnown ? 'loading' : text === '' ? 'log.empty' : 'log.none')}
          </p>
        ) : null}
      </div>
    </section>
  );
}

const middle = { block: 'center' } as const;

/** Keeps the end in view while it is followed, and what is read where it is when older lines come above it. */
function useKeptPlace(
  entries: readonly LogEntry[],
  { isFollowing }: { readonly isFollowing: boolean },
) {
  const list = useRef<HTMLDivElement>(null);
  const before = useRef<{ readonly first: LogEntry | undefined; readonly height: number }>(
    undefined,
  );
  const [first] = entries;
  const newest = entries.at(-1)?.atMs;
  useLayoutEffect(() => {
    const box = list.current;
    if (box === null) return;
    const added = box.scrollHeight - (before.current?.height ?? 0);
    const isAbove = first !== before.current?.first && before.current?.first !== undefined;
    before.current = { first, height: box.scrollHeight };
    if (isFollowing) box.scrollTop = box.scrollHeight;
    else if (isAbove && added > 0) box.scrollTop += added;
  }, [first, newest, entries.length, isFollowing]);
  return list;
}

/** The address of the log at a time, with what is looked for. */
function placeOf(query: URLSearchParams, atMs: number): string {
  const next = new URLSearchParams(query);
  next.set('at', `${atMs}`);
  return `#log?${next}`;
}

/** The lines in pieces, counted from the time the log stands at, so that a piece stays one when others join. */
function Lines(props: {
  readonly log: ReturnType<typeof useLog>;
  readonly deaths: readonly Death[];
  readonly text: string;
  readonly atMs: number | undefined;
  readonly hrefOf: (atMs: number) => string;
  readonly say: PageNeeds['say'];
  readonly list: RefObject<HTMLDivElement | null>;
}) {
  const { log, deaths, atMs, ...others } = props;
  const { entries, before, isEnd } = log;
  const places = [...deathPlaces(entries, deaths, { isEnd })];
  // Lines that are followed move on: in one piece they stay themselves.
  const size = atMs === undefined ? followedMax : chunkLines;
  const first = Math.floor(-before / size);
  const count = Math.ceil((entries.length - before) / size) - first;
  return Array.from({ length: count }, (_, index) => {
    const chunk = first + index;
    const from = Math.max(0, before + chunk * size);
    const to = Math.min(entries.length, before + (chunk + 1) * size);
    return (
      <div key={`${atMs} ${chunk}`} data-place={chunk === 0 ? '' : undefined}>
        <LogChunk
          {...{ ...others, atMs, entries: entries.slice(from, to) }}
          deaths={places
            .filter(([place]) => place > from && place <= to)
            .map(([place, there]) => [place - 1 - from, there])}
          isWanted={atMs === undefined || chunk === 0 || chunk === -1}
        />
      </div>
    );
  });
}

/** A way to more lines. */
function More(props: Omit<MoreNeeds, 'act'> & { readonly act: (() => void) | undefined }) {
  const { act, ...others } = props;
  return act === undefined ? null : <MoreButton {...others} act={act} />;
}

interface MoreNeeds {
  readonly act: () => void;
  readonly word: string;
  /** How many lines are there: they come by themselves when the reader scrolls to where they are missing. */
  readonly auto?: number | undefined;
  readonly list: RefObject<HTMLDivElement | null>;
}

function MoreButton({ act, word, auto, list }: MoreNeeds) {
  const button = useRef<HTMLButtonElement>(null);
  const takeMore = useEffectEvent(act);
  useEffect(() => {
    if (button.current === null || auto === undefined) return;
    // What is observed anew is told of once more: a reader who stays at the top gets line upon line.
    const observer = new IntersectionObserver(
      ([seen]) => {
        if (seen?.isIntersecting === true) takeMore();
      },
      { root: list.current, rootMargin: nearMargin },
    );
    observer.observe(button.current);
    return () => observer.disconnect();
  }, [auto, list]);
  return (
    <button ref={button} type="button" className="btn bare" onClick={act}>
      {word}
    </button>
  );
}

/** Goes to a time of the reader's clock. */
function TimeField(props: {
  readonly atMs: number | undefined;
  readonly goTo: (atMs: number | undefined) => void;
  readonly say: PageNeeds['say'];
}) {
  const { atMs, goTo, say } = props;
  const [typed, setTyped] = useState(atMs === undefined ? '' : localTime(atMs));
  return (
    <form
      className="btns"
      onSubmit={(event) => {
        event.preventDefault();
        goTo(typed === '' ? undefined : new Date(typed).getTime());
      }}
    >
      <input
        className="area"
        type="datetime-local"
        step="1"
        value={typed}
        aria-label={say('log.at')}
        onChange={(event) => setTyped(event.target.value)}
      />
      <button type="submit" className="btn" disabled={typed === ''}>
        {say('log.go')}
      </button>
    </form>
  );
}

/** As a field for a time wants it: in the reader's zone, to the second. */
function localTime(atMs: number): string {
  return new Date(atMs - new Date(atMs).getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

function LevelChoice(props: {
  readonly level: (typeof levels)[number];
  readonly onChoose: (level: (typeof levels)[number]) => void;
  readonly say: PageNeeds['say'];
}) {
  const { level, onChoose, say } = props;
  return (
    <fieldset className="seg" aria-label={say('log.level')}>
      {levels.map((one) => (
        <button key={one} type="button" aria-pressed={one === level} onClick={() => onChoose(one)}>
          {say(`level.${one}`)}
        </button>
      ))}
    </fieldset>
  );
}
