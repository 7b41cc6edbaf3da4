import { useState } from 'react';
import { sayWhy } from 'ringmaster/say-why';
import { useAsk } from '../client/use-ask.ts';
import { when } from '../format.ts';
import type { PageNeeds } from '../page-needs.ts';
import type { Key } from '../words/en.ts';
import type { Say } from '../words/say.ts';
import type { AlertList } from './rule-words.ts';

const pageSize = 100;
const everyMs = 5_000;

type Event = AlertList['history'][number];

/** What happened to alerts, newest first, a page at a time. */
export function PastEvents(props: PageNeeds & { readonly nowMs: number }) {
  const { client, say } = props;
  const [pages, setPages] = useState<readonly number[]>([]);
  const beforeSeq = pages.at(-1);
  const isNewest = beforeSeq === undefined;
  const asked = { history: true, limit: pageSize, ...(isNewest ? {} : { beforeSeq }) };
  const { data, failure } = useAsk(client, 'alert.list', asked, isNewest ? everyMs : undefined);
  const events = data?.history ?? [];
  const last = events.at(-1);
  const empty = data === undefined ? (failure ?? say('loading')) : say('past.none');
  return (
    <section className="box" aria-label={say('view.history')}>
      {events.length === 0 ? (
        <p className="empty">{empty}</p>
      ) : (
        <Table {...props} events={events} />
      )}
      <div className="btns turn">
        <button
          type="button"
          className="btn"
          disabled={isNewest}
          onClick={() => setPages(pages.slice(0, -1))}
        >
          {say('events.newer')}
        </button>
        <button
          type="button"
          className="btn"
          disabled={last === undefined || events.length < pageSize}
          onClick={() => last !== undefined && setPages([...pages, last.seq])}
        >
          {say('events.older')}
        </button>
      </div>
    </section>
  );
}

function Table(props: {
  readonly events: readonly Event[];
  readonly nowMs: number;
  readonly say: Say;
}) {
  const { events, nowMs, say } = props;
  return (
    <table className="told">
      <thead>
        <tr>
          <th>{say('calls.at')}</th>
          <th>{say('events.what')}</th>
          <th>{say('events.more')}</th>
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <tr key={event.seq}>
            <td className="muted">
              <time>{when(event.atMs, nowMs, say.language)}</time>
            </td>
            <td className="wrap">{sentenceOf(event, say)}</td>
            <td className="muted wrap">{moreOf(event, say)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const known = [
  ...['fired', 'raised', 'resolved', 'acknowledged', 'unacknowledged', 'silenced', 'unsilenced'],
  ...['notified', 'notifyFailed'],
];

function sentenceOf(event: Event, say: Say): string {
  const what = event.kind.slice('alert.'.length);
  if (!known.includes(what)) return `${event.kind} ${event.subject}`;
  const { key, by, rule, severity } = event as Readonly<Record<string, unknown>>;
  const subject = event.subject === 'machine' ? say('alerts.machine') : event.subject;
  const title =
    typeof rule === 'string'
      ? say(`rule.${rule}` as Key, { subject })
      : String(key ?? event.subject);
  const word = typeof severity === 'string' ? say(`severity.${severity}` as Key) : '';
  return say(`event.${what}` as Key, {
    ...{ title, by: String(by ?? ''), severity: word, subject },
  });
}

/** The daemon's reason in the reader's language; people's notes as they were written. */
function moreOf(event: Event, say: Say): string {
  const { why, note, alerts, nextTryInMs } = event as Readonly<Record<string, unknown>>;
  const reason = typeof why === 'string' ? sayWhy(why, say.language) : '';
  const parts = [reason, note].filter((part) => typeof part === 'string' && part !== '');
  if (Array.isArray(alerts)) parts.unshift(alerts.join(', '));
  if (event.kind === 'alert.notifyFailed' && nextTryInMs === undefined) {
    parts.push(say('notifiers.givenUp'));
  }
  return parts.join(' · ');
}
