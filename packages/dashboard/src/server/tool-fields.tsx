import { useId, useState } from 'react';
import type { Say } from '../words/say.ts';
import {
  isSame,
  memberPath,
  optionOf,
  readJson,
  type Trouble,
  troublesOf,
  unreadText,
  withMember,
} from './tool-check.ts';
import { LeafControl } from './tool-leaf.tsx';
import { Needed, Notes, troubleOf } from './tool-notes.tsx';
import {
  type Field,
  isObject,
  type Option,
  resolve,
  type Schema,
  type Shape,
  shapeOf,
  startOf,
} from './tool-schema.ts';

/** What all places of one form share. */
export interface FormNeeds {
  readonly say: Say;
  /** What `$ref` refers to. */
  readonly root: Schema;
  readonly troubles: readonly Trouble[];
  /** Before the first try nothing is told to be missing. */
  readonly wasTried: boolean;
}

/** One place of a form: its schema, what stands in it, and who hears of a change. `undefined` is not sent. */
export interface PlaceProps extends FormNeeds {
  readonly label: string;
  readonly schema: unknown;
  readonly value: unknown;
  readonly path: string;
  readonly isRequired: boolean;
  readonly onValue: (value: unknown) => void;
}

/** The fields of an object, in the order of its schema. */
export function ObjectFields(
  props: FormNeeds & {
    readonly fields: readonly Field[];
    readonly value: unknown;
    readonly path: string;
    readonly onValue: (value: unknown) => void;
  },
) {
  const { fields, value, path, onValue } = props;
  const members = isObject(value) ? value : {};
  return fields.map(({ name, schema, isRequired }) => (
    <Place
      key={name}
      {...props}
      {...{ schema, isRequired }}
      label={name}
      value={Object.hasOwn(members, name) ? members[name] : undefined}
      path={memberPath(path, name)}
      onValue={(next) => onValue(withMember(members, name, next))}
    />
  ));
}

/** Whatever a schema asks for at one place. */
export function Place(props: PlaceProps) {
  const { schema, root } = props;
  const whole = resolve(schema, root);
  const shape = shapeOf(whole, root);
  switch (shape.kind) {
    case 'object':
      return <Group {...props} whole={whole} fields={shape.fields} />;
    case 'list':
      return <List {...props} whole={whole} item={shape.item} />;
    case 'union':
      return <Union {...props} whole={whole} options={shape.options} />;
    default:
      return <Leaf {...props} {...{ whole, shape }} />;
  }
}

/** An object within an object; one that is not needed is there when it is added. */
function Group(props: PlaceProps & { readonly whole: Schema; readonly fields: readonly Field[] }) {
  const { label, whole, fields, value, path, isRequired, onValue, say, root } = props;
  if (value === undefined && !isRequired) {
    const add = () => onValue(startOf(whole, root) ?? {});
    return (
      <Row {...props} whole={whole}>
        <button type="button" className="btn" onClick={add}>
          {say('try.add', { name: label })}
        </button>
      </Row>
    );
  }
  return (
    <fieldset className="group">
      <Legend {...props} />
      <ObjectFields {...props} {...{ fields, value, path, onValue }} />
      <Notes {...props} whole={whole} />
    </fieldset>
  );
}

function List(props: PlaceProps & { readonly whole: Schema; readonly item: Schema }) {
  const { label, whole, item, value, path, isRequired, onValue, say, root } = props;
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  const set = (next: readonly unknown[]): void =>
    onValue(next.length === 0 && !isRequired ? undefined : next);
  // An empty text is a text; of other kinds nothing is there until something is typed.
  const empty = resolve(item, root).type === 'string' ? '' : undefined;
  return (
    <fieldset className="group">
      <Legend {...props} />
      {items.map((one, at) => (
        <div key={`${path}[${at}]`} className="item">
          <div>
            <Place
              {...props}
              label={`[${at}]`}
              schema={item}
              value={one}
              path={`${path}[${at}]`}
              isRequired
              onValue={(next) => set(items.with(at, next === undefined ? empty : next))}
            />
          </div>
          <div className="btns">
            <button
              type="button"
              className="btn bare"
              disabled={at === 0}
              aria-label={say('try.up', { name: `${label}[${at}]` })}
              onClick={() => set(items.with(at, items[at - 1]).with(at - 1, one))}
            >
              ↑
            </button>
            <button
              type="button"
              className="btn bare"
              aria-label={say('try.remove', { name: `${label}[${at}]` })}
              onClick={() => set(items.toSpliced(at, 1))}
            >
              ×
            </button>
          </div>
        </div>
      ))}
      <div className="btns">
        <button
          type="button"
          className="btn"
          disabled={items.length >= (whole.maxItems ?? Number.POSITIVE_INFINITY)}
          onClick={() => set([...items, startOf(item, root) ?? empty])}
        >
          {say('try.addItem')}
        </button>
      </div>
      <Notes {...props} whole={whole} />
    </fieldset>
  );
}

