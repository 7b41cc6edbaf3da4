import { sayWhy } from 'ringmaster/say-why';
import { Link } from 'wouter';
import { duration, when } from '../format.ts';
import type { PageNeeds } from '../page-needs.ts';
import { Act } from '../parts/act.tsx';
import type { Say } from '../words/say.ts';
import { takeAlert } from './alert-acts.ts';
import { AlertChart, hasCurve } from './alert-chart.tsx';
import { Ladder } from './ladder.tsx';
import { type AlertRow, alertTitle, ruleFigure, severityClass } from './rule-words.ts';
import { SeverityGlyph } from './severity-glyph.tsx';

/** What fires: value against threshold, since when, who was told, and whose it is. */
export function AlertRows(
  props: Omit<RowProps, 'alert'> & { readonly alerts: readonly AlertRow[] },
) {
  const { alerts, say } = props;
  return (
    <section className="reasons" aria-label={say('alerts.firing')}>
      {alerts.map((alert) => (
        <Row key={alert.key} {...props} alert={alert} />
      ))}
    </section>
  );
}

interface RowProps extends PageNeeds {
  readonly everyone: number;
  readonly alert: AlertRow;
  readonly nowMs: number;
  readonly onSilence: (alert: AlertRow) => void;
}

function Row(props: RowProps) {
  const { alert, nowMs, say } = props;
  const { rule, subject, severity, threshold, firedAtMs } = alert;
  const place = subject === 'machine' ? '/metrics' : `/servers/${encodeURIComponent(subject)}`;
  return (
    <article className="alertrow" data-keys="">
      <div className="name">
        <SeverityGlyph severity={severity} />
        <div>
          <Link href={place} data-row="">
            <b>{alertTitle(alert, say)}</b>
          </Link>
          <span className={`${severityClass(severity)} strong`}>{say(`severity.${severity}`)}</span>{' '}
          <span className="faint mono">
            {threshold === undefined || !hasCurve(alert)
              ? rule
              : say('alerts.over', { rule, limit: ruleFigure(rule, threshold) })}
          </span>
        </div>
      </div>
      <div className="why">{hasCurve(alert) ? <AlertChart {...props} /> : <Why {...props} />}</div>
      <div className="since">
        <b>{duration(nowMs - firedAtMs, say.time)}</b>
        <span className="faint">
          {say('reason.sinceTime', { time: when(firedAtMs, nowMs, say.language) })}
        </span>
      </div>
      <Telling {...props} />
      <Acts {...props} />
    </article>
  );
}

/** What was found; the words of the server itself are quoted. */
function Why({ alert, say }: RowProps) {
  const { rule, value, threshold } = alert;
  const why = alert.why === undefined ? undefined : sayWhy(alert.why, say.language);
  const isCounted = rule === 'down' && value !== undefined && threshold !== undefined;
  return (
    <>
      {isCounted ? <p>{say.many('alerts.deaths', value, { limit: threshold })}</p> : null}
      {why === undefined ? null : isCounted ? <span className="quote">{why}</span> : <p>{why}</p>}
    </>
  );
}

function Telling({ alert, everyone, nowMs, say }: RowProps) {
  const { acknowledged, state, clearSinceMs, isSilenced, ladder } = alert;
  if (acknowledged !== undefined) {
    const { by, note, atMs } = acknowledged;
    return (
      <div className="muted">
        {say('alerts.taken', { by, time: when(atMs, nowMs, say.language) })}
        {note === '' ? null : <p className="faint">“{note}”</p>}
      </div>
    );
  }
  return (
    <div>
      <Ladder {...{ ladder, everyone, nowMs, say }} />
      {state === 'clearing' && clearSinceMs !== undefined ? (
        <p className="muted">{clearing(clearSinceMs, nowMs, say)}</p>
      ) : null}
      {isSilenced ? <p className="muted">{say('alerts.isSilenced')}</p> : null}
    </div>
  );
}

function clearing(sinceMs: number, nowMs: number, say: Say): string {
  return say('alerts.clearing', { time: when(sinceMs, nowMs, say.language) });
}

function Acts(props: RowProps) {
  const { alert, say, onSilence } = props;
  const isTaken = alert.acknowledged !== undefined;
  return (
    <div className="btns act">
      <Act
        type="button"
        className={isTaken ? 'btn' : 'btn main'}
        data-key={isTaken ? undefined : 'a'}
        onClick={() => void takeAlert(props, alert.key, !isTaken)}
      >
        {say(isTaken ? 'act.giveBack' : 'act.take')} {isTaken ? null : <kbd>a</kbd>}
      </Act>
      <Act type="button" className="btn" data-key="m" onClick={() => onSilence(alert)}>
        {say('act.silence')}
      </Act>
    </div>
  );
}
