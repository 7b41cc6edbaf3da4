import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { keepsWrittenText } from '../written-text.ts';
import { type Position, positionAt, type SourceDocument } from './source-document.ts';

/** Reads JSON, also with comments and trailing commas; duplicate keys are faults. */
export function parseJson(text: string): SourceDocument {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, disallowComments: false });
  const syntaxProblems: (Position & { message: string })[] = errors
    .map((error) => ({ ...error, code: printParseErrorCode(error.error) }))
    // Each brace that is missing at the end is told at the same place.
    .filter(({ offset, code }, index, all) => {
      const before = all[index - 1];
      return before?.offset !== offset || before.code !== code;
    })
    .map(({ offset, length, code }) => ({
      ...positionAt(text, offset),
      message: sentence(code, text.slice(offset, offset + length)),
    }));
  const addDuplicate = (node: Node) =>
    syntaxProblems.push({
      ...positionAt(text, node.offset),
      message: 'found this key a second time, needed each key once',
    });
  const value = root === undefined ? undefined : toValue(root, { text, path: [], addDuplicate });
  return {
    value,
    syntaxProblems,
    locate: (path, at) => positionAt(text, offsetOf(root, path, at)),
  };
}

const needed: Readonly<Record<string, string>> = {
  InvalidSymbol: 'text in double quotes, a number, true, false or null',
  InvalidNumberFormat: 'a number such as 1500 or 0.5',
  PropertyNameExpected: 'a name in double quotes',
  ValueExpected: 'a value',
  ColonExpected: 'a ":" behind the name',
  CommaExpected: 'a "," between two values',
  CloseBraceExpected: 'a "}"',
  CloseBracketExpected: 'a "]"',
  EndOfFileExpected: 'nothing behind the last "}"',
  InvalidCommentToken: 'comments that begin with // or /*',
  UnexpectedEndOfComment: 'a "*/" that ends the comment',
  UnexpectedEndOfString: 'a double quote that ends the text',
  UnexpectedEndOfNumber: 'the rest of the number',
  InvalidUnicode: 'four hexadecimal digits behind \\u',
  InvalidEscapeCharacter: 'one of \\" \\\\ \\/ \\b \\f \\n \\r \\t \\u behind a backslash',
  InvalidCharacter: 'control characters to be written as \\n, \\t or \\u0000',
};

/** Only marks are quoted: a word may be a secret that lost its quotes. */
function sentence(code: string, found: string): string {
  const what =
    found === '' ? 'the end' : /^[{}[\]:,]$/.test(found) ? `"${found}"` : 'something else';
  return `found ${what}, needed ${needed[code] ?? 'JSON'}`;
}

interface Reading {
  readonly text: string;
  readonly path: readonly string[];
  readonly addDuplicate: (node: Node) => void;
}

function toValue(node: Node, reading: Reading): unknown {
  if (node.type === 'array') {
    return (node.children ?? []).map((child) => toValue(child, reading));
  }
  if (node.type === 'number' && keepsWrittenText(reading.path)) {
    return reading.text.slice(node.offset, node.offset + node.length);
  }
  if (node.type !== 'object') return node.value as unknown;
  const seen = new Set<string>();
  const entries: [string, unknown][] = [];
  for (const property of node.children ?? []) {
    const [key, child] = property.children ?? [];
    if (key === undefined || child === undefined) continue;
    const name = String(key.value);
    if (seen.has(name)) reading.addDuplicate(key);
    seen.add(name);
    entries.push([name, toValue(child, { ...reading, path: [...reading.path, name] })]);
  }
  // Unlike assignment, this makes a key named __proto__ a plain key.
  return Object.fromEntries(entries);
}

function offsetOf(
  root: Node | undefined,
  path: readonly (string | number)[],
  at: 'key' | 'value',
): number {
  let node = root;
  let offset = root?.offset ?? 0;
  for (const [depth, key] of path.entries()) {
    const isLast = depth === path.length - 1;
    if (node?.type === 'object') {
      const property = node.children?.find((child) => child.children?.[0]?.value === key);
      const [keyNode, valueNode] = property?.children ?? [];
      if (keyNode === undefined) return offset;
      const wantsValue = isLast && at === 'value' && valueNode !== undefined;
      offset = wantsValue ? valueNode.offset : keyNode.offset;
      node = valueNode;
    } else if (node?.type === 'array' && typeof key === 'number') {
      node = node.children?.[key];
      offset = node?.offset ?? offset;
    } else return offset;
  }
  return offset;
}
