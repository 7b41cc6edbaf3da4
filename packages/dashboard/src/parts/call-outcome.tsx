import type { ReactNode } from 'react';
import type { Key } from '../words/en.ts';
import type { Say } from '../words/say.ts';

/** Drawing and colour of each way a call can end. */
const outcomes: Readonly<
  Record<string, { readonly className: string; readonly drawing: ReactNode }>
> = {
  ok: { className: 'is-ready', drawing: <circle cx="8" cy="8" r="3.6" fill="currentColor" /> },
  error: {
    className: 'is-failed',
    drawing: <path d="M8 2 14 8 8 14 2 8z" fill="currentColor" />,
  },
  late: {
    className: 'is-sick',
    drawing: (
      <g fill="none" stroke="currentColor" strokeWidth="1.6">
        <circle cx="8" cy="8" r="5.4" />
        <path d="M8 5v3l2 1.6" />
      </g>
    ),
  },
  lost: {
    className: 'is-failed',
    drawing: (
      <circle
        cx="8"
        cy="8"
        r="5"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.7"
        strokeDasharray="2.4 2.2"
      />
    ),
  },
  denied: {
    className: 'faint',
    drawing: (
      <g fill="none" stroke="currentColor" strokeWidth="1.5">
        <path d="M4 7.5h8V13H4z" />
        <path d="M5.5 7.5V5.6a2.5 2.5 0 0 1 5 0v1.9" />
      </g>
    ),
  },
  cancelled: {
    className: 'faint',
    drawing: <path d="m4.5 4.5 7 7m0-7-7 7" stroke="currentColor" strokeWidth="1.6" />,
  },
};

/** How a call ended: drawing and word. */
export function CallOutcome({ outcome, say }: { readonly outcome: string; readonly say: Say }) {
  const known = outcomes[outcome];
  return (
    <span className="pill">
      <span className={known?.className}>
        <svg width="14" height="14" viewBox="0 0 16 16" aria-hidden="true">
          {known?.drawing}
        </svg>
      </span>
      <span className={outcome === 'ok' ? undefined : known?.className}>
        {known === undefined ? outcome : say(`outcome.${outcome}` as Key)}
      </span>
    </span>
  );
}
