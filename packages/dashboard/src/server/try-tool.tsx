import { useState } from 'react';
import type { OutputOf } from 'ringmaster/operations';
import { Refused } from '../client/client.ts';
import { reasonOf } from '../client/reason.ts';
import { useAsk } from '../client/use-ask.ts';
import { latency, number } from '../format.ts';
import type { PageNeeds } from '../page-needs.ts';
import { type FormField, formFields, readForm, type Schema, typedIn } from './schema-form.ts';

/** Most characters of a result on the page. */
const shownMax = 100_000;

type Tool = OutputOf<'tool.list'>['tools'][number];
type Outcome =
  | { readonly kind: 'calling' }
  | {
      readonly kind: 'done';
      readonly text: string;
      readonly tookMs: number;
      readonly isError: boolean;
    }
  | { readonly kind: 'refused'; readonly message: string; readonly hint: string };

/** A form made from the input schema of a tool, and what the call came to. */
export function TryTool({ client, say, server }: PageNeeds & { readonly server: string }) {
  const { data } = useAsk(client, 'tool.list', { server });
  const tools = data?.tools ?? [];
  const [chosen, setChosen] = useState<string>();
  const tool = tools.find(({ name }) => name === chosen) ?? tools[0];
  return (
    <section className="box" aria-label={say('try.title')}>
      <header>
        <h2>{say('try.title')}</h2>
        <select
          className="select grow"
          aria-label={say('try.tool')}
          value={tool?.name ?? ''}
          onChange={(event) => setChosen(event.target.value)}
        >
          {tools.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </header>
      {tool === undefined ? (
        <p className="empty">{say('try.none')}</p>
      ) : (
        <ToolForm key={tool.name} {...{ client, say, server, tool }} />
      )}
    </section>
  );
}

function ToolForm({
  client,
  say,
  server,
  tool,
}: Pick<PageNeeds, 'client' | 'say'> & { readonly server: string; readonly tool: Tool }) {
  const fields = formFields((tool.inputSchema ?? {}) as Schema);
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const [wasTried, setWasTried] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>();
  const { values, problems } = readForm(fields, typed);

  async function call(): Promise<void> {
    setWasTried(true);
    if (Object.keys(problems).length > 0) return;
    setOutcome({ kind: 'calling' });
    try {
      const asked = { server, tool: tool.name, arguments: values };
      const { result, tookMs } = await client.ask('tool.call', asked);
      const isError = result['isError'] === true;
      setOutcome({ kind: 'done', text: JSON.stringify(result, undefined, 2), tookMs, isError });
    } catch (error) {
      const message = reasonOf(error);
      setOutcome({ kind: 'refused', message, hint: error instanceof Refused ? error.hint : '' });
    }
  }

  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        void call();
      }}
    >
      {tool.description === undefined ? null : <p className="muted">{tool.description}</p>}
      {fields.map((field) => (
        <Field
          key={field.name}
          field={field}
          text={typedIn(typed, field)}
          trouble={
            wasTried && Object.hasOwn(problems, field.name)
              ? say(`try.${problems[field.name] ?? 'json'}`)
              : undefined
          }
          onType={(text) => setTyped({ ...typed, [field.name]: text })}
        />
      ))}
      <div className="btns">
        <button type="submit" className="btn main" disabled={outcome?.kind === 'calling'}>
          {say(outcome?.kind === 'calling' ? 'try.calling' : 'try.call')}
        </button>
      </div>
      <div aria-live="polite">
        {outcome === undefined ? null : <Result outcome={outcome} say={say} />}
      </div>
    </form>
  );
}

function Field(props: {
  readonly field: FormField;
  readonly text: string;
  readonly trouble: string | undefined;
  readonly onType: (text: string) => void;
}) {
  const { field, text, trouble, onType } = props;
  const id = `field-${field.name}`;
  const hint = [field.limits, field.description].filter(Boolean).join(' · ');
  return (
    <div className="field">
      <label htmlFor={id}>
        {field.name}
        {field.isRequired ? <span className="is-failed"> *</span> : null}
      </label>
      <Control {...{ field, id, text, onType }} isWrong={trouble !== undefined} />
      {trouble === undefined ? null : <p className="hint is-failed">{trouble}</p>}
      {hint === '' ? null : (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

function Control(props: {
  readonly field: FormField;
  readonly id: string;
  readonly text: string;
  readonly isWrong: boolean;
  readonly onType: (text: string) => void;
}) {
  const { field, id, text, isWrong, onType } = props;
  const shared = { id, 'aria-invalid': isWrong, 'aria-describedby': `${id}-hint` };
  const change = (event: { target: { value: string } }): void => onType(event.target.value);
  const choices = field.kind === 'boolean' ? ['false', 'true'] : field.choices.map(String);
  if (choices.length > 0) {
    return (
      <select {...shared} className="select" value={text} onChange={change}>
        {field.isRequired || field.kind === 'boolean' ? null : <option value="" />}
        {choices.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </select>
    );
  }
  if (field.kind === 'json') {
    return <textarea {...shared} className="area mono" rows={2} value={text} onChange={change} />;
  }
  const mode = field.kind === 'text' ? 'text' : 'decimal';
  return <input {...shared} className="area" inputMode={mode} value={text} onChange={change} />;
}

function Result({ outcome, say }: { readonly outcome: Outcome; readonly say: PageNeeds['say'] }) {
  if (outcome.kind === 'calling') return null;
  if (outcome.kind === 'refused') {
    return (
      <p className="is-failed">
        {outcome.message} <span className="muted">{outcome.hint}</span>
      </p>
    );
  }
  const { value, unit } = latency(outcome.tookMs);
  const head = say(outcome.isError ? 'try.answeredError' : 'try.answered', {
    took: `${value}\u00a0${unit}`,
  });
  return (
    <>
      <p className={outcome.isError ? 'is-failed' : undefined}>{head}</p>
      <pre className="json" tabIndex={0}>
        {outcome.text.slice(0, shownMax)}
      </pre>
      {outcome.text.length <= shownMax ? null : (
        <p className="muted">
          {say('try.cut', { shown: number(shownMax), all: number(outcome.text.length) })}
        </p>
      )}
    </>
  );
}
