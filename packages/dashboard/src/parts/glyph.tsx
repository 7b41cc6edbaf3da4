import type { ReactNode } from 'react';

/** The states a server can be shown in. */
export type Shown =
  | 'asleep'
  | 'stopped'
  | 'starting'
  | 'ready'
  | 'sick'
  | 'stopping'
  | 'waiting'
  | 'failed';

/** Everything in the ring is round; what fell out of it is not. */
const drawings: Readonly<Record<Shown, ReactNode>> = {
  stopped: (
    <circle
      cx="8"
      cy="8"
      r="5.2"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeDasharray="2.2 2.5"
    />
  ),
  asleep: (
    <path
      d="M10.4 3.2a5.3 5.3 0 1 0 2.6 6.6A4.6 4.6 0 0 1 10.4 3.2z"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
    />
  ),
  starting: (
    <path
      className="turn"
      d="M8 2.8a5.2 5.2 0 1 1-5.2 5.2"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
    />
  ),
  ready: <circle cx="8" cy="8" r="4.5" fill="currentColor" />,
  sick: (
    <>
      <circle cx="8" cy="8" r="5.2" fill="none" stroke="currentColor" strokeWidth="1.8" />
      <path d="M2.8 8a5.2 5.2 0 0 0 10.4 0z" fill="currentColor" />
    </>
  ),
  stopping: (
    <>
      <circle cx="8" cy="8" r="5.8" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M8 5v5m-2-2 2 2.2L10 8" fill="none" stroke="currentColor" strokeWidth="1.5" />
    </>
  ),
  waiting: (
    <>
      <circle cx="8" cy="8" r="5.8" fill="none" stroke="currentColor" strokeWidth="1.6" />
      <path
        d="M8 4.8V8l2.2 1.6"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinecap="round"
      />
    </>
  ),
  failed: (
    <>
      <path d="M8 .8 15.2 8 8 15.2.8 8z" fill="currentColor" />
      <path d="m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8" stroke="var(--sheet)" strokeWidth="1.7" />
    </>
  ),
};

/** A state as a drawing of its own, told apart without colour. */
export function Glyph({ state, size = 16 }: { readonly state: Shown; readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      {drawings[state]}
    </svg>
  );
}

/** Glyph, word and the one figure that matters. */
export function Pill(props: {
  readonly state: Shown;
  readonly word: string;
  readonly more?: string | undefined;
}) {
  const { state, word, more } = props;
  return (
    <span className="pill">
      <span className={`is-${state}`}>
        <Glyph state={state} />
      </span>
      <span className={state === 'ready' ? 'quiet' : `is-${state} strong`}>{word}</span>
      {more === undefined ? null : <span className="faint">{more}</span>}
    </span>
  );
}

/** One ring for each possible instance, filled when it lives; past eight, figures alone. */
export function Beads(props: {
  readonly ready: number;
  readonly size: number;
  readonly state: Shown;
}) {
  const { ready, size, state } = props;
  if (size > 8) return null;
  return (
    <span className={`beads is-${state}`} aria-hidden="true">
      {Array.from({ length: size }, (_, index) => (
        // Beads have no identity of their own: the first ones are filled.
        <svg key={index} width="7" height="7" viewBox="0 0 7 7" aria-hidden="true">
          {index < ready ? (
            <circle cx="3.5" cy="3.5" r="3.2" fill="currentColor" />
          ) : (
            <circle cx="3.5" cy="3.5" r="2.7" fill="none" stroke="var(--edge)" strokeWidth="1" />
          )}
        </svg>
      ))}
    </span>
  );
}
