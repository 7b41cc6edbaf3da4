import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import type { Key } from '../words/en.ts';
import type { Say } from '../words/say.ts';
import { withRange } from './range-choice.tsx';
import { Sheet } from './sheet.tsx';

type Page = readonly [path: string, name: string];

/** Those that stand below on a phone; the others are behind the last one. */
const drawings: Readonly<Record<string, ReactNode>> = {
  fleet: <circle cx="8" cy="8" r="5.5" />,
  calls: <path d="M2 5.5h11M10 2.5l3 3-3 3M14 10.5H3M6 7.5l-3 3 3 3" />,
  alerts: <path d="M3.5 11.5h9l-1.2-1.6V7a3.3 3.3 0 0 0-6.6 0v2.9zM6.8 13.6h2.4" />,
  approvals: <path d="M8 2 3 4v4c0 3 2.2 5 5 6 2.8-1 5-3 5-6V4z" />,
};

/** The bar below on a phone: what is looked at at night, and the way to everything else. */
export function TabBar(props: {
  readonly pages: readonly Page[];
  readonly counts: Readonly<Record<string, number>>;
  readonly isHere: (path: string) => boolean;
  readonly say: Say;
}) {
  const { pages, counts, isHere, say } = props;
  const [isOpen, setIsOpen] = useState(false);
  const below = pages.filter(([, name]) => name in drawings);
  const others = pages.filter(([, name]) => !(name in drawings));
  return (
    <nav className="tabbar" aria-label={say('app.pages')}>
      {below.map(([path, name]) => (
        <Link key={path} href={withRange(path)} aria-current={isHere(path) ? 'page' : undefined}>
          <Icon>{drawings[name]}</Icon>
          {say(`nav.${name}` as Key)}
          {(counts[name] ?? 0) > 0 ? <span className="count bad">{counts[name]}</span> : null}
        </Link>
      ))}
      <button
        type="button"
        data-here={others.some(([path]) => isHere(path))}
        onClick={() => setIsOpen(true)}
      >
        <Icon>
          <path d="M3.5 8h.01M8 8h.01M12.5 8h.01" strokeWidth="2.2" strokeLinecap="round" />
        </Icon>
        {say('nav.more')}
      </button>
      {isOpen ? (
        <Sheet title={say('nav.more')} say={say} onClose={() => setIsOpen(false)}>
          <ul className="others">
            {others.map(([path, name]) => (
              <li key={path}>
                <Link href={withRange(path)} onClick={() => setIsOpen(false)}>
                  {say(`nav.${name}` as Key)}
                </Link>
              </li>
            ))}
          </ul>
        </Sheet>
      ) : null}
    </nav>
  );
}

function Icon({ children }: { readonly children: ReactNode }) {
  return (
    <svg
      width="20"
      height="20"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}
