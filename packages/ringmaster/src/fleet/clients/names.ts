import { serverNamePattern } from '../schema.ts';

const nameLengthMax = 48;

/**
 * A name that fits `serverNamePattern`, near the one given and not among `taken`; it is added to `taken`. Names that
 * differ only in case count as taken, because they are folder names too.
 */
export function freeName(wanted: string, taken: Set<string>): string {
  const plain = wanted
    .trim()
    .replaceAll(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, nameLengthMax)
    .replace(/[-.]+$/, '');
  const base = serverNamePattern.test(plain) ? plain : 'server';
  let name = base === 'all' ? 'all-2' : base;
  for (let count = 2; taken.has(name.toLowerCase()); count += 1) {
    const suffix = `-${count}`;
    name = base.slice(0, nameLengthMax - suffix.length) + suffix;
  }
  taken.add(name.toLowerCase());
  return name;
}

/** A plain name for each of some names. Those that are plain already keep theirs; the others make way for them. */
export function plainNames(originals: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  const names = new Map<string, string>();
  const isPlain = (name: string) => freeName(name, new Set()) === name;
  for (const name of originals.filter(isPlain)) names.set(name, freeName(name, taken));
  for (const name of originals.filter((one) => !isPlain(one)))
    names.set(name, freeName(name, taken));
  return names;
}

/** A variable name from any words: `my-server`, `api key` → `MY_SERVER_API_KEY`. */
export function variableName(...words: readonly string[]): string {
  const name = words
    .join('_')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .toUpperCase()
    .slice(0, 80);
  return /^[A-Z]/.test(name) ? name : `VAR_${name}`;
}
