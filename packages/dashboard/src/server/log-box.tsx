import { useEffect, useRef, useState } from 'react';
import type { OutputOf } from 'ringmaster/operations';
import { useAsk } from '../client/use-ask.ts';
import { useHashQuery } from '../client/use-hash.ts';
import { number } from '../format.ts';
import type { PageNeeds } from '../page-needs.ts';

type Entry = OutputOf<'log.search'>['entries'][number];
type Level = Entry['level'];

/** Most entries on the page; the rest is found by searching. */
const entriesMax = 300;
/** Most characters of a line before it is opened. */
const lineMax = 2_000;
const letters: Readonly<Record<Level, string>> = {
  ...{ critical: 'C', error: 'E', warn: 'W', info: 'I', debug: 'D' },
};
const tints: Readonly<Partial<Record<Level, string>>> = {
  ...{ critical: ' e', error: ' e', warn: ' w' },
};
const levels = ['error', 'warn', 'info', 'debug'] as const;

/** The newest entries of a server's log, searched by the daemon; follows its end until the reader scrolls up. */
export function LogBox({ client, say, server }: PageNeeds & { readonly server: string }) {
  const [query, set] = useHashQuery();
  const text = query.get('q') ?? '';
  const level = levels.find((one) => one === query.get('level')) ?? 'debug';
  const [isHeld, setIsHeld] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  const { data, failure } = useAsk(
    client,
    'log.search',
    { servers: [server], level, limit: entriesMax, ...(text === '' ? {} : { text }) },
    isHeld ? undefined : 1_500,
  );
  const entries = [...(data?.entries ?? [])].reverse();
  const newest = entries.at(-1)?.atMs;
  useEffect(() => {
    const box = list.current;
    if (box !== null && !isHeld) box.scrollTop = box.scrollHeight;
  }, [newest, entries.length, isHeld]);

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
        <span className="grow" />
        <button type="button" className="btn bare" onClick={() => setIsHeld(!isHeld)}>
          {say(isHeld ? 'log.held' : 'log.following')}
        </button>
      </header>
      <div
        className="log"
        ref={list}
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={say('server.log')}
      >
        {entries.map((entry, index) => (
          // Entries of one moment are told apart by their place.
          <Line key={`${entry.atMs} ${index}`} {...{ entry, text, say }} />
        ))}
        {entries.length === 0 ? (
          <p className="empty">{failure ?? say(text === '' ? 'log.empty' : 'log.none')}</p>
        ) : null}
      </div>
    </section>
  );
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
}: {
  readonly entry: Entry;
  readonly text: string;
  readonly say: PageNeeds['say'];
}) {
  const [isOpen, setIsOpen] = useState(false);
  const [first = '', ...rest] = entry.text.split('\n');
  const tint = tints[entry.level] ?? '';
  const time = new Date(entry.atMs);
  const shown = `${time.toTimeString().slice(0, 8)}.${String(time.getMilliseconds()).padStart(3, '0')}`;
  return (
    <div className={`l${tint}`}>
      <time>{shown}</time>
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
