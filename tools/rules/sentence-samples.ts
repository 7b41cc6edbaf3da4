import { blankComments } from './source.ts';

/** Stands in a sample for whatever is only known when it runs. */
export const unknown = 'X9';

/** Constants and conditions that lead into each other are followed this deep. */
const depthMax = 5;
/** Sentences that one place may make, by its conditions. */
const samplesMax = 32;

/**
 * The sentences that argument number `argument` of each call of `callee` may be: literals, with their constants and both
 * sides of their conditions filled in, and `X9` for what the text alone does not tell.
 */
export function samplesOf(
  source: string,
  callee: string,
  argument: number,
): readonly { readonly offset: number; readonly sentences: readonly string[] }[] {
  const text = blankComments(source);
  return [...text.matchAll(new RegExp(`(?<![.\\w]|function )${callee}\\(`, 'g'))].flatMap(
    ({ 0: { length }, index }) => {
      let at = index + length;
      for (let before = 0; before < argument; before += 1) {
        at += expressionAt(text, at).length;
        if (text[at] !== ',') return [];
        at += 1;
      }
      const sentences = samples(expressionAt(text, at), { text, before: index, depth: 0 });
      return [{ offset: index, sentences: [...new Set(sentences)] }];
    },
  );
}

interface Place {
  readonly text: string;
  /** Where the expression stands: what is declared after it is not meant. */
  readonly before: number;
  readonly depth: number;
}

function samples(expression: string, place: Place): readonly string[] {
  const code = expression.trim();
  if (place.depth > depthMax) return [unknown];
  const below = { ...place, depth: place.depth + 1 };
  const condition = topIndex(code, /^\s\?\s/);
  if (condition >= 0) {
    const sides = code.slice(condition + 3);
    const colon = topIndex(sides, /^\s:\s/);
    return [...samples(sides.slice(0, colon), below), ...samples(sides.slice(colon + 3), below)];
  }
  if (/^['"`]/.test(code)) return literalSamples(code, below);
  const declared = /^\w+$/.test(code) ? lastDeclared(code, place) : undefined;
  return declared === undefined
    ? [unknown]
    : samples(expressionAt(place.text, declared.end), { ...below, before: declared.start });
}

function literalSamples(code: string, place: Place): readonly string[] {
  const { parts, end } = literalAt(code, 0);
  if (end !== code.length) return [unknown];
  let made: readonly string[] = [''];
  for (const { kind, text } of parts) {
    const ways = kind === 'text' ? [text] : samples(text, place);
    made = made.flatMap((start) => ways.map((way) => `${start}${way}`)).slice(0, samplesMax);
  }
  return made;
}

/** The value of the last `const NAME =` before this place. */
function lastDeclared(name: string, { text, before }: Place) {
  const declared = new RegExp(`\\b(?:const|let) ${name}(?:: [^=;]+)? =\\s`, 'g');
  const last = [...text.slice(0, before).matchAll(declared)].at(-1);
  return last && { start: last.index, end: last.index + last[0].length };
}

interface Part {
  readonly kind: 'text' | 'code';
  readonly text: string;
}

/** A string or template that begins at `start`, and where it ends. */
function literalAt(code: string, start: number): { parts: readonly Part[]; end: number } {
  const quote = code[start];
  const parts: Part[] = [];
  let text = '';
  let at = start + 1;
  while (at < code.length && code[at] !== quote) {
    if (code[at] === '\\') {
      text += code[at + 1] === 'n' ? '\n' : code[at + 1];
      at += 2;
    } else if (quote === '`' && code.startsWith('${', at)) {
      const inner = expressionAt(code, at + 2);
      parts.push({ kind: 'text', text }, { kind: 'code', text: inner });
      text = '';
      at += inner.length + 3;
    } else {
      text += code[at];
      at += 1;
    }
  }
  return { parts: [...parts, { kind: 'text', text }], end: at + 1 };
}

/** The text from `start` to the comma, semicolon or bracket that ends it. */
function expressionAt(code: string, start: number): string {
  const rest = code.slice(start);
  const end = topIndex(rest, /^[,;)\]}]/);
  return end < 0 ? rest : rest.slice(0, end);
}

/** Where `wanted` stands first outside of strings and brackets; -1 when it does not. */
function topIndex(code: string, wanted: RegExp): number {
  let depth = 0;
  for (let at = 0; at < code.length; ) {
    const letter = code[at] ?? '';
    if (depth === 0 && wanted.test(code.slice(at, at + 3))) return at;
    if ('\'"`'.includes(letter)) at = literalAt(code, at).end;
    else {
      if ('([{'.includes(letter)) depth += 1;
      else if (')]}'.includes(letter)) depth -= 1;
      at += 1;
    }
  }
  return -1;
}
