import { useState } from 'react';
import type { AskedOf, OutputOf } from 'ringmaster/operations';
import { Refused } from '../client/client.ts';
import { reasonOf } from '../client/reason.ts';
import { useAsk } from '../client/use-ask.ts';
import { useFleet } from '../client/use-fleet.ts';
import type { PageNeeds } from '../page-needs.ts';
import { Act } from '../parts/act.tsx';
import { type Trouble, troublesOf, unreadText } from './tool-check.ts';
import { ObjectFields, Place } from './tool-fields.tsx';
import { ToolResult } from './tool-result.tsx';
import { isObject, resolve, type Schema, shapeOf, startOf } from './tool-schema.ts';

type Tool = OutputOf<'tool.list'>['tools'][number];
type Outcome =
  | { readonly kind: 'calling' }
  | { readonly kind: 'done'; readonly answer: OutputOf<'tool.call'> }
  | { readonly kind: 'refused'; readonly message: string; readonly hint: string };
const views = ['form', 'asJson'] as const;
type View = (typeof views)[number];

/** A tool of a server to try: a form made from its input schema, or the same as JSON, and what the call came to. */
export function TryTool(props: PageNeeds & { readonly server: string }) {
  const { client, say, server } = props;
  const { data } = useAsk(client, 'tool.list', { server });
  const tools = data?.tools ?? [];
  const [chosen, setChosen] = useState<string>();
  const [view, setView] = useState<View>('form');
  const tool = tools.find(({ name }) => name === chosen) ?? tools[0];
  return (
    <section className="box" aria-label={say('try.title')}>
      {tool === undefined ? (
        <>
          <header>
            <h2>{say('try.title')}</h2>
          </header>
          <p className="empty">{say('try.none')}</p>
        </>
      ) : (
        <ToolForm key={`${server} ${tool.name}`} {...{ ...props, tool, view, setView }}>
          <select
            className="select grow"
            aria-label={say('try.tool')}
            value={tool.name}
            onChange={(event) => setChosen(event.target.value)}
          >
            {tools.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </ToolForm>
      )}
    </section>
  );
}

function ToolForm(
  props: PageNeeds & {
    readonly server: string;
    readonly tool: Tool;
    readonly view: View;
    readonly setView: (view: View) => void;
    readonly children: React.ReactNode;
  },
) {
  const { say, tool, view, setView, children } = props;
  const root = (tool.inputSchema ?? {}) as Schema;
  const [value, setValue] = useState<unknown>(() => startOf(root, root) ?? {});
  const [text, setText] = useState(() => textOf(value));
  const [wasTried, setWasTried] = useState(false);
  const { outcome, call } = useCall(props);
  const read = view === 'form' ? { value } : readObject(text);
  const troubles = 'why' in read ? [] : troublesOf(read.value, root, root);

  function turn(to: View): void {
    if (to === view || 'why' in read) return;
    if (to === 'form') setValue(read.value);
    else setText(textOf(value));
    setView(to);
  }

  return (
    <>
      <header>
        <h2>{say('try.title')}</h2>
        {children}
        <ViewChoice {...{ view, say }} isStuck={'why' in read} onTurn={turn} />
      </header>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          setWasTried(true);
          if ('why' in read) return;
          // As JSON anything may be sent: to see what the server makes of it.
          if (view === 'asJson') void call({ argumentsJson: text });
          else if (troubles.length === 0)
            void call({ arguments: value as AskedOf<'tool.call'>['arguments'] });
        }}
      >
        <Said tool={tool} say={say} />
        {view === 'form' ? (
          <FormView {...{ say, root, troubles, wasTried, value }} onValue={setValue} />
        ) : (
          <JsonView {...{ say, text, read, troubles }} onText={setText} />
        )}
        <CallButton {...props} outcome={outcome} />
        <Ended outcome={outcome} say={say} />
      </form>
    </>
  );
}

/** Form or JSON; while the text is no JSON there is no form of it. */
function ViewChoice(props: {
  readonly view: View;
  readonly isStuck: boolean;
  readonly onTurn: (to: View) => void;
  readonly say: PageNeeds['say'];
}) {
  const { view, isStuck, onTurn, say } = props;
  return (
    <fieldset className="seg" aria-label={say('try.view')}>
      {views.map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={one === view}
          disabled={isStuck && one !== view}
          onClick={() => onTurn(one)}
        >
          {say(`try.${one}`)}
        </button>
      ))}
    </fieldset>
  );
}

