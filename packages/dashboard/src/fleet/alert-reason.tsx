import { Link } from 'wouter';
import { type AlertRow, alertTitle, severities, severityClass } from '../alerts/rule-words.ts';
import { SeverityGlyph } from '../alerts/severity-glyph.tsx';
import { useAsk } from '../client/use-ask.ts';
import { duration, when } from '../format.ts';
import type { PageNeeds } from '../page-needs.ts';

/** Titles that stand in the row; the others are counted. */
const namedMax = 3;
const everyMs = 5_000;

/** The alerts that the verdict counts as one row, but for those of servers that have a row of their own. */
export function AlertReason(
  props: PageNeeds & { readonly told: ReadonlySet<string>; readonly nowMs: number },
) {
  const { client, say, told, nowMs } = props;
  const { data } = useAsk(client, 'alert.list', {}, everyMs);
  const open = (data?.alerts ?? []).filter(
    ({ severity, subject, acknowledged }) =>
      severity !== 'info' && acknowledged === undefined && !told.has(subject),
  );
  const [worst] = open.toSorted((one, other) => rank(other) - rank(one));
  if (worst === undefined) return null;
  const sinceMs = Math.min(...open.map(({ firedAtMs }) => firedAtMs));
  const titles = open.slice(0, namedMax).map((alert) => alertTitle(alert, say));
  const others = open.length - titles.length;
  return (
    <article className="reason">
      <div className="name">
        <SeverityGlyph severity={worst.severity} />
        <div>
          <b>{say.many('reason.alerts', open.length)}</b>
          <span className={`${severityClass(worst.severity)} strong`}>
            {say(`severity.${worst.severity}`)}
          </span>
        </div>
      </div>
      <div className="why">
        {titles.map((title) => (
          <div key={title}>{title}</div>
        ))}
        {others === 0 ? null : <span className="muted">{say.many('reason.others', others)}</span>}
      </div>
      <div className="since">
        <b>{duration(nowMs - sinceMs, say.time)}</b>
        <span className="faint">
          {say('reason.sinceTime', { time: when(sinceMs, nowMs, say.language) })}
        </span>
      </div>
      <div className="done">{say.many('reason.unowned', open.length)}</div>
      <div className="btns">
        <Link className="btn main" href="/alerts">
          {say('act.seeAlerts')}
        </Link>
      </div>
    </article>
  );
}

function rank({ severity }: AlertRow): number {
  return severities.indexOf(severity);
}
