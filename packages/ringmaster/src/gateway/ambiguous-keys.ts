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
  /** Keys so far of every object around the place; undefined for a list. */
  const around: (Keys | undefined)[] = [];
  let keys: Keys | undefined;
  let lastOfMessage = '';
  /** Messages in a batch stand one deeper. */
  const outer = text.trimStart().startsWith('[') ? 1 : 0;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charCodeAt(at);
    if (letter === codes.quote) {
      const end = endOfString(text, at);
      if (keys !== undefined && isBeforeColon(text, end)) {
        const key = readKey(text, at, end);
        if (!addKey(keys, key)) return { key, why: 'twice' };
        const depth = around.length - outer;
        if (depth === 1) lastOfMessage = key;
        const words = depth === 1 ? messageWords : paramsWords;
        const isRead = depth === 1 || (depth === 2 && lastOfMessage === 'params');
        if (isRead && !words.exact.has(key) && words.folded.has(folded(key)))
          return { key, why: 'case' };
      }
      at = end;
    } else if (letter === codes.brace || letter === codes.bracket) {
      keys = letter === codes.brace ? { few: [], many: undefined } : undefined;
      around.push(keys);
    } else if (letter === codes.braceEnd || letter === codes.bracketEnd) {
      around.pop();
      keys = around.at(-1);
    }
  }
  return undefined;
}

/** The keys of one object: most have a few, for which a set costs more than it saves. */
interface Keys {
  readonly few: string[];
  many: Set<string> | undefined;
}

/** From so many keys on a set is the faster way. */
const manyKeys = 16;

/** False when it was there. */
function addKey(keys: Keys, key: string): boolean {
  const { few, many } = keys;
  if (many === undefined ? few.includes(key) : many.has(key)) return false;
  if (many !== undefined) many.add(key);
  else if (few.push(key) === manyKeys) keys.many = new Set(few);
  return true;
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
