import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { copyLink } from '../client/copy-link.ts';
import { useAsk } from '../client/use-ask.ts';
import { useFleet } from '../client/use-fleet.ts';
import { useReturn } from '../client/use-return.ts';
import { needing } from '../fleet/standing.ts';
import { clockTime } from '../format.ts';
import { paletteEntries } from '../keys/entries.ts';
import { KeyList } from '../keys/key-list.tsx';
import { Palette } from '../keys/palette.tsx';
import { useKeys } from '../keys/use-keys.ts';
import type { PageNeeds } from '../page-needs.ts';
import type { Key } from '../words/en.ts';
import type { Say } from '../words/say.ts';
import { ActsWithContact } from './act.tsx';
import { Search } from './icons.tsx';
import { QuestionBox } from './question.tsx';
import { withRange } from './range-choice.tsx';
import { TabBar } from './tab-bar.tsx';
import { ToastList } from './toasts.tsx';

const pages = [
  ['/', 'fleet'],
  ['/calls', 'calls'],
  ['/alerts', 'alerts'],
  ['/metrics', 'metrics'],
  ['/approvals', 'approvals'],
  ['/audit', 'audit'],
  ['/reports', 'reports'],
  ['/settings', 'settings'],
] as const;

/** What waits for approval is counted this often. */
const approvalsEveryMs = 10_000;

/** Masthead, page and, on a phone, the bar below it. */
export function Shell(props: PageNeeds & { readonly children: ReactNode }) {
  const { client, say, fleet, children } = props;
  const { overview } = useFleet(fleet);
  const approvals = useAsk(client, 'approval.list', {}, approvalsEveryMs);
  const [location, go] = useLocation();
  const goOn = useCallback((path: string) => go(withRange(path)), [go]);
  useSearch();
  useReturn();
  const { open, setOpen, close } = useOverlay(props, goOn);
  const counts: Readonly<Record<string, number>> = {
    fleet: overview === undefined ? 0 : needing(overview).size,
    approvals: approvals.data?.waiting.length ?? 0,
    alerts: overview === undefined ? 0 : overview.verdict.firing + overview.verdict.taken,
  };
  const isHere = (path: string): boolean =>
    path === '/'
      ? location === '/' || location.startsWith('/servers/')
      : location.split('/')[1] === path.slice(1);
  return (
    <ActsWithContact fleet={fleet} say={say}>
      <Patterns />
      <a className="skip" href="#main">
        {say('app.skip')}
      </a>
      <header className="top">
        <Link href="/" className="brand">
          <Mark />
          <span>{overview?.fleet ?? 'Ringmaster'}</span>
          <span className="rev">{overview === undefined ? '' : `r${overview.revision}`}</span>
        </Link>
        <nav className="nav" aria-label={say('app.pages')}>
          {pages.map(([path, name]) => (
            <Link
              key={path}
              href={withRange(path)}
              aria-current={isHere(path) ? 'page' : undefined}
            >
              {say(`nav.${name}` as Key)}
              <Count of={name} count={counts[name] ?? 0} />
            </Link>
          ))}
        </nav>
        <Tools {...props} onFind={() => setOpen('palette')} />
      </header>
      <NoContact {...props} />
      <main id="main" data-stale={fleet.contact().kind === 'none'}>
        {children}
      </main>
      {open === 'palette' ? (
        <Palette entries={paletteEntries(props, goOn)} onClose={close} say={say} />
      ) : null}
      {open === 'keys' ? <Keys onClose={close} say={say} /> : null}
      <ToastList toasts={props.toasts} say={say} />
      <QuestionBox questions={props.questions} say={say} />
      <TabBar {...{ pages, counts, isHere, say }} />
    </ActsWithContact>
  );
}

