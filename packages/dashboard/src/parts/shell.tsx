import { type ReactNode, useEffect, useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { PageNeeds } from '../app.tsx';
import { useFleet } from '../client/use-fleet.ts';
import { needsSomebody } from '../fleet/standing.ts';
import { clockTime } from '../format.ts';
import type { Key } from '../words/en.ts';

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

/** Masthead, page and, on a phone, the bar below it. */
export function Shell(
  props: PageNeeds & { readonly onLanguage: () => void; readonly children: ReactNode },
) {
  const { say, fleet, children } = props;
  const { overview } = useFleet(fleet);
  const [location] = useLocation();
  const needing = overview?.servers.filter(needsSomebody).length ?? 0;
  const isHere = (path: string): boolean =>
    path === '/' ? location === '/' || location.startsWith('/servers/') : location === path;
  return (
    <>
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
            <Link key={path} href={path} aria-current={isHere(path) ? 'page' : undefined}>
              {say(`nav.${name}` as Key)}
              {name === 'fleet' && needing > 0 ? (
                <span className="count bad">{needing}</span>
              ) : null}
            </Link>
          ))}
        </nav>
        <Tools {...props} />
      </header>
      <NoContact {...props} />
      <main id="main">{children}</main>
      <nav className="tabbar" aria-label={say('app.pages')}>
        {pages.slice(0, 5).map(([path, name]) => (
          <Link key={path} href={path} aria-current={isHere(path) ? 'page' : undefined}>
            {say(`nav.${name}` as Key)}
          </Link>
        ))}
      </nav>
    </>
  );
}

function Tools({
  say,
  fleet,
  settings,
  onLanguage,
}: PageNeeds & { readonly onLanguage: () => void }) {
  useFleet(fleet);
  const contact = fleet.live()?.contact().kind ?? 'connecting';
  const word: Key = fleet.isPaused()
    ? 'app.paused'
    : contact === 'live'
      ? 'app.live'
      : contact === 'none'
        ? 'app.noContact'
        : 'app.connecting';
  return (
    <div className="tools">
      <button type="button" className="btn bare" onClick={onLanguage}>
        <span lang={say.language === 'en' ? 'ja' : 'en'}>{say('app.language')}</span>
      </button>
      <button
        type="button"
        className="btn bare"
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

function NoContact({ say, fleet }: PageNeeds) {
  useFleet(fleet);
  const contact = fleet.live()?.contact();
  if (contact?.kind !== 'none') return null;
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
