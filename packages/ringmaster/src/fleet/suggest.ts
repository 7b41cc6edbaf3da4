/**
 * The known word nearest to `word`, or undefined when none is near. Case, `_` and `-` do not count, so
 * `depends_on` finds `dependsOn`; otherwise at most one edit in three letters, and at most three.
 */
export function suggest(word: string, known: readonly string[]): string | undefined {
  const wanted = plain(word);
  const limit = Math.min(3, Math.max(1, Math.floor(wanted.length / 3)));
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const name of known) {
    const distance = editDistance(wanted, plain(name));
    if (distance <= limit && (best === undefined || distance < best.distance)) {
      best = { name, distance };
    }
  }
  const other = otherNames.get(wanted);
  if (best === undefined && other !== undefined && known.includes(other)) return other;
  return best?.name;
}

/** What to say of a name that is none of those there are: `what` says of what, as in `a server in this file`. */
export function unknownName(found: string, known: readonly string[], what: string): string {
  const near = suggest(found, known);
  const hint = near === undefined ? '' : `; did you mean "${near}"?`;
  return `found ${JSON.stringify(found.slice(0, 60))}, needed the name of ${what}${hint}`;
}

/** What other tools call our keys, in their plain form. */
const otherNames: ReadonlyMap<string, string> = new Map(
  Object.entries({
    type: 'kind',
    transport: 'kind',
    disabled: 'enabled',
    environment: 'env',
    arguments: 'args',
    workingdir: 'cwd',
    workingdirectory: 'cwd',
    workdir: 'cwd',
    mcpservers: 'servers',
    processes: 'servers',
    name: 'fleet',
    healthcheck: 'health',
    autorestart: 'restart',
    endpoint: 'url',
    serverurl: 'url',
    httpurl: 'url',
  }),
);

function plain(word: string): string {
  return word.slice(0, 64).toLowerCase().replaceAll(/[_-]/g, '');
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
export function editDistance(from: string, to: string): number {
  let before: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (next[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (row > 1 && column > 1 && swapped) cost = Math.min(cost, (before[column - 2] ?? 0) + 1);
      next.push(cost);
    }
    before = last;
    last = next;
  }
  return last[to.length] ?? 0;
}