/** A value of several kinds: the kind first, then the value. What was typed stays when it fits the other kind, too. */
function Union(
  props: PlaceProps & { readonly whole: Schema; readonly options: readonly Option[] },
) {
  const { label, options, value, isRequired, onValue, say, root } = props;
  const [chosen, setChosen] = useState<number>();
  const id = useId();
  const at = chosen ?? (value === undefined && !isRequired ? -1 : optionOf(value, options, root));
  const option = options[at];
  const choose = (next: number): void => {
    setChosen(next < 0 ? undefined : next);
    const schema = options[next]?.schema;
    const isKept = value !== undefined && troublesOf(value, schema, root).length === 0;
    if (!isKept) onValue(schema === undefined ? undefined : startOf(schema, root));
  };
  return (
    <div className="group">
      <div className="field">
        <label htmlFor={id}>
          {label} <Needed isRequired={isRequired} />
        </label>
        <select
          id={id}
          className="select"
          value={at}
          onChange={({ target }) => choose(Number(target.value))}
        >
          {isRequired ? null : <option value={-1}>{say('try.nothing')}</option>}
          {options.map((one, place) => (
            // Two may be called the same.
            <option key={`${one.label} ${place}`} value={place}>
              {one.label}
            </option>
          ))}
        </select>
        <Notes {...props} />
      </div>
      {option === undefined ? null : (
        <Place {...props} key={at} label={option.label} schema={option.schema} isRequired />
      )}
    </div>
  );
}

function Leaf(props: PlaceProps & { readonly whole: Schema; readonly shape: Shape }) {
  const { whole, shape, label, value, isRequired, onValue, say } = props;
  const [typed, setTyped] = useState('');
  const id = useId();
  const trouble = troubleOf(props);
  // What was typed stays as it was typed as long as it means what stands there: `1.50` is not made `1.5`.
  const text = isSame(readText(typed, shape), value) ? typed : textOf(value, shape);
  return (
    <Row {...props} id={id}>
      <LeafControl
        {...{ id, shape, say, value, text, label, isRequired, onValue }}
        format={whole.format}
        isWrong={trouble !== undefined}
        onType={(next) => {
          setTyped(next);
          onValue(readText(next, shape));
        }}
      />
    </Row>
  );
}

/** What a typed text means; one that cannot be read stays text, and is told to be wrong. */
function readText(text: string, { kind }: Shape): unknown {
  if (text === '') return undefined;
  if (kind === 'text') return text;
  if (kind === 'json') return readJson(text);
  const number = Number(text);
  return text.trim() !== '' && Number.isFinite(number) ? number : text;
}

function textOf(value: unknown, { kind }: Shape): string {
  if (value === undefined) return '';
  const unread = unreadText(value);
  if (unread !== undefined) return unread;
  if (kind === 'json') return JSON.stringify(value, undefined, 2);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function Row(
  props: PlaceProps & {
    readonly whole: Schema;
    readonly id?: string;
    readonly children: React.ReactNode;
  },
) {
  const { id, label, isRequired, children } = props;
  const name = (
    <>
      {label} <Needed isRequired={isRequired} />
    </>
  );
  return (
    <div className="field">
      {id === undefined ? <span className="lab">{name}</span> : <label htmlFor={id}>{name}</label>}
      {children}
      <Notes {...props} />
    </div>
  );
}

function Legend({ label, isRequired, value, onValue, say }: PlaceProps) {
  return (
    <legend>
      {label} <Needed isRequired={isRequired} />
      {isRequired || value === undefined ? null : (
        <button
          type="button"
          className="btn bare"
          aria-label={say('try.remove', { name: label })}
          onClick={() => onValue(undefined)}
        >
          ×
        </button>
      )}
    </legend>
  );
}
