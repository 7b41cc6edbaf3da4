import { whyWords } from './why-words.ts';

/** A sentence of the daemon as it is looked for, and how it is said. */
interface Row {
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly ja: string;
}

/** Placeholders that hold a clause of the daemon again. */
const clauses: readonly string[] = ['why', 'how'];
/** Longer reasons are quotes of something else; they stay as they are. */
const whyMaxChars = 2_000;
/** Clauses nest four deep at most: not started, refused, by which rule, and how it was tried before. */
const depthMax = 8;

let rows: readonly Row[] | undefined;

/**
 * Why a server is as it is, in the language of the reader. What is not the daemon's own sentence (an error of a program, a
 * line it wrote) stays as it is, as it should be searchable.
 */
export function sayWhy(why: string, language: 'en' | 'ja'): string {
  if (language === 'en' || why.length > whyMaxChars) return why;
  return inJapanese(why, 0) ?? why;
}

/** Why a server is ready when nothing else is to be told: a view that shows the revision anyway leaves it out. */
export function speaksMcp(version: string): string {
  return `it speaks MCP ${version}`;
}

/** Undefined when nothing of it is known. */
function inJapanese(text: string, depth: number): string | undefined {
  if (depth > depthMax) return undefined;
  // The last clause that is a sentence of ours: clauses before it may hold anything, semicolons too.
  for (let at = text.lastIndexOf('; '); at > 0; at = text.lastIndexOf('; ', at - 1)) {
    const last = oneSentence(text.slice(at + 2), depth);
    if (last === undefined) continue;
    const before = text.slice(0, at);
    return `${inJapanese(before, depth + 1) ?? before}。${last}`;
  }
  return oneSentence(text, depth);
}

function oneSentence(text: string, depth: number): string | undefined {
  rows ??= whyWords.map(([en, ja]) => rowOf(en, ja));
  for (const { pattern, names, ja } of rows) {
    const found = pattern.exec(text);
    if (found === null) continue;
    const values = new Map(names.map((name, at) => [name, found[at + 1] ?? '']));
    return ja.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = values.get(name) ?? '';
      return clauses.includes(name) ? (inJapanese(value, depth + 1) ?? value) : value;
    });
  }
  return undefined;
}

function rowOf(en: string, ja: string): Row {
  const names = [...en.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const source = en
    .split(/\{\w+\}/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('(.+?)');
  return { pattern: new RegExp(`^${source}$`, 's'), names, ja };
}
