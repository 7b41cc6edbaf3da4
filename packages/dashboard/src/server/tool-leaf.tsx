import type { Say } from '../words/say.ts';
import { isSame } from './tool-check.ts';
import type { Choice, Shape } from './tool-schema.ts';

/** So many choices stand side by side; more are a list to open. */
const sideBySideMax = 4;
/** All labels side by side have so many characters at most. */
const sideBySideChars = 40;

interface LeafNeeds {
  readonly id: string;
  readonly shape: Shape;
  readonly say: Say;
  readonly label: string;
  readonly value: unknown;
  readonly text: string;
  readonly format: string | undefined;
  readonly isRequired: boolean;
  readonly isWrong: boolean;
  readonly onType: (text: string) => void;
  readonly onValue: (value: unknown) => void;
}

/** What one value is typed into or chosen with. */
export function LeafControl(props: LeafNeeds) {
  const { id, shape, text, format, isWrong, isRequired, onType } = props;
  const shared = {
    ...{ id, value: text, 'aria-invalid': isWrong, 'aria-required': isRequired },
    onChange: ({ target }: { target: { value: string } }) => onType(target.value),
  };
  switch (shape.kind) {
    case 'boolean':
      return <Choices {...props} choices={yesOrNo} />;
    case 'choice':
      return <Choices {...props} choices={shape.choices} />;
    case 'fixed':
      return isRequired ? (
        <output id={id} className="mono">
          {JSON.stringify(shape.value)}
        </output>
      ) : (
        <Choices
          {...props}
          choices={[{ value: shape.value, label: JSON.stringify(shape.value) }]}
        />
      );
    case 'number':
    case 'integer':
      return <input {...shared} className="area" inputMode="decimal" autoComplete="off" />;
    case 'json':
      return <textarea {...shared} className="area mono" rows={2} spellCheck={false} />;
    default:
      // Only formats that browsers write the same way: a date-time of theirs has no zone.
      return format === 'date' ? (
        <input {...shared} className="area" type="date" />
      ) : (
        <textarea {...shared} className="area grows" rows={1} autoComplete="off" />
      );
  }
}

const yesOrNo: readonly Choice[] = [
  { value: true, label: 'true' },
  { value: false, label: 'false' },
];

/** A few stand side by side; what is not needed is taken back by another press. */
function Choices(props: LeafNeeds & { readonly choices: readonly Choice[] }) {
  const { id, choices, value, label, isRequired, isWrong, onValue } = props;
  const at = choices.findIndex((one) => value !== undefined && isSame(one.value, value));
  const isShort = choices.map((one) => one.label).join('').length <= sideBySideChars;
  if (choices.length <= sideBySideMax && isShort) {
    return (
      <fieldset className="seg" id={id} aria-label={label}>
        {choices.map((one, place) => (
          <button
            key={one.label}
            type="button"
            aria-pressed={place === at}
            onClick={() => onValue(place === at && !isRequired ? undefined : one.value)}
          >
            {one.label}
          </button>
        ))}
      </fieldset>
    );
  }
  return (
    <select
      id={id}
      className="select"
      aria-invalid={isWrong}
      value={at}
      onChange={({ target }) => onValue(choices[Number(target.value)]?.value)}
    >
      {isRequired && at >= 0 ? null : <option value={-1} aria-label="–" />}
      {choices.map((one, place) => (
        <option key={one.label} value={place}>
          {one.label}
        </option>
      ))}
    </select>
  );
}
