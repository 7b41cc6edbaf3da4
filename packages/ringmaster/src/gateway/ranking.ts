/** Something that can be found: its texts, each with how much a word in it counts. */
export interface Document {
  readonly fields: readonly { readonly text: string; readonly weight: number }[];
}

/** Finds documents by words; the best first. */
export interface Ranking {
  find(query: string, limit: number): readonly { readonly at: number; readonly score: number }[];
}

/** The usual constants of BM25 (Robertson and Zaragoza, 2009): saturation of a word, weight of the length. */
const saturation = 1.2;
const lengthWeight = 0.75;
/** What a query's word counts that only begins a document's word, and the fewest letters for that. */
const beginningWeight = 0.4;
const beginningMinLength = 3;
/** Words of a query that are looked at, and letters of a text. */
const queryTermsMax = 32;
const textMaxLength = 20_000;

interface Posting {
  readonly at: number;
  readonly weight: number;
}

/** Indexes documents for BM25 over their weighted fields; the order of equals is that of the documents. */
export function createRanking(documents: readonly Document[]): Ranking {
  const postings = new Map<string, Posting[]>();
  const lengths: number[] = [];
  documents.forEach(({ fields }, at) => {
    const weights = new Map<string, number>();
    let length = 0;
    for (const { text, weight } of fields) {
      for (const term of termsOf(text)) {
        weights.set(term, (weights.get(term) ?? 0) + weight);
        length += weight;
      }
    }
    lengths.push(length);
    for (const [term, weight] of weights) {
      const known = postings.get(term);
      if (known === undefined) postings.set(term, [{ at, weight }]);
      else known.push({ at, weight });
    }
  });
  const meanLength = lengths.reduce((sum, one) => sum + one, 0) / Math.max(1, lengths.length) || 1;
  const vocabulary = [...postings.keys()].sort();

  function score(into: Map<number, number>, term: string, share: number): void {
    const found = postings.get(term) ?? [];
    const rarity = Math.log(1 + (documents.length - found.length + 0.5) / (found.length + 0.5));
    for (const { at, weight } of found) {
      const length = 1 - lengthWeight + (lengthWeight * (lengths[at] ?? 0)) / meanLength;
      const part = (weight * (saturation + 1)) / (weight + saturation * length);
      into.set(at, (into.get(at) ?? 0) + share * rarity * part);
    }
  }

  return {
    find(query, limit) {
      const scores = new Map<number, number>();
      for (const term of [...new Set(termsOf(query))].slice(0, queryTermsMax)) {
        score(scores, term, 1);
        if (term.length < beginningMinLength) continue;
        for (const longer of beginningWith(term, vocabulary))
          score(scores, longer, beginningWeight);
      }
      return [...scores]
        .map(([at, of]) => ({ at, score: of }))
        .sort((a, b) => b.score - a.score || a.at - b.at)
        .slice(0, limit);
    },
  };
}

/** Longer words with this beginning. */
function beginningWith(term: string, sorted: readonly string[]): readonly string[] {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') <= term) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < sorted.length && sorted[end]?.startsWith(term) === true) end += 1;
  return sorted.slice(low, end);
}

/**
 * The words of a text: Latin and other alphabets by word, also within `camelCase` and `snake_case`, without the plural;
 * Chinese, Japanese and Korean, which are written without spaces, as pairs of neighbouring letters.
 */
export function termsOf(text: string): readonly string[] {
  const terms: string[] = [];
  const normal = text.slice(0, textMaxLength).normalize('NFKC');
  const parted = normal.replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2').toLowerCase();
  for (const [run] of parted.matchAll(
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー]+|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー])[\p{L}\p{N}])+/gu,
  )) {
    if (!isUnspaced(run)) terms.push(singular(run));
    else if (run.length === 1) terms.push(run);
    else for (let at = 0; at + 1 < run.length; at += 1) terms.push(run.slice(at, at + 2));
  }
  return terms.filter((term) => !emptyWords.has(term));
}

function isUnspaced(run: string): boolean {
  return /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー]/u.test(run);
}

/** `queries` and `query`, `files` and `file` are one word; words such as `status` stay. */
function singular(word: string): string {
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  return word.length > 3 && /[^su]s$/.test(word) ? word.slice(0, -1) : word;
}

/** Words that stand in every description and tell none apart. */
const emptyWords: ReadonlySet<string> = new Set(
  'a an and are as at be by can for from how i if in is it its me my need of on or that the this to use want what when which will with you your する した して です ます こと たい'.split(
    ' ',
  ),
);
