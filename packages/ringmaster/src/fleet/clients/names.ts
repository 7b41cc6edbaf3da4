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
