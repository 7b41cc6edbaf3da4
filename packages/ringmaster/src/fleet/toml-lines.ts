/** Where a key of a TOML file is written; line and column count from 1. */
export interface TomlKey {
  readonly path: readonly string[];
  readonly line: number;
  readonly column: number;
  /** Column of the value; that of the key for a table header. */
  readonly valueColumn: number;
  readonly isTable: boolean;
}

/**
 * Finds the keys of a TOML text: table headers and `key = value` lines, in order. Lines inside multi-line strings
 * and lists are passed over; keys of inline tables are not listed. The text must be valid TOML.
 */
export function tomlKeys(text: string): TomlKey[] {
  const keys: TomlKey[] = [];
  let table: readonly string[] = [];
  let open: Open = { quote: undefined, depth: 0 };
  text.split(/\r?\n/).forEach((line, index) => {
    if (open.quote !== undefined || open.depth > 0) {
      open = scan(line, open);
      return;
    }
    const indent = line.length - line.trimStart().length;
    const body = line.slice(indent);
    if (body === '' || body.startsWith('#')) return;
    const at = { line: index + 1, column: indent + 1 };
    const header = /^\[\[?([^\]]*(?:"[^"]*"[^\]]*)*)\]/.exec(body);
    if (header !== null) {
      table = splitKey(header[1] ?? '').path;
      keys.push({ path: table, ...at, valueColumn: at.column, isTable: true });
      return;
    }
    const { path, length } = splitKey(body);
    const value = body.slice(length + 1);
    const valueColumn = line.length - value.trimStart().length + 1;
    keys.push({ path: [...table, ...path], ...at, valueColumn, isTable: false });
    open = scan(value, open);
  });
  return keys;
}

interface Open {
  readonly quote: '"""' | "'''" | undefined;
  readonly depth: number;
}

/** The parts of a dotted key, and how much text it takes up to its `=`. */
function splitKey(text: string): { readonly path: string[]; readonly length: number } {
  const path: string[] = [];
  const part = /\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*(\.?)/y;
  let length = 0;
  for (let match = part.exec(text); match !== null; match = part.exec(text)) {
    path.push(match[1] ?? match[2] ?? match[3] ?? '');
    length = part.lastIndex;
    if (match[4] !== '.') break;
  }
  return { path, length };
}

/** Follows strings and brackets through one line, so that a list over several lines is seen as one value. */
function scan(line: string, from: Open): Open {
  let { quote, depth } = from;
  for (let at = 0; at < line.length; at += 1) {
    const three = line.slice(at, at + 3);
    if (quote !== undefined) {
      if (quote === '"""' && line[at] === '\\') at += 1;
      else if (three === quote) {
        quote = undefined;
        at += 2;
      }
    } else if (three === '"""' || three === "'''") {
      quote = three;
      at += 2;
    } else if (line[at] === '"' || line[at] === "'") at = endOfString(line, at);
    else if (line[at] === '#') break;
    else if (line[at] === '[' || line[at] === '{') depth += 1;
    else if (line[at] === ']' || line[at] === '}') depth -= 1;
  }
  return { quote, depth: Math.max(0, depth) };
}

function endOfString(line: string, start: number): number {
  const quote = line[start];
  for (let at = start + 1; at < line.length; at += 1) {
    if (quote === '"' && line[at] === '\\') at += 1;
    else if (line[at] === quote) return at;
  }
  return line.length;
}
