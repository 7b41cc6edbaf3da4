/** One thing the palette can reach. */
export interface Finding {
  readonly id: string;
  readonly group: 'go' | 'do' | 'command';
  readonly label: string;
  /** Also found by this: the name in the other language, the path. */
  readonly also: string;
}

/** Most findings shown at once. */
const shownMax = 12;

/**
 * What matches, best first: the begin of a word before its middle, letters in order at last. Nothing typed shows the
 * first of each.
 */
export function find<One extends Finding>(all: readonly One[], typed: string): One[] {
  const wanted = typed.trim().toLowerCase();
  if (wanted === '') return all.slice(0, shownMax);
  return all
    .map((one) => ({ one, rank: rankOf(`${one.label} ${one.also}`.toLowerCase(), wanted) }))
    .filter(({ rank }) => rank < unfit)
    .sort((left, right) => left.rank - right.rank)
    .slice(0, shownMax)
    .map(({ one }) => one);
}

const unfit = 4;

function rankOf(text: string, wanted: string): number {
  if (text.startsWith(wanted)) return 0;
  if (text.includes(` ${wanted}`)) return 1;
  if (text.includes(wanted)) return 2;
  let at = -1;
  for (const letter of wanted.replaceAll(' ', '')) {
    at = text.indexOf(letter, at + 1);
    if (at < 0) return unfit;
  }
  return 3;
}
