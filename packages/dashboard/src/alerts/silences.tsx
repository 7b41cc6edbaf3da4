import { duration, when } from '../format.ts';
import type { PageNeeds } from '../page-needs.ts';
import { Act } from '../parts/act.tsx';
import { BellOff } from '../parts/icons.tsx';
import { endSilence } from './alert-acts.ts';
import type { AlertList } from './rule-words.ts';

/** What nobody is told of now, by whom and until when. */
export function Silences(
  props: PageNeeds & { readonly silences: AlertList['silences']; readonly nowMs: number },
) {
  const { silences, nowMs, say } = props;
  if (silences.length === 0) return null;
  return (
    <section className="box" aria-label={say('alerts.silenced')}>
      <header>
        <h2>{say('alerts.silenced')}</h2>
        <span className="faint">{silences.length}</span>
      </header>
      <ul className="silences">
        {silences.map(({ id, rule, subject, untilMs, by, note }) => (
          <li key={id}>
            <span className="faint">
              <BellOff />
            </span>
            <span>
              <b>
                {rule === undefined
                  ? nameOf(subject, props)
                  : say(`rule.${rule}`, { subject: nameOf(subject, props) })}
              </b>{' '}
              {say('silence.by', { by })}
              {note === '' ? null : ` “${note}”`}
            </span>
            <span className="faint">
              {say('silence.ends', {
                time: when(untilMs, nowMs, say.language),
                long: duration(untilMs - nowMs, say.time),
              })}
            </span>
            <Act type="button" className="btn" onClick={() => void endSilence(props, id)}>
              {say('act.unsilence')}
            </Act>
          </li>
        ))}
      </ul>
    </section>
  );
}

function nameOf(subject: string | undefined, { say }: PageNeeds): string {
  if (subject === undefined) return say('silence.everything');
  return subject === 'machine' ? say('alerts.machine') : subject;
}
