import { memo, type RefObject, useRef, useState } from 'react';
import { sayWhy } from 'ringmaster/say-why';
import type { Death } from '../client/use-deaths.ts';
import { clockTime, number } from '../format.ts';
import type { PageNeeds } from '../page-needs.ts';
import { Glyph } from '../parts/glyph.tsx';
import { plainText } from '../parts/plain-text.ts';
import type { LogEntry } from './use-log.ts';
import { useNear } from './use-near.ts';

/** Height of a line, in CSS pixels, until it was drawn: `.log` in server.css. */
const linePixels = 19;
/** Most characters of a line before it is opened. */
const lineMax = 2_000;
const letters: Readonly<Record<LogEntry['level'], string>> = {
  ...{ critical: 'C', error: 'E', warn: 'W', info: 'I', debug: 'D' },
};
const tints: Readonly<Partial<Record<LogEntry['level'], string>>> = {
  ...{ critical: ' e', error: ' e', warn: ' w' },
};

/** What a piece of a log shows. */
export interface ChunkProps {
  readonly entries: readonly LogEntry[];
  /** Deaths after the entry at that place of `entries`. */
  readonly deaths: readonly (readonly [place: number, deaths: readonly Death[]])[];
  /** What is looked for, to be marked. */
  readonly text: string;
  readonly atMs: number | undefined;
  /** The address of the line of a time. */
  readonly hrefOf: (atMs: number) => string;
  readonly say: PageNeeds['say'];
  /** The box that is scrolled. */
  readonly list: RefObject<HTMLDivElement | null>;
  /** Drawn at once, without waiting for the box to say that it is near. */
  readonly isWanted: boolean;
}

/** Lines of a log: far from what is seen they are an empty place of their height, so that a long log stays quick. */
export const LogChunk = memo(function LogChunk(props: ChunkProps) {
  const { entries, deaths, text, atMs, hrefOf, say, list, isWanted } = props;
  const place = useRef<HTMLDivElement>(null);
  const { isNear, height } = useNear(place, list, isWanted);
  const marks = new Map(deaths);
  if (!isNear) {
    return <div ref={place} style={{ height: height ?? entries.length * linePixels }} />;
  }
  return (
    <div ref={place}>
      {withKeys(entries).map(([key, entry], index) => (
        <div key={key}>
          <Line
            {...{ entry, text, say }}
            href={hrefOf(entry.atMs)}
            isChosen={entry.atMs === atMs}
          />
          {marks.get(index)?.map((death) => (
            <DeathRule key={death.seq} {...{ death, say }} />
          ))}
        </div>
      ))}
    </div>
  );
}, isSame);

/** Entries of one moment are told apart by their order. */
function withKeys(entries: readonly LogEntry[]): (readonly [key: string, entry: LogEntry])[] {
  let count = 0;
  return entries.map((entry, index) => {
    count = entries[index - 1]?.atMs === entry.atMs ? count + 1 : 0;
    return [`${entry.atMs} ${count}`, entry];
  });
}

/** Each answer brings new objects; what they say is mostly what was there. */
function isSame(one: ChunkProps, other: ChunkProps): boolean {
  return (
    one.entries.length === other.entries.length &&
    one.entries.every((entry, index) => isSameEntry(entry, other.entries[index])) &&
    one.deaths.map(placeWord).join() === other.deaths.map(placeWord).join() &&
    one.text === other.text &&
    one.atMs === other.atMs &&
    one.hrefOf === other.hrefOf &&
    one.say === other.say &&
    one.isWanted === other.isWanted
  );
}

function isSameEntry(one: LogEntry | undefined, other: LogEntry | undefined): boolean {
  return one?.atMs === other?.atMs && one?.text === other?.text;
}

function placeWord([place, deaths]: ChunkProps['deaths'][number]): string {
  return `${place} ${deaths.map(({ number, seq }) => `${number}.${seq}`).join(' ')}`;
}

/** A rule across the log: here it died. */
function DeathRule({ death, say }: { readonly death: Death; readonly say: PageNeeds['say'] }) {
  const { number: count, atMs, exit, next } = death;
  return (
    <p className="event is-failed">
      <Glyph state="failed" size={14} />
      <span>
        {say('log.died', { number: count, time: clockTime(atMs), how: sayWhy(exit, say.language) })}
        {next === '' ? '' : ` · ${sayWhy(next, say.language)}`}
      </span>
    </p>
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
