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

/** What one reading of a JSON text shows that its parsed value does not. */
export interface TextJudgement {
  /** The first; nothing else is judged then. */
  readonly ambiguous: AmbiguousKey | undefined;
  /** Holds a number of so many characters, or with a power of ten, that reading it may have rounded it. */
  readonly hasLongNumber: boolean;
  /** Objects and lists in one another, where most are; 0 for a text with none. */
  readonly nesting: number;
}

/**
 * Judges a text that is known to be JSON. What counts is the parsed message; a reader that takes the first of two equal
 * keys, or `Method` for `method`, would act on another one (CVE-2026-27896 and its like). Reads the text once and nests
 * no deeper itself however deep the text is.
 */
export function judgeText(text: string): TextJudgement {
  const keys: Keys = {
    all: [],
    count: 0,
    begins: [],
    depth: 0,
    deepest: 0,
    begin: -1,
    sets: undefined,
  };
  let lastOfMessage = '';
  let hasLongNumber = false;
  /** Messages in a batch stand one deeper. */
  const outer = text.trimStart().startsWith('[') ? 1 : 0;
  const found = (ambiguous: AmbiguousKey | undefined): TextJudgement => ({
    ambiguous,
    hasLongNumber,
    nesting: keys.deepest,
  });
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charCodeAt(at);
    if (letter === codes.quote) {
      const end = endOfString(text, at);
      if (keys.begin >= 0 && isBeforeColon(text, end)) {
        const key = readKey(text, at, end);
        if (!add(keys, key)) return found({ key, why: 'twice' });
        const depth = keys.depth - outer;
        if (depth === 1) lastOfMessage = key;
        const words = depth === 1 ? messageWords : paramsWords;
        const isRead = depth === 1 || (depth === 2 && lastOfMessage === 'params');
        if (isRead && !words.exact.has(key) && words.folded.has(folded(key)))
          return found({ key, why: 'case' });
      }
      at = end;
    } else if (letter === codes.brace || letter === codes.bracket) {
      enter(keys, letter === codes.brace ? 'object' : 'list');
    } else if (letter === codes.braceEnd || letter === codes.bracketEnd) leave(keys);
    else if (isDigit(letter)) {
      const end = endOfNumber(text, at);
      hasLongNumber ||= end - at >= longNumber || isPower(text.charCodeAt(end));
      at = end - 1;
    }
  }
  return found(undefined);
}

/** From so many keys of one object on a set is the faster way to look one up. */
const manyKeys = 16;
/** No double rounds what has fewer characters, its point among them (15 digits, IEEE 754). */
const longNumber = 16;

/**
 * Keys so far of every object around the place. All stand in one list, as this is done to every message there and back:
 * a list for each object was an eighth of all memory that a call asked for. Both lists are longer than what counts of
 * them, as V8 is slow in making a list shorter.
 */
interface Keys {
  /** The innermost object's last. */
  readonly all: string[];
  count: number;
  /** Where the keys of each object begin; -1 for a list, which has none. */
  readonly begins: number[];
  depth: number;
  deepest: number;
  /** The last of them; -1 around everything. */
  begin: number;
  /** Of objects with many keys, by their depth; most messages have none. */
  sets: Map<number, Set<string>> | undefined;
}

function enter(keys: Keys, what: 'object' | 'list'): void {
  keys.begin = what === 'object' ? keys.count : -1;
  keys.begins[keys.depth] = keys.begin;
  keys.depth += 1;
  if (keys.depth > keys.deepest) keys.deepest = keys.depth;
}

function leave(keys: Keys): void {
  const { begins, begin, count } = keys;
  if (begin >= 0) {
    if (count - begin >= manyKeys) keys.sets?.delete(keys.depth);
    keys.count = begin;
  }
  keys.depth -= 1;
  keys.begin = keys.depth > 0 ? (begins[keys.depth - 1] ?? -1) : -1;
}

/** False when it was there. */
function add(keys: Keys, key: string): boolean {
  if (has(keys, key)) return false;
  const { all, begin, depth } = keys;
  all[keys.count] = key;
  keys.count += 1;
  const count = keys.count - begin;
  if (count === manyKeys) {
    keys.sets ??= new Map();
    keys.sets.set(depth, new Set(all.slice(begin, keys.count)));
  } else if (count > manyKeys) keys.sets?.get(depth)?.add(key);
  return true;
}

function has({ all, count, begin, depth, sets }: Keys, key: string): boolean {
  if (count - begin >= manyKeys) return sets?.get(depth)?.has(key) === true;
  for (let at = count - 1; at >= begin; at -= 1) if (all[at] === key) return true;
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
  point: 0x2e,
  zero: 0x30,
  nine: 0x39,
  smallE: 0x65,
  bigE: 0x45,
} as const;

function isDigit(letter: number): boolean {
  return letter >= codes.zero && letter <= codes.nine;
}

/** The place after its digits and its point. */
function endOfNumber(text: string, at: number): number {
  let end = at + 1;
  for (let letter = text.charCodeAt(end); isDigit(letter) || letter === codes.point; ) {
    end += 1;
    letter = text.charCodeAt(end);
  }
  return end;
}

function isPower(letter: number): boolean {
  return letter === codes.smallE || letter === codes.bigE;
}

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
