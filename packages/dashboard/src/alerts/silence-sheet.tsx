import { useState } from 'react';
import { useFleet } from '../client/use-fleet.ts';
import { duration, when } from '../format.ts';
import type { PageNeeds } from '../page-needs.ts';
import { Act } from '../parts/act.tsx';
import { Sheet } from '../parts/sheet.tsx';
import type { Key } from '../words/en.ts';
import { silenceAlerts } from './alert-acts.ts';
import type { AlertRow } from './rule-words.ts';

const hourMs = 3_600_000;
const lengths = [hourMs / 2, hourMs, 4 * hourMs, 8 * hourMs, 24 * hourMs, 168 * hourMs] as const;

/** What a silence is about when its sheet opens; a left-out field means all. */
export type SilenceStart = Partial<Pick<AlertRow, 'rule' | 'subject'>>;

/** Asks what is to be silent, until when, and why. */
export function SilenceSheet(
  props: PageNeeds & {
    readonly start: SilenceStart;
    readonly rules: readonly AlertRow['rule'][];
    readonly onClose: () => void;
  },
) {
  const { say, start, rules, onClose, fleet } = props;
  const servers = useFleet(fleet).overview?.servers.map(({ server }) => server) ?? [];
  const [subject, setSubject] = useState(start.subject ?? '');
  const [rule, setRule] = useState<AlertRow['rule'] | ''>(start.rule ?? '');
  const [forMs, setForMs] = useState<number>(hourMs);
  const [note, setNote] = useState('');
  const nowMs = Date.now();

  async function silence(): Promise<void> {
    const about = { ...(subject === '' ? {} : { subject }), ...(rule === '' ? {} : { rule }) };
    if (await silenceAlerts(props, { ...about, forMs, note })) onClose();
  }

  const act = (
    <Act type="button" className="btn main" onClick={() => void silence()}>
      {say('silence.act', { time: when(nowMs + forMs, nowMs, say.language) })}
    </Act>
  );
  return (
    <Sheet title={say('silence.title')} say={say} onClose={onClose} acts={act}>
      <p className="muted">{say('silence.told')}</p>
      <label className="field">
        <span>{say('silence.subject')}</span>
        <select
          className="area"
          value={subject}
          onChange={({ target }) => setSubject(target.value)}
        >
          <option value="">{say('silence.everything')}</option>
          <option value="machine">{say('alerts.machine')}</option>
          {servers.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label className="field">
        <span>{say('alerts.rule')}</span>
        <select
          className="area"
          value={rule}
          onChange={({ target }) => setRule(target.value as typeof rule)}
        >
          <option value="">{say('silence.everyRule')}</option>
          {rules.map((name) => (
            <option key={name} value={name}>
              {say(`rule.${name}` as Key, { subject: '…' })}
            </option>
          ))}
        </select>
      </label>
      <fieldset className="seg" aria-label={say('silence.for')}>
        {lengths.map((ms) => (
          <button key={ms} type="button" aria-pressed={ms === forMs} onClick={() => setForMs(ms)}>
            {duration(ms, say.time)}
          </button>
        ))}
      </fieldset>
      <label className="field">
        <span>{say('silence.note')}</span>
        <input
          className="area"
          value={note}
          maxLength={1_000}
          onChange={({ target }) => setNote(target.value)}
        />
      </label>
    </Sheet>
  );
}
