import type { english } from './en.ts';

/** Name of a sentence; English has them all, so another language that lacks one does not compile. */
export type MessageKey = keyof typeof english;

/** Every sentence in one language; `{name}` stands for a value. */
export type Sentences = Readonly<Record<MessageKey, string>>;

type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

type ValuesOf<Key extends MessageKey> = Placeholders<(typeof english)[Key]>;

type Values<Key extends MessageKey> = [ValuesOf<Key>] extends [never]
  ? []
  : [values: Readonly<Record<ValuesOf<Key>, string | number>>];

/** Speaks one sentence; the compiler asks for exactly the values its English form names. */
export type Say = <Key extends MessageKey>(key: Key, ...values: Values<Key>) => string;

/** Puts values in the place of `{name}`; a name without a value stays as it is. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );
}

/** Names of the values a sentence needs, sorted, each once. */
export function placeholders(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''))].sort();
}
