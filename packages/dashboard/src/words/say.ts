import type { TimeWords } from '../format.ts';
import { en, type Key } from './en.ts';
import { ja } from './ja.ts';

/** The languages there are. */
export type Language = 'en' | 'ja';

type Fills = Readonly<Record<string, string | number>>;
/** Keys that exist for one and for several: the part before `.one`. */
type Counted = Key extends infer K ? (K extends `${infer Stem}.other` ? Stem : never) : never;

/** Speaks one language. */
export interface Say {
  (key: Key, fills?: Fills): string;
  /** The sentence for this many; `{count}` is filled in. */
  readonly many: (key: Counted, count: number, fills?: Fills) => string;
  readonly language: Language;
  readonly time: TimeWords;
}

/** Where something is filled in, and the spaces that part it from Japanese words beside it. */
const place = /((?<=[ぁ-ヿ一-鿿]) )?\{(\w+)\}( (?=[ぁ-ヿ一-鿿]))?/g;
// A name is parted from Japanese words by a space, a Japanese word is not.
const beginsJapanese = /^[ぁ-ヿ一-鿿]/;
const endsJapanese = /[ぁ-ヿ一-鿿]$/;

/** A speaker of the language; sentences are whole templates, so that nothing is glued. */
export function createSay(language: Language): Say {
  const words: Readonly<Record<Key, string>> = language === 'ja' ? ja : en;
  // A journal outlives versions: a rule or an outcome of another one has no words here, and is called by its name.
  const say = (key: Key, fills: Fills = {}): string =>
    (key in words ? words[key] : key).replace(place, (whole, before = '', name, after = '') => {
      const text = fills[name] === undefined ? undefined : String(fills[name]);
      if (text === undefined) return whole;
      return `${beginsJapanese.test(text) ? '' : before}${text}${endsJapanese.test(text) ? '' : after}`;
    });
  const rules = new Intl.PluralRules(language);
  return Object.assign(say, {
    many: (key: Counted, count: number, fills: Fills = {}) => {
      const form = rules.select(count) === 'one' ? 'one' : 'other';
      return say(`${key}.${form}` as Key, { count, ...fills });
    },
    language,
    time: {
      ...{ d: words['time.d'], h: words['time.h'], min: words['time.min'], s: words['time.s'] },
      ...{ gap: words['time.gap'], join: words['time.join'] },
    },
  });
}

/** The language chosen before, else the browser's. */
export function chosenLanguage(stored: string | null, preferred: readonly string[]): Language {
  if (stored === 'en' || stored === 'ja') return stored;
  return preferred[0]?.startsWith('ja') ? 'ja' : 'en';
}
