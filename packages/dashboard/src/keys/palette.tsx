import { useEffect, useId, useRef, useState } from 'react';
import { useHindrance } from '../parts/act.tsx';
import type { Say } from '../words/say.ts';
import { type Finding, find } from './find.ts';

/** A finding, with what it does. */
export interface PaletteEntry extends Finding {
  readonly act: () => void;
  /** Whether the daemon has to be asked: without contact it cannot be done. */
  readonly isOfDaemon?: boolean;
}

/** Find or do: everything one can reach, by typing a part of its name. */
export function Palette(props: {
  readonly entries: readonly PaletteEntry[];
  readonly onClose: () => void;
  readonly say: Say;
}) {
  const { entries, onClose, say } = props;
  const hindrance = useHindrance();
  const hindranceOf = ({ isOfDaemon }: PaletteEntry) => (isOfDaemon ? hindrance : undefined);
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const list = useId();
  const found = find(entries, typed);
  const chosen = found[Math.min(at, found.length - 1)];
  useEffect(() => dialog.current?.showModal(), []);

  function take(entry: PaletteEntry | undefined): void {
    if (entry === undefined || hindranceOf(entry) !== undefined) return;
    dialog.current?.close();
    entry.act();
  }

  return (
    <dialog ref={dialog} className="palette" aria-label={say('app.find')} onClose={onClose}>
      <input
        className="area"
        role="combobox"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={chosen === undefined ? undefined : `${list}-${chosen.id}`}
        aria-label={say('app.find')}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'Enter') take(chosen);
          else if (event.key === 'ArrowDown') setAt(Math.min(at + 1, found.length - 1));
          else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0));
          else return;
          event.preventDefault();
        }}
      />
      <div id={list} role="listbox" aria-label={say('app.find')}>
        {found.map((entry) => (
          <Row
            key={entry.id}
            {...{ entry, say }}
            id={`${list}-${entry.id}`}
            isChosen={entry === chosen}
            hindrance={hindranceOf(entry)}
            onTake={() => take(entry)}
          />
        ))}
      </div>
      {found.length === 0 ? <p className="empty">{say('find.none')}</p> : null}
    </dialog>
  );
}

function Row(props: {
  readonly entry: PaletteEntry;
  readonly id: string;
  readonly isChosen: boolean;
  /** Why it cannot be done now. */
  readonly hindrance: string | undefined;
  readonly onTake: () => void;
  readonly say: Say;
}) {
  const { entry, id, isChosen, hindrance, onTake, say } = props;
  return (
    // The field above hears the keys.
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isChosen}
      aria-disabled={hindrance === undefined ? undefined : true}
      onClick={onTake}
      onKeyDown={() => {}}
    >
      <span className={entry.group === 'command' ? 'mono' : undefined}>{entry.label}</span>
      <span className="faint">{hindrance ?? say(`find.${entry.group}`)}</span>
    </div>
  );
}
