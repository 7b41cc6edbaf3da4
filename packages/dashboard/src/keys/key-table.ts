/** Pages by the letter after `g`. */
export const goKeys: Readonly<Record<string, string>> = {
  ...{ f: '/', c: '/calls', a: '/alerts', m: '/metrics', s: '/settings' },
  ...{ p: '/approvals', u: '/audit', r: '/reports' },
};

/** What a press of a key asks for; the caller does it. */
export type KeyAct =
  | { readonly kind: 'palette' | 'keys' | 'theme' | 'pause' | 'copy' }
  | { readonly kind: 'filter' }
  | { readonly kind: 'await' }
  | { readonly kind: 'row'; readonly step: 1 | -1 | 'first' | 'last' }
  | { readonly kind: 'go'; readonly path: string }
  /** The button or link on the page that names this key. */
  | { readonly kind: 'press'; readonly key: string };

/** A press, as far as it matters here. */
export interface KeyPress {
  readonly key: string;
  readonly isControl: boolean;
  /** Alt is the browser's and the reader's own. */
  readonly hasAlt: boolean;
  /** Someone types into a field: then only the palette's key is ours. */
  readonly isTyping: boolean;
}

/**
 * What a press means. `afterG` is true when the last one was `g`; `hasSingleKeys` false switches single letters off
 * (WCAG 2.1.4), not the arrows, Escape and Control K.
 */
export function actOf(
  press: KeyPress,
  state: { readonly afterG: boolean; readonly hasSingleKeys: boolean },
): KeyAct | undefined {
  const { key, isControl, hasAlt, isTyping } = press;
  if (isControl && key.toLowerCase() === 'k') return { kind: 'palette' };
  if (isTyping || isControl || hasAlt) return undefined;
  if (key === 'Escape') return { kind: 'press', key };
  if (!state.hasSingleKeys) return undefined;
  const path = goKeys[key];
  if (state.afterG) return path === undefined ? undefined : { kind: 'go', path };
  return singles[key] ?? (/^[a-z[\]+-]$/.test(key) ? { kind: 'press', key } : undefined);
}

const singles: Readonly<Record<string, KeyAct>> = {
  g: { kind: 'await' },
  '/': { kind: 'filter' },
  '?': { kind: 'keys' },
  t: { kind: 'theme' },
  p: { kind: 'pause' },
  '.': { kind: 'copy' },
  // The sign of the mathematicians, and where + needs no Shift.
  '−': { kind: 'press', key: '-' },
  '=': { kind: 'press', key: '+' },
  j: { kind: 'row', step: 1 },
  k: { kind: 'row', step: -1 },
  Home: { kind: 'row', step: 'first' },
  End: { kind: 'row', step: 'last' },
};
