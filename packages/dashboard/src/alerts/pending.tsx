import { duration } from '../format.ts';
import type { PageNeeds } from '../page-needs.ts';
import { type AlertList, alertTitle, ruleFigure } from './rule-words.ts';
import { SeverityGlyph } from './severity-glyph.tsx';

/** What is over its threshold, but not often enough yet to fire. */
export function Pending(
  props: PageNeeds & { readonly pending: AlertList['pending']; readonly nowMs: number },
) {
  const { pending, nowMs, say } = props;
  if (pending.length === 0) return null;
  return (
    <section className="box" aria-label={say('alerts.soon')}>
      <header>
        <h2>{say('alerts.soon')}</h2>
        <span className="faint">{pending.length}</span>
      </header>
      <ul className="silences">
        {pending.map((one) => (
          <li key={one.key}>
            <SeverityGlyph severity={one.severity} size={16} />
            <span>
              <b>{alertTitle(one, say)}</b>{' '}
              {one.value === undefined || one.threshold === undefined
                ? null
                : say('alerts.valueOf', {
                    value: ruleFigure(one.rule, one.value),
                    limit: ruleFigure(one.rule, one.threshold),
                  })}
            </span>
            <span className="faint">
              {say('alerts.pending', { long: duration(nowMs - one.sinceMs, say.time) })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