/** What lies over the page, and the keys that open it. */
function useOverlay({ fleet, settings, say, toasts }: PageNeeds, go: (path: string) => void) {
  const [open, setOpen] = useState<'palette' | 'keys'>();
  const close = useCallback(() => setOpen(undefined), []);
  useKeys(
    settings.hasSingleKeys,
    useCallback(
      (wanted) => {
        if (wanted.kind === 'go') go(wanted.path);
        else if (wanted.kind === 'theme') settings.setTheme(isDark() ? 'light' : 'dark');
        else if (wanted.kind === 'pause') fleet.setPaused(!fleet.isPaused());
        else if (wanted.kind === 'copy') void copyLink({ say, toasts });
        else setOpen(wanted.kind);
      },
      [go, settings, fleet, say, toasts],
    ),
  );
  return { open, setOpen, close };
}

function Tools({
  say,
  fleet,
  settings,
  setLanguage,
  onFind,
}: PageNeeds & { readonly onFind: () => void }) {
  useFleet(fleet);
  const contact = fleet.contact().kind;
  const word: Key = fleet.isPaused()
    ? 'app.paused'
    : contact === 'live'
      ? 'app.live'
      : contact === 'none'
        ? 'app.noContact'
        : 'app.connecting';
  return (
    <div className="tools">
      <button type="button" className="find" onClick={onFind}>
        <Search />
        <span className="grow">{say('app.find')}</span> <kbd>Ctrl K</kbd>
      </button>
      <button
        type="button"
        className="btn bare desk"
        onClick={() => setLanguage(say.language === 'en' ? 'ja' : 'en')}
      >
        <span lang={say.language === 'en' ? 'ja' : 'en'}>{say('app.language')}</span>
      </button>
      <button
        type="button"
        className="btn bare desk"
        onClick={() => settings.setTheme(isDark() ? 'light' : 'dark')}
      >
        {say('app.theme')}
      </button>
      <span className="live">
        <span className={contact === 'live' ? 'is-ready' : 'is-failed'}>
          <svg width="8" height="8" viewBox="0 0 8 8" aria-hidden="true">
            <circle cx="4" cy="4" r="3.2" fill="currentColor" />
          </svg>
        </span>
        {say(word)} <Clock />
      </span>
    </div>
  );
}

/** The browser's clock, by the second. */
function Clock() {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return <time>{clockTime(nowMs)}</time>;
}

function Keys({ onClose, say }: { readonly onClose: () => void; readonly say: Say }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="palette" aria-label={say('keys.title')} onClose={onClose}>
      <h2>{say('keys.title')}</h2>
      <KeyList say={say} />
      <form method="dialog">
        <button type="submit" className="btn">
          {say('keys.done')}
        </button>
      </form>
    </dialog>
  );
}

function NoContact({ say, fleet }: PageNeeds) {
  useFleet(fleet);
  const contact = fleet.contact();
  if (contact.kind !== 'none') return null;
  return (
    <div className="banner" role="status">
      {say('app.noContactSince', { time: clockTime(contact.sinceMs) })}
    </div>
  );
}

function isDark(): boolean {
  const chosen = document.documentElement.dataset['theme'];
  if (chosen !== undefined) return chosen === 'dark';
  return matchMedia('(prefers-color-scheme: dark)').matches;
}

function Mark() {
  return (
    <svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true">
      <path
        d="M17.9 6.2A8.6 8.6 0 1 1 11 2.4"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.4"
        strokeLinecap="round"
      />
      <circle cx="15.1" cy="3.4" r="1.9" fill="currentColor" />
    </svg>
  );
}

/** Patterns that drawings on every page refer to. */
function Patterns() {
  return (
    <svg className="patterns" width="0" height="0" aria-hidden="true">
      <defs>
        <pattern
          id="hatch-away"
          width="5"
          height="5"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(-45)"
        >
          <rect width="5" height="5" fill="var(--sheet)" />
          <rect width="1.4" height="5" fill="var(--edge)" />
        </pattern>
      </defs>
    </svg>
  );
}

/** Approvals are asked for, which is no trouble: their count is not in the colour of one. */
function Count({ of, count }: { readonly of: string; readonly count: number }) {
  if (count === 0) return null;
  return <span className={of === 'approvals' ? 'count' : 'count bad'}>{count}</span>;
}
