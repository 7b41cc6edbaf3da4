/** A key that readers of the same text may take for different things. */
export interface AmbiguousKey {
  readonly key: string;
  /** Stands twice in one object; or is a word of the protocol in other letters, which some readers take for it. */
  readonly why: 'twice' | 'case';
}

/** Words of the protocol that decide who gets what: of the message itself, and of its params. */
const messageWords = wordsOf('jsonrpc id method params result error');
const paramsWords = wordsOf(
  'name arguments uri ref argument context cursor _meta level inputResponses requestState requestId progressToken ' +
    'reason notifications protocolVersion capabilities clientInfo taskId task',
);

/**
 * The first ambiguous key of a text that is known to be JSON. What is judged is the parsed message; a reader that takes
 * the first of two equal keys, or `Method` for `method`, would act on another one (CVE-2026-27896 and its like). Reads
 * the text once and nests no deeper itself however deep the text is.
 */
export function ambiguousKey(text: string): AmbiguousKey | undefined {
  const keys: Keys = { all: [], begins: [], begin: -1, sets: undefined };
  let lastOfMessage = '';
  /** Messages in a batch stand one deeper. */
  const outer = text.trimStart().startsWith('[') ? 1 : 0;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charCodeAt(at);
    if (letter === codes.quote) {
      const end = endOfString(text, at);
      if (keys.begin >= 0 && isBeforeColon(text, end)) {
        const key = readKey(text, at, end);
        if (!add(keys, key)) return { key, why: 'twice' };
        const depth = keys.begins.length - outer;
        if (depth === 1) lastOfMessage = key;
        const words = depth === 1 ? messageWords : paramsWords;
        const isRead = depth === 1 || (depth === 2 && lastOfMessage === 'params');
        if (isRead && !words.exact.has(key) && words.folded.has(folded(key)))
          return { key, why: 'case' };
      }
      at = end;
    } else if (letter === codes.brace || letter === codes.bracket) {
      enter(keys, letter === codes.brace ? 'object' : 'list');
    } else if (letter === codes.braceEnd || letter === codes.bracketEnd) leave(keys);
  }
  return undefined;
}

/** From so many keys of one object on a set is the faster way to look one up. */
const manyKeys = 16;

/**
 * Keys so far of every object around the place. All stand in one list, as this is done to every message there and back:
 * a list for each object was an eighth of all memory that a call asked for.
 */
interface Keys {
  /** The innermost object's last. */
  readonly all: string[];
  /** Where the keys of each object begin; -1 for a list, which has none. */
  readonly begins: number[];
  /** The last of them; -1 around everything. */
  begin: number;
  /** Of objects with many keys, by their depth; most messages have none. */
  sets: Map<number, Set<string>> | undefined;
}

function enter(keys: Keys, what: 'object' | 'list'): void {
  keys.begin = what === 'object' ? keys.all.length : -1;
  keys.begins.push(keys.begin);
}

function leave(keys: Keys): void {
  const { all, begins, begin } = keys;
  if (begin >= 0) {
    if (all.length - begin >= manyKeys) keys.sets?.delete(begins.length);
    all.length = begin;
  }
  begins.pop();
  keys.begin = begins.at(-1) ?? -1;
}

/** False when it was there. */
function add(keys: Keys, key: string): boolean {
  if (has(keys, key)) return false;
  const { all, begins, begin } = keys;
  all.push(key);
  const count = all.length - begin;
  if (count === manyKeys) {
    keys.sets ??= new Map();
    keys.sets.set(begins.length, new Set(all.slice(begin)));
  } else if (count > manyKeys) keys.sets?.get(begins.length)?.add(key);
  return true;
}

function has({ all, begins, begin, sets }: Keys, key: string): boolean {
  if (all.length - begin >= manyKeys) return sets?.get(begins.length)?.has(key) === true;
  for (let at = all.length - 1; at >= begin; at -= 1) if (all[at] === key) return true;
  return false;
}

const codes = {
  quote: 0x22,
  backslash: 0x5c,
  colon: 0x3a,
  brace: 0x7b,
  braceEnd: 0x7d,
  bracket: 0x5b,
  bracketEnd: 0x5d,
} as const;

/** The place of the closing quote. */
function endOfString(text: string, at: number): number {
  let end = at;
  for (;;) {
    end = text.indexOf('"', end + 1);
    let before = end - 1;
    while (text.charCodeAt(before) === codes.backslash) before -= 1;
    if ((end - before) % 2 === 1) return end;
  }
}

function isBeforeColon(text: string, end: number): boolean {
  let next = end + 1;
  // White space of JSON: space, tab, line feed, carriage return.
  while (text.charCodeAt(next) <= 0x20) next += 1;
  return text.charCodeAt(next) === codes.colon;
}

/** Two keys may be written differently and be the same. */
function readKey(text: string, at: number, end: number): string {
  const written = text.slice(at + 1, end);
  return written.includes('\\') ? (JSON.parse(`"${written}"`) as string) : written;
}

/** Equal for letters that readers without regard to case take for equal, `ſ` and `K` among them. */
function folded(key: string): string {
  return key.toUpperCase().toLowerCase();
}

function wordsOf(words: string): {
  readonly exact: ReadonlySet<string>;
  readonly folded: ReadonlySet<string>;
} {
  const exact = words.split(' ');
  return { exact: new Set(exact), folded: new Set(exact.map(folded)) };
}
