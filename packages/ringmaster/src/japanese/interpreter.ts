/** A sentence of ours and the same in Japanese; `{name}` stands for what is as it is in both. */
export type WordRow = readonly [en: string, ja: string];

/** A row as it is looked for, and how it is said. */
interface Row {
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly ja: string;
}

/** Placeholders that hold a clause of ours again. */
const clauses: readonly string[] = ['why', 'how', 'offer', 'who'];
/** Placeholders that hold a phrase of ours: what stands in a file, or should. */
const phrased: readonly string[] = ['found', 'needed', 'unit'];
/** Placeholders that may hold anything; every other holds no `: `, which joins an error and its cause. */
const anything: readonly string[] = [...clauses, ...phrased, 'text'];
/** Longer lines are quotes of something else; they stay as they are. In characters. */
const lineMaxChars = 2_000;
/** Clauses nest four deep at most: not started, refused, by which rule, and how it was tried before. */
const depthMax = 8;
/** Joints (`; ` or `: `) of one line that are tried. */
const jointsMax = 24;

/**
 * Says in Japanese what consists of the sentences of `words`, line by line; rows that say more stand first. What is not a
 * sentence of ours (an error of a program, a line it wrote) stays as it is, as it should be searchable. `phrases` are no
 * sentences: they are looked for only where a sentence says what was found and what is needed.
 */
export function createInterpreter(
  words: readonly WordRow[],
  phrases: readonly WordRow[] = [],
): (text: string) => string {
  let rows: readonly Row[] | undefined;
  let phraseRows: readonly Row[] | undefined;

  /** Undefined when nothing of it is known. */
  function several(text: string, depth: number): string | undefined {
    if (depth > depthMax) return undefined;
    // The last clause that is a sentence of ours: clauses before it may hold anything, semicolons too.
    for (const at of joints(text, '; ').toReversed()) {
      const last = one(text.slice(at + 2), depth);
      if (last === undefined) continue;
      const before = text.slice(0, at);
      return `${several(before, depth + 1) ?? before}。${last}`;
    }
    return one(text, depth);
  }

  function one(text: string, depth: number): string | undefined {
    return sentence(text, depth) ?? chain(text, depth);
  }

  /** A place, a name or a sentence before its cause; the other side may be somebody else's words. */
  function chain(text: string, depth: number): string | undefined {
    const places = joints(text, ': ');
    for (const at of places) {
      const cause = sentence(text.slice(at + 2), depth);
      if (cause === undefined) continue;
      const before = text.slice(0, at);
      return `${several(before, depth + 1) ?? before}: ${cause}`;
    }
    for (const at of places.toReversed()) {
      const before = sentence(text.slice(0, at), depth);
      if (before !== undefined) return `${before}: ${text.slice(at + 2)}`;
    }
    return undefined;
  }

  function sentence(text: string, depth: number): string | undefined {
    rows ??= words.map(rowOf);
    return said(rows, text, depth);
  }

  function phrase(text: string, depth: number): string | undefined {
    phraseRows ??= phrases.map(rowOf);
    return depth > depthMax ? undefined : said(phraseRows, text, depth);
  }

  function said(from: readonly Row[], text: string, depth: number): string | undefined {
    for (const { pattern, names, ja } of from) {
      const match = pattern.exec(text);
      if (match === null) continue;
      const values = new Map(names.map((name, at) => [name, match[at + 1] ?? '']));
      return ja.replace(/\{(\w+)\}/g, (_, name: string) => {
        const value = values.get(name) ?? '';
        if (clauses.includes(name)) return several(value, depth + 1) ?? value;
        return phrased.includes(name) ? (phrase(value, depth + 1) ?? value) : value;
      });
    }
    return undefined;
  }

  const line = (text: string) => (text.length > lineMaxChars ? text : (several(text, 0) ?? text));
  return (text) => text.split('\n').map(line).join('\n');
}

/** Where `joint` stands, from the left. */
function joints(text: string, joint: string): readonly number[] {
  const found: number[] = [];
  for (let at = text.indexOf(joint, 1); at > 0; at = text.indexOf(joint, at + 1)) found.push(at);
  return found.slice(-jointsMax);
}

function rowOf([en, ja]: WordRow): Row {
  const names = [...en.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const source = en
    .split(/(\{\w+\})/)
    .map((part, at) => {
      if (at % 2 === 0) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      return anything.includes(part.slice(1, -1)) ? '(.+?)' : '((?:(?!: ).)+?)';
    })
    .join('');
  return { pattern: new RegExp(`^${source}$`, 's'), names, ja };
}
