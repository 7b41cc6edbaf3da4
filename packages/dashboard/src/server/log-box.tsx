import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useHashQuery } from '../client/use-hash.ts';
import { number } from '../format.ts';
import type { PageNeeds } from '../page-needs.ts';
import { plainText } from '../parts/plain-text.ts';
import { type LogEntry, useLog } from './use-log.ts';

type Level = LogEntry['level'];

/** Most characters of a line before it is opened. */
const lineMax = 2_000;
const letters: Readonly<Record<Level, string>> = {
  ...{ critical: 'C', error: 'E', warn: 'W', info: 'I', debug: 'D' },
};
const tints: Readonly<Partial<Record<Level, string>>> = {
  ...{ critical: ' e', error: ' e', warn: ' w' },
};
const levels = ['error', 'warn', 'info', 'debug'] as const;

/** A server's log, searched by the daemon: follows its end until the reader holds it or goes to a time. */
export function LogBox({ client, say, server }: PageNeeds & { readonly server: string }) {
  const [query, set] = useHashQuery();
  const text = query.get('q') ?? '';
  const level = levels.find((one) => one === query.get('level')) ?? 'debug';
  const atMs = Number(query.get('at')) || undefined;
  const [isHeld, setIsHeld] = useState(false);
  const goTo = (ms: number | undefined): void => set('at', ms === undefined ? '' : `${ms}`);
  const log = useLog(client, { server, level, text, atMs, isHeld }, goTo);
  const list = useKeptPlace(log.entries, { isFollowing: atMs === undefined && !isHeld });
  useEffect(() => {
    if (log.isThere) list.current?.querySelector('[aria-current]')?.scrollIntoView(middle);
  }, [atMs, log.isThere, list]);

  return (
    <section className="box" aria-label={say('server.log')}>
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
        data-still={atMs === undefined ? undefined : ''}
        ref={list}
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={say('server.log')}
      >
        <More act={log.older} word={say('log.older')} />
        {log.entries.map((entry, index) => (
          // Entries of one moment are told apart by their place.
          <Line
            key={`${entry.atMs} ${index}`}
            {...{ entry, text, say }}
            href={placeOf(query, entry.atMs)}
            isChosen={entry.atMs === atMs}
          />
        ))}
        <More act={log.newer} word={say('log.newer')} />
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

function More({ act, word }: { readonly act: (() => void) | undefined; readonly word: string }) {
  if (act === undefined) return null;
  return (
    <button type="button" className="btn bare" onClick={act}>
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

function Line({
  entry,
  text,
  say,
  href,
  isChosen,
}: {
  readonly entry: LogEntry;
  readonly text: string;
  readonly say: PageNeeds['say'];
  /** The address of this line. */
  readonly href: string;
  readonly isChosen: boolean;
}) {
  const [isOpen, setIsOpen] = useState(false);
  const [first = '', ...rest] = plainText(entry.text).split('\n');
  const tint = tints[entry.level] ?? '';
  const time = new Date(entry.atMs);
  const shown = `${time.toTimeString().slice(0, 8)}.${String(time.getMilliseconds()).padStart(3, '0')}`;
  return (
    <div className={`l${tint}`} aria-current={isChosen ? 'true' : undefined}>
      <a className="plain" href={href} tabIndex={-1} title={say('log.link')}>
        <time>{shown}</time>
      </a>
      <span className="lv">{letters[entry.level]}</span>
      <span className="tx">
        <Marked text={isOpen ? first : first.slice(0, lineMax)} wanted={text} />
        {first.length <= lineMax || isOpen ? null : (
          <button type="button" className="fold" onClick={() => setIsOpen(true)}>
            ▸ {say('log.rest', { count: number(first.length - lineMax) })}
          </button>
        )}
        {rest.length === 0 ? null : (
          <button type="button" className="fold" onClick={() => setIsOpen(!isOpen)}>
            {isOpen ? '▾' : '▸'} {rest.length} {rest.at(-1)?.trim().slice(0, 100)}
          </button>
        )}
        {isOpen ? <pre>{rest.join('\n')}</pre> : null}
      </span>
    </div>
  );
}

function Marked({ text, wanted }: { readonly text: string; readonly wanted: string }) {
  const at = wanted === '' ? -1 : text.toLowerCase().indexOf(wanted.toLowerCase());
  if (at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + wanted.length)}</mark>
      {text.slice(at + wanted.length)}
    </>
  );
}