function Ended(props: { readonly outcome: Outcome | undefined; readonly say: PageNeeds['say'] }) {
  const { outcome, say } = props;
  return (
    <div aria-live="polite">
      {outcome?.kind === 'done' ? <ToolResult answer={outcome.answer} say={say} /> : null}
      {outcome?.kind === 'refused' ? (
        <p className="is-failed">
          {outcome.message} <span className="muted">{outcome.hint}</span>
        </p>
      ) : null}
    </div>
  );
}

function useCall({
  client,
  server,
  tool,
}: PageNeeds & { readonly server: string; readonly tool: Tool }) {
  const [outcome, setOutcome] = useState<Outcome>();
  async function call(
    given: Pick<AskedOf<'tool.call'>, 'arguments' | 'argumentsJson'>,
  ): Promise<void> {
    setOutcome({ kind: 'calling' });
    try {
      const answer = await client.ask('tool.call', { server, tool: tool.name, ...given });
      setOutcome({ kind: 'done', answer });
    } catch (error) {
      const hint = error instanceof Refused ? error.hint : '';
      setOutcome({ kind: 'refused', message: reasonOf(error), hint });
    }
  }
  return { outcome, call };
}

/** What the server says of its tool: nothing proves it. */
function Said({ tool, say }: { readonly tool: Tool; readonly say: PageNeeds['say'] }) {
  const said = hints.filter((hint) => tool.annotations?.[hint] === true);
  return (
    <>
      {tool.description === undefined ? null : (
        <p className="muted told" lang="">
          {tool.description}
        </p>
      )}
      {said.length === 0 ? null : (
        <p className="chips">
          {said.map((hint) => (
            <span key={hint} className="chip">
              {say(`try.hint.${hint}`)}
            </span>
          ))}
          <span className="faint">{say('try.said')}</span>
        </p>
      )}
    </>
  );
}

const hints = ['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint'] as const;

function FormView(props: {
  readonly say: PageNeeds['say'];
  readonly root: Schema;
  readonly troubles: readonly Trouble[];
  readonly wasTried: boolean;
  readonly value: unknown;
  readonly onValue: (value: unknown) => void;
}) {
  const { root, say } = props;
  const shape = shapeOf(resolve(root, root), root);
  if (shape.kind === 'object' && shape.fields.length > 0) {
    return <ObjectFields {...props} fields={shape.fields} path="" />;
  }
  // Several sets of arguments.
  if (shape.kind === 'union') {
    return <Place {...props} label={say('try.set')} schema={root} path="" isRequired />;
  }
  return <p className="muted">{say('try.noArguments')}</p>;
}

function JsonView(props: {
  readonly say: PageNeeds['say'];
  readonly text: string;
  readonly read: { readonly value: unknown } | { readonly why: string };
  readonly troubles: readonly Trouble[];
  readonly onText: (text: string) => void;
}) {
  const { say, text, read, troubles, onText } = props;
  const rows = Math.min(30, text.split('\n').length + 1);
  return (
    <div>
      <textarea
        className="area mono"
        aria-label={say('try.arguments')}
        aria-invalid={'why' in read}
        spellCheck={false}
        {...{ rows, value: text }}
        onChange={({ target }) => onText(target.value)}
      />
      {'why' in read ? (
        <p className="hint is-failed">{say('try.jsonObject', { why: read.why })}</p>
      ) : null}
      {troubles.length === 0 ? null : (
        <>
          <p className="hint">{say('try.unfit')}</p>
          <ul className="hint">
            {troubles.slice(0, 10).map(({ path, rule, limit }) => (
              <li key={path}>
                <code>{path}</code> {say(`try.${rule}`, { limit })}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function CallButton(
  props: PageNeeds & { readonly server: string; readonly outcome: Outcome | undefined },
) {
  const { fleet, say, server, outcome } = props;
  const { overview } = useFleet(fleet);
  const row = overview?.servers.find((one) => one.server === server);
  const isWorking = outcome?.kind === 'calling';
  const isReady = row === undefined || row.state === 'ready' || row.state === 'asleep';
  return (
    <div className="btns">
      <Act type="submit" className="btn main" disabled={isWorking}>
        {say(isWorking ? 'try.calling' : 'try.call')}
      </Act>
      {isReady ? null : <span className="faint">{say('try.notReady')}</span>}
    </div>
  );
}

/** Text that could not be read stands as text. */
function textOf(value: unknown): string {
  const text = JSON.stringify(value, (_, one: unknown) => unreadText(one) ?? one, 2);
  return text ?? '{}';
}

function readObject(text: string): { readonly value: unknown } | { readonly why: string } {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? { value } : { why: text.slice(0, 40) };
  } catch (error) {
    return { why: error instanceof Error ? error.message : '' };
  }
}
