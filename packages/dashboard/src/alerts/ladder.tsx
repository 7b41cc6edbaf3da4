import { clockTime, when } from '../format.ts';
import type { Say } from '../words/say.ts';
import type { AlertRow } from './rule-words.ts';

type Station = AlertRow['ladder'][number];

/** Who was told and who is next: L1 to L4 as stations with times. */
export function Ladder(props: {
  readonly ladder: readonly Station[];
  /** How many notifiers there are. */
  readonly everyone: number;
  readonly nowMs: number;
  readonly say: Say;
}) {
  const { ladder, everyone, nowMs, say } = props;
  if (ladder.length === 0) return <p className="faint">{say('alerts.nobody')}</p>;
  return (
    <ol className="levels" aria-label={say('alerts.told')}>
      {ladder.map((station) => (
        <li key={station.level} className={station.state === 'told' ? 'done' : undefined}>
          <Mark state={station.state} />
          <b>
            L{station.level} {namesOf(station, everyone, say)}
          </b>
          <span>{wordsOf(station, nowMs, say)}</span>
        </li>
      ))}
    </ol>
  );
}

function namesOf({ notifiers }: Station, everyone: number, say: Say): string {
  const isAll = notifiers.length > 1 && notifiers.length === everyone;
  return isAll ? say('station.everyone') : notifiers.join(', ');
}

function wordsOf(station: Station, nowMs: number, say: Say): string {
  const { state, atMs, toldAtMs, nextTryAtMs, tries = 1 } = station;
  const time = (ms: number): string => when(ms, nowMs, say.language);
  switch (state) {
    case 'told':
      return clockTime(toldAtMs ?? atMs);
    case 'failed':
      return nextTryAtMs === undefined
        ? say.many('station.givenUp', tries)
        : say.many('station.failed', tries, { time: clockTime(nextTryAtMs) });
    case 'sending':
      return say('station.sending');
    case 'due':
      return say('station.due', { time: time(atMs) });
    case 'held':
      return say('station.held');
    case 'stopped':
      return say('station.stopped');
  }
}

/** Round while in order; what failed is not. */
function Mark({ state }: { readonly state: Station['state'] }) {
  return (
    <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
      {state === 'told' ? (
        <circle cx="6" cy="6" r="4.5" fill="var(--ink)" />
      ) : state === 'failed' ? (
        <path d="M6 .5 11.5 6 6 11.5.5 6z" fill="var(--failed)" />
      ) : (
        <circle
          cx="6"
          cy="6"
          r="4"
          fill="var(--sheet)"
          stroke="var(--edge)"
          strokeWidth="1.5"
          strokeDasharray={state === 'stopped' ? '2 1.6' : undefined}
        />
      )}
    </svg>
  );
}
