import { useEffect, useRef, useState } from 'react';
import type { OutputOf } from 'ringmaster/operations';
import { sayWhy } from 'ringmaster/say-why';
import { reasonOf } from '../client/reason.ts';
import { useAsk } from '../client/use-ask.ts';
import type { PageNeeds } from '../page-needs.ts';
import { Act } from '../parts/act.tsx';
import type { Say } from '../words/say.ts';
import { diffLines } from './diff.ts';

type Plan = OutputOf<'fleet.plan'>;
type Written = OutputOf<'fleet.read'>;

/** What is typed is checked this long after the last key. */
const checkAfterMs = 400;

/** The fleet file: text, what is wrong with it, what would change, what saving would do. */
export function FleetEditor({ client, say }: PageNeeds) {
  const { data, failure, again } = useAsk(client, 'fleet.read', {});
  return (
    <section className="box" aria-label={say('settings.file')}>
      {data === undefined ? (
        <p className="empty">{failure ?? say('loading')}</p>
      ) : (
        <Editor key={data.hash} {...{ client, say, written: data }} onSaved={again} />
      )}
    </section>
  );
}

function Editor({
  client,
  say,
  written,
  onSaved,
}: Pick<PageNeeds, 'client' | 'say'> & {
  readonly written: Written;
  readonly onSaved: () => void;
}) {
  const [text, setText] = useState(written.text);
  const [failure, setFailure] = useState<string>();
  const [isSaving, setIsSaving] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const settled = useSettled(text);
  const isChanged = text !== written.text;
  const { data: plan } = useAsk(client, 'fleet.plan', isChanged ? { text: settled } : undefined);
  const isChecked = settled === text && plan !== undefined;
  const canSave = isChanged && isChecked && plan.problems.length === 0 && !isSaving;

  async function save(): Promise<void> {
    setIsSaving(true);
    setFailure(undefined);
    try {
      await client.ask('fleet.save', { text, hash: written.hash });
      onSaved();
    } catch (error) {
      setFailure(reasonOf(error));
    }
    setIsSaving(false);
  }

  function goTo(line: number, column: number): void {
    const before = text.split('\n').slice(0, line - 1);
    const at = before.reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
    area.current?.focus();
    area.current?.setSelectionRange(at, at);
  }

  return (
    <>
      <header>
        <h2>{say('settings.file')}</h2>
        <span className="mono faint path">{written.file}</span>
        <span className="grow" />
        <button
          type="button"
          className="btn"
          disabled={!isChanged}
          onClick={() => setText(written.text)}
        >
          {say('settings.revert')}
        </button>
        <Act type="button" className="btn main" disabled={!canSave} onClick={() => void save()}>
          {say(isSaving ? 'settings.saving' : 'settings.save')}
        </Act>
      </header>
      <div className="editor">
        <textarea
          ref={area}
          className="area mono"
          spellCheck={false}
          rows={24}
          aria-label={say('settings.file')}
          aria-invalid={isChecked && plan.problems.length > 0}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <div className="stack" aria-live="polite">
          {failure === undefined ? null : <p className="is-failed">{failure}</p>}
          {isChanged ? null : <p className="muted">{say('settings.unchanged')}</p>}
          {isChanged && !isChecked ? <p className="muted">{say('settings.checking')}</p> : null}
          {isChanged && isChecked ? <Verdict plan={plan} goTo={goTo} say={say} /> : null}
          {isChanged ? <Diff before={written.text} after={text} say={say} /> : null}
        </div>
      </div>
    </>
  );
}

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), checkAfterMs);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

function Verdict(props: {
  readonly plan: Plan;
  readonly goTo: (line: number, column: number) => void;
  readonly say: Say;
}) {
  const { plan, goTo, say } = props;
  if (plan.problems.length > 0) {
    return (
      <div>
        <h3 className="is-failed">{say.many('settings.problems', plan.problems.length)}</h3>
        <ul className="problems">
          {plan.problems.map(({ line, column, path, message }) => (
            <li key={`${line}:${column} ${path} ${message}`}>
              <button type="button" className="btn bare mono" onClick={() => goTo(line, column)}>
                {line}:{column}
              </button>
              <span>
                {path === '' ? null : <b className="mono">{path} </b>}
                {sayWhy(message, say.language)}
              </span>
            </li>
          ))}
        </ul>
      </div>
    );
  }
  return (
    <div>
      <h3>
        {plan.actions.length === 0
          ? say('settings.nothing')
          : say('settings.would', { revision: plan.revision })}
      </h3>
      <ul className="problems">
        {plan.actions.map(({ action, server, why }) => (
          <li key={`${action} ${server}`}>
            <b>{say(`plan.${action}`, { server })}</b>{' '}
            <span className="muted">{sayWhy(why, say.language)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Diff(props: { readonly before: string; readonly after: string; readonly say: Say }) {
  const lines = diffLines(props.before, props.after);
  return (
    <section className="diff" tabIndex={0} aria-label={props.say('settings.diff')}>
      {lines.map(({ sign, text }, index) => {
        const kind = sign === '+' ? 'added' : sign === '-' ? 'gone' : undefined;
        return (
          // Equal lines are told apart by their place.
          <div key={`${index} ${text}`} className={kind}>
            {`${sign} ${text}`}
          </div>
        );
      })}
    </section>
  );
}
