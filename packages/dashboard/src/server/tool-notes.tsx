import type { Say } from '../words/say.ts';
import type { Trouble } from './tool-check.ts';
import type { Schema } from './tool-schema.ts';

interface TroubleNeeds {
  readonly troubles: readonly Trouble[];
  readonly path: string;
  /** Before the first try nothing is told to be missing. */
  readonly wasTried: boolean;
}

interface NotesNeeds extends TroubleNeeds {
  readonly whole: Schema;
  readonly say: Say;
}

/** The mark of what is needed. */
export function Needed({ isRequired }: { readonly isRequired: boolean }) {
  return isRequired ? <span className="is-failed">*</span> : null;
}

/** What is wrong here, and what the schema says of the place. */
export function Notes(props: NotesNeeds) {
  const { whole, say } = props;
  const trouble = troubleOf(props);
  const hint = [limitsOf(whole, say), whole.title, whole.description].filter(Boolean).join(' · ');
  return (
    <>
      {trouble === undefined ? null : (
        <p className="hint is-failed">{say(`try.${trouble.rule}`, { limit: trouble.limit })}</p>
      )}
      {hint === '' ? null : <p className="hint">{hint}</p>}
    </>
  );
}

/** What is wrong at a place, as far as it is told now. */
export function troubleOf({ troubles, path, wasTried }: TroubleNeeds): Trouble | undefined {
  const trouble = troubles.find((one) => one.path === path);
  return trouble?.rule === 'missing' && !wasTried ? undefined : trouble;
}

/** Type and limits as the schema has them: words of machines, and figures. */
function limitsOf(schema: Schema, say: Say): string {
  const figure = (sign: string, value: number | undefined, unit = ''): string[] =>
    typeof value === 'number' ? [`${sign} ${value}${unit}`] : [];
  const { type, format, default: usual } = schema;
  return [
    ...(typeof type === 'string' ? [format === undefined ? type : `${type} (${format})`] : []),
    ...figure('≥', schema.minimum),
    ...figure('>', schema.exclusiveMinimum),
    ...figure('≤', schema.maximum),
    ...figure('<', schema.exclusiveMaximum),
    ...figure('×', schema.multipleOf),
    ...figure('≥', schema.minLength ?? schema.minItems),
    ...figure('≤', schema.maxLength ?? schema.maxItems),
    ...(usual === undefined ? [] : [say('try.usual', { value: JSON.stringify(usual) })]),
  ].join(', ');
}
