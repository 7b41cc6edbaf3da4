import { useRef, useState } from 'react';
import { Link } from 'wouter';
import { type SetAddress, useAddress } from '../client/use-address.ts';
import { number } from '../format.ts';
import type { PageNeeds } from '../page-needs.ts';
import { RangeChoice, rangeOf, ranges } from '../parts/range-choice.tsx';
import { letGo, useHold } from '../parts/use-hold.ts';
import type { Say } from '../words/say.ts';
import { AuditTable } from './audit-table.tsx';
import { ExportSheet } from './export-sheet.tsx';
import { type AuditAsked, useAudit } from './use-audit.ts';

const hourMs = 3_600_000;
const choices = ['all', 'asked', 'own', 'refused'] as const;
type Choice = (typeof choices)[number];

/** The record with its search, filter, range and export. All of them stand in the address. */
export function AuditBox(props: PageNeeds) {
  const { client, fleet, say } = props;
  const [query, set] = useAddress();
  const list = useRef<HTMLDivElement>(null);
  const isTouched = useHold(list);
  const [isExporting, setIsExporting] = useState(false);
  const choice = choices.find((one) => one === query.get('show')) ?? 'all';
  const text = query.get('q') ?? '';
  const rangeMs = rangeOf(query.get('range'), ranges, 24 * hourMs);
  const asked: AuditAsked = { choice, rangeMs, ...(text === '' ? {} : { text }) };
  const audit = useAudit(props, asked, isTouched || fleet.isPaused());

  return (
    <section className="box audit" aria-labelledby="audit-name">
      <header>
        <h2 id="audit-name">{say('nav.audit')}</h2>
        <span className="grow" />
        {audit.newer > 0 ? (
          <button
            type="button"
            className="btn bare"
            onClick={() => {
              letGo();
              fleet.setPaused(false);
              audit.resume();
            }}
          >
            {say('calls.held', { count: number(audit.newer) })}
          </button>
        ) : null}
        <button type="button" className="btn" onClick={() => setIsExporting(true)}>
          {say('audit.export')}
        </button>
      </header>
      <Narrow {...{ text, choice, rangeMs, set, say }} />
      <div ref={list}>
        {audit.rows === undefined ? (
          <p className="empty">{audit.failure ?? say('loading')}</p>
        ) : audit.rows.length === 0 ? (
          <p className="empty">{say('audit.noMatch')}</p>
        ) : (
          <AuditTable rows={audit.rows} say={say} />
        )}
      </div>
      <footer className="under">
        {audit.older === undefined ? null : (
          <button type="button" className="btn" onClick={() => void audit.older?.()}>
            {say('audit.older')}
          </button>
        )}
        <p className="faint">
          {say('audit.known')} <Link href="/calls?outcome=denied">{say('audit.deniedCalls')}</Link>
        </p>
      </footer>
      {isExporting ? (
        <ExportSheet {...{ client, asked, say }} onClose={() => setIsExporting(false)} />
      ) : null}
    </section>
  );
}

function Narrow(props: {
  readonly text: string;
  readonly choice: Choice;
  readonly rangeMs: number;
  readonly set: SetAddress;
  readonly say: Say;
}) {
  const { text, choice, rangeMs, set, say } = props;
  return (
    <div className="bar inside">
      <label className="input wide">
        <input
          id="filter"
          type="search"
          maxLength={200}
          value={text}
          placeholder={say('audit.filter')}
          aria-label={say('audit.filter')}
          onChange={(event) => set({ q: event.target.value })}
        />
        <kbd>/</kbd>
      </label>
      <Choices {...{ choice, say }} onChoose={(one) => set({ show: one === 'all' ? '' : one })} />
      <RangeChoice {...{ ranges, rangeMs, say }} onChoose={(range) => set({ range })} />
    </div>
  );
}

function Choices(props: {
  readonly choice: Choice;
  readonly say: Say;
  readonly onChoose: (choice: Choice) => void;
}) {
  const { choice, say, onChoose } = props;
  return (
    <fieldset className="seg" aria-label={say('audit.whose')}>
      {choices.map((one) => (
        <button key={one} type="button" aria-pressed={one === choice} onClick={() => onChoose(one)}>
          {say(`audit.choice.${one}`)}
        </button>
      ))}
    </fieldset>
  );
}
