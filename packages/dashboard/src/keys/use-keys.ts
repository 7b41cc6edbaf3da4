import { useEffect } from 'react';
import { actOf, type KeyAct } from './key-table.ts';

/** After `g` the letter is awaited this long. */
const awaitMs = 1_000;

/** Hears the keys of the whole page; rows are what has `data-row`, a button of a key has `data-key`. */
export function useKeys(
  hasSingleKeys: () => boolean,
  act: (wanted: Exclude<KeyAct, { kind: 'await' | 'row' | 'press' | 'filter' }>) => void,
): void {
  useEffect(() => {
    let gAtMs = Number.NEGATIVE_INFINITY;
    function hear(event: KeyboardEvent): void {
      if (event.defaultPrevented || document.querySelector('dialog[open]') !== null) return;
      const wanted = actOf(
        {
          key: event.key,
          isControl: event.ctrlKey || event.metaKey,
          hasAlt: event.altKey,
          isTyping: isTyping(event.target),
        },
        { afterG: event.timeStamp - gAtMs < awaitMs, hasSingleKeys: hasSingleKeys() },
      );
      gAtMs = wanted?.kind === 'await' ? event.timeStamp : Number.NEGATIVE_INFINITY;
      if (wanted === undefined || wanted.kind === 'await') return;
      if (wanted.kind === 'press' && !press(wanted.key)) return;
      event.preventDefault();
      if (wanted.kind === 'filter') document.getElementById('filter')?.focus();
      else if (wanted.kind === 'row') moveRow(wanted.step);
      else if (wanted.kind !== 'press') act(wanted);
    }
    addEventListener('keydown', hear);
    return () => removeEventListener('keydown', hear);
  }, [hasSingleKeys, act]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** In the row that has the focus first: there a key acts on that row. */
function press(key: string): boolean {
  const button = `[data-key="${key}"]:not([disabled])`;
  const row = document.activeElement?.closest('[data-keys]');
  const inRow = row?.querySelector<HTMLElement>(button);
  const wanted = inRow ?? [...document.querySelectorAll<HTMLElement>(button)].find(isAnywhere);
  wanted?.click();
  return wanted !== undefined;
}

/** What acts on one row of many does so only from that row; a list of its own has one first row. */
function isAnywhere(button: HTMLElement): boolean {
  return button.closest('[data-keys="own"]') === null;
}

function moveRow(step: 1 | -1 | 'first' | 'last'): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
  const here = rows.indexOf(document.activeElement as HTMLElement);
  const there =
    step === 'first'
      ? 0
      : step === 'last'
        ? rows.length - 1
        : Math.min(rows.length - 1, Math.max(0, here + (here < 0 ? 1 : step)));
  rows[there]?.focus();
}
