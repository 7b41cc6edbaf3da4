import type { Source, Verdict } from './source.ts';

interface Hinted {
  readonly hint: string;
}

/** Every row of the error catalogue says what to do, in a sentence without a full stop. */
export function errorsHaveHints(rows: Readonly<Record<string, Hinted>>): Verdict {
  const entries = Object.entries(rows);
  const faults = entries.flatMap(([code, { hint }]) => {
    if (hint.trim() === '') return [`${code}: has no hint`];
    if (/[.!]$/.test(hint)) return [`${code}: its hint ends in a full stop`];
    return /^[A-Z]/.test(hint) ? [] : [`${code}: its hint does not start like a sentence`];
  });
  return { seen: entries.length, faults };
}

/** Every error code is used somewhere beside the catalogue. */
export function errorsAreUsed(codes: readonly string[], sources: readonly Source[]): Verdict {
  const texts = sources
    .filter(
      (source) =>
        source.path.startsWith('packages/') && !/\/(problem|invalid)-rows\.ts$/.test(source.path),
    )
    .map((source) => source.text);
  const faults = codes
    .filter((code) => code !== 'bug')
    .filter((code) => !texts.some((text) => text.includes(`'${code}'`)))
    .map((code) => `${code}: nothing uses this error`);
  return { seen: codes.length, faults };
}

/** Every operation is handled in `operations/io`. */
export function operationsAreHandled(
  names: readonly string[],
  sources: readonly Source[],
): Verdict {
  return cited(names, sources, {
    where: /^packages\/ringmaster\/src\/operations\/io\/.*(?<!\.test)\.ts$/,
    how: (name) => `'${name}'`,
    fault: 'has no handler',
  });
}

/** Every operation is shown to work by a journey, which says so: `covers('server.stop')`. */
export function operationsHaveJourneys(
  names: readonly string[],
  sources: readonly Source[],
): Verdict {
  return cited(names, sources, {
    where: /^tests\/journeys\/.*\.test\.ts$/,
    how: (name) => new RegExp(`covers\\([^)]*'${name.replace('.', '\\.')}'`),
    fault: "is shown by no journey (covers('…'))",
  });
}

/** Every kind of event is appended somewhere. */
export function eventsAreAppended(kinds: readonly string[], sources: readonly Source[]): Verdict {
  return cited(kinds, sources, {
    where: /^packages\/ringmaster\/src\/(?!journal\/events\.ts).*(?<!\.test)\.ts$/,
    how: (kind) => `'${kind}'`,
    fault: 'is never appended',
  });
}

function cited(
  names: readonly string[],
  sources: readonly Source[],
  search: {
    readonly where: RegExp;
    readonly how: (name: string) => string | RegExp;
    readonly fault: string;
  },
): Verdict {
  const texts = sources.filter(({ path }) => search.where.test(path)).map(({ text }) => text);
  const isCited = (name: string) => {
    const how = search.how(name);
    return texts.some((text) => (typeof how === 'string' ? text.includes(how) : how.test(text)));
  };
  const faults = names.filter((name) => !isCited(name)).map((name) => `${name}: ${search.fault}`);
  return { seen: texts.length, faults };
}
