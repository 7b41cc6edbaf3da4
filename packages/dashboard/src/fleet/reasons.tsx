import { useState } from 'react';
import { sayWhy } from 'ringmaster/say-why';
import { Link } from 'wouter';
import type { Overview } from '../client/fleet-store.ts';
import { reasonOf } from '../client/reason.ts';
import { actOnServer } from '../client/server-acts.ts';
import { duration, when } from '../format.ts';
import type { PageNeeds } from '../page-needs.ts';
import { Act } from '../parts/act.tsx';
import { Glyph } from '../parts/glyph.tsx';
import { Told } from '../parts/told.tsx';
import type { Say } from '../words/say.ts';
import { AlertReason } from './alert-reason.tsx';
import { Diagnosis } from './diagnosis.tsx';
import { needing } from './standing.ts';

type ReasonRow = Overview['verdict']['reasons'][number];
type ActName = ReasonRow['acts'][number];

/** What needs a person: what and why, since when, what was done about it, and the next step. */
export function Reasons(props: PageNeeds & { readonly verdict: Overview['verdict'] }) {
  const { verdict, say } = props;
  const needy = needing(props);
  const [diagnosed, setDiagnosed] = useState<string>();
  if (verdict.reasons.length === 0 && verdict.firing === 0) return null;
  return (
    <section className="reasons" aria-label={say('filter.need')}>
      <div className="cap" aria-hidden="true">
        <span>{say('reason.server')}</span>
        <span>{say('reason.why')}</span>
        <span>{say('reason.since')}</span>
        <span>{say('reason.done')}</span>
        <span>{say('reason.move')}</span>
      </div>
      {verdict.reasons.map((reason) => (
        <Reason
          key={reason.server}
          {...props}
          reason={reason}
          nowMs={verdict.nowMs}
          onDiagnose={() => setDiagnosed(reason.server)}
        />
      ))}
      {verdict.firing === 0 ? null : <AlertReason {...props} told={needy} nowMs={verdict.nowMs} />}
      {diagnosed === undefined ? null : (
        <Diagnosis {...props} server={diagnosed} onClose={() => setDiagnosed(undefined)} />
      )}
    </section>
  );
}

interface ReasonProps extends PageNeeds {
  readonly reason: ReasonRow;
  readonly nowMs: number;
  readonly onDiagnose: () => void;
}

function Reason(props: ReasonProps) {
  const { reason, nowMs, say } = props;
  const { server, state, folded } = reason;
  return (
    <article className="reason">
      <div className="name">
        <span className={`is-${state}`}>
          <Glyph state={state} size={18} />
        </span>
        <div>
          <b>{server}</b>
          <span className={`is-${state} strong`}>{say(`state.${state}`)}</span>
        </div>
      </div>
      <div className="why">
        {sayWhy(reason.why, say.language)}
        {folded.length === 0 ? null : (
          <span className="muted">
            {' '}
            {say.many('reason.folded', folded.length, { names: folded.join(', ') })}
          </span>
        )}
        {reason.quote === undefined ? null : <span className="quote">{reason.quote}</span>}
      </div>
      <div className="since">
        <b>{duration(nowMs - reason.sinceMs, say.time)}</b>
        <span className="faint">
          {say('reason.sinceTime', { time: when(reason.sinceMs, nowMs, say.language) })}
        </span>
      </div>
      <div className="done">
        <Told
          words={doneSoFar(reason, nowMs, say)}
          href={reason.restarts > 0 ? `/servers/${encodeURIComponent(server)}#deaths` : undefined}
        />
      </div>
      <div className="btns">
        {reason.acts.map((act, place) => (
          <ReasonAct key={act} {...props} act={act} look={looks[place] ?? 'btn opt'} />
        ))}
      </div>
    </article>
  );
}

/** One primary button; on a phone only two fit. */
const looks = ['btn main', 'btn', 'btn opt'] as const;

function ReasonAct(props: ReasonProps & { readonly act: ActName; readonly look: string }) {
  const { act, look, reason, say, onDiagnose } = props;
  const { server } = reason;
  const word = say(`act.${act}`);
  const place = `/servers/${encodeURIComponent(server)}`;
  const button = (work: () => void) => (
    <Act type="button" className={look} onClick={work}>
      {word}
    </Act>
  );
  switch (act) {
    case 'readLog':
    case 'see':
      return (
        <Link className={look} href={act === 'see' ? place : `${place}#log`}>
          {word}
        </Link>
      );
    case 'diagnose':
      return button(onDiagnose);
    case 'start':
    case 'restart':
      // A server that waits or failed is wanted already: starting it now is a restart.
      return button(() => void actOnServer(props, 'server.restart', server));
    case 'signIn':
      return button(() => void signIn(props, server));
  }
}

async function signIn({ client, say, toasts }: PageNeeds, server: string): Promise<void> {
  try {
    const { url } = await client.ask('server.login', { server });
    if (url !== undefined) window.open(url, '_blank', 'noopener');
  } catch (error) {
    const reason = reasonOf(error);
    toasts.tell({ kind: 'failed', text: say('didNot.signIn', { server, reason }) });
  }
}

function doneSoFar({ nextTryAtMs, restarts }: ReasonRow, nowMs: number, say: Say): string {
  const sentences = restarts > 0 ? [say.many('reason.restarted', restarts)] : [];
  if (nextTryAtMs !== undefined && nextTryAtMs > nowMs) {
    const isSoon = nextTryAtMs - nowMs < 60_000;
    sentences.push(
      isSoon
        ? say('reason.startsIn', { duration: duration(nextTryAtMs - nowMs, say.time) })
        : say('reason.tries', { time: when(nextTryAtMs, nowMs, say.language) }),
    );
  }
  return sentences.length === 0
    ? say('reason.nothing')
    : sentences.join(say.language === 'ja' ? '' : ' ');
}
