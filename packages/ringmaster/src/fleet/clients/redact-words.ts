import { looksSecret } from './secrets.ts';

/** Stands where a secret was. */
const hidden = '***';

/**
 * A command line that can be shown: values that look like secrets are hidden, also behind their flags, in `NAME=value`
 * and in addresses.
 */
export function redactWords(words: readonly string[]): string[] {
  const apart = words.length === 1 ? (words[0] ?? '').split(' ') : words;
  return apart.map((word, at) => {
    const [, name, value] = /^(-{0,2}[A-Za-z_][\w-]*)[=:]([\s\S]+)$/.exec(word) ?? [];
    if (name !== undefined && value !== undefined && !value.startsWith('//')) {
      return looksSecret(name, value) ? `${name}=${hidden}` : redactAddress(word);
    }
    const before = apart[at - 1] ?? '';
    const flag = /^-{1,2}[A-Za-z][\w-]*$/.test(before) && !word.startsWith('-') ? before : '';
    const credential = /^(Bearer|Basic|Token)$/i.test(before);
    return credential || looksSecret(flag, word) ? hidden : redactAddress(word);
  });
}

/** Password and secret query fields of an address. */
function redactAddress(word: string): string {
  if (!word.includes('://')) return word;
  return word
    .replace(/(:\/\/[^/@\s:]*:)[^/@\s]+@/, `$1${hidden}@`)
    .replaceAll(/([?&])([\w.-]+)=([^&#]+)/g, (whole, mark: string, key: string, value: string) =>
      looksSecret(key, value) ? `${mark}${key}=${hidden}` : whole,
    );
}
