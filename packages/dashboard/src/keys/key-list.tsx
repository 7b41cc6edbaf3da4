import type { Key } from '../words/en.ts';
import type { Say } from '../words/say.ts';
import { goKeys } from './key-table.ts';

const rows: readonly (readonly [string, Key])[] = [
  ['Ctrl K', 'app.find'],
  ['/', 'keys.filter'],
  ['j k', 'keys.move'],
  ['Enter', 'keys.open'],
  ['Esc', 'keys.close'],
  ['p', 'keys.pause'],
  ['t', 'app.theme'],
  ['s x r l', 'keys.server'],
  ['a m', 'keys.alert'],
  ['+ −', 'keys.zoom'],
  ['[ ]', 'keys.shift'],
  ['.', 'keys.copy'],
  ['Home End', 'keys.ends'],
  ['?', 'keys.all'],
];

/** Every key, and what it does. */
export function KeyList({ say }: { readonly say: Say }) {
  return (
    <dl className="keys">
      {rows.map(([key, what]) => (
        <div key={key}>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{say(what)}</dd>
        </div>
      ))}
      {Object.entries(goKeys).map(([key, path]) => (
        <div key={path}>
          <dt>
            <kbd>g</kbd> <kbd>{key}</kbd>
          </dt>
          <dd>{say(`nav.${path.slice(1) || 'fleet'}` as Key)}</dd>
        </div>
      ))}
    </dl>
  );
}
