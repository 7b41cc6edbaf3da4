import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
} from 'yaml';
import { keepsWrittenText } from '../written-text.ts';
import { type Position, positionAt, type SourceDocument } from './source-document.ts';

/** More references to one anchor than this are taken for an attack on memory. */
const aliasesMax = 1_000;

/** Reads YAML 1.2; anchors, aliases and `<<` work, unknown tags and duplicate keys are faults. */
export function parseYaml(text: string): SourceDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const syntaxProblems = [...document.errors, ...document.warnings].map((fault) => ({
    ...positionAt(text, fault.pos[0]),
    message: sentence(fault.code, fault.message),
  }));
  syntaxProblems.push(...lostAliases(document, text));
  keepNumbersAsWritten(document);
  let value: unknown;
  try {
    value = syntaxProblems.length > 0 ? undefined : document.toJS({ maxAliasCount: aliasesMax });
  } catch (error) {
    // Too many aliases: the library says so.
    const message = error instanceof Error ? error.message : String(error);
    syntaxProblems.push({ line: 1, column: 1, message });
  }
  return {
    value,
    syntaxProblems,
    locate: (path, at) => positionAt(text, offsetOf(document, path, at)),
  };
}

/** Aliases whose anchor is missing. */
function lostAliases(document: Document.Parsed, text: string): (Position & { message: string })[] {
  const lost: (Position & { message: string })[] = [];
  visit(document, {
    Alias(_, node) {
      if (node.resolve(document) !== undefined) return;
      const message =
        'found an alias whose anchor is not there, needed the anchor before it; text that begins with * stands in quotes';
      lost.push({ ...positionAt(text, node.range?.[0] ?? 0), message });
    },
  });
  return lost;
}

const sentences: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'found a tab as indentation, needed spaces',
  DUPLICATE_KEY: 'found this key a second time, needed each key once',
  MULTIPLE_DOCS: 'found a second document after ---, needed one document',
  TAG_RESOLVE_FAILED: 'found an unknown tag, needed a plain value',
};

function sentence(code: string, message: string): string {
  return sentences[code] ?? message.charAt(0).toLowerCase() + message.slice(1);
}

/** `VERSION: 1.10` under `env` means the text 1.10, not the number 1.1. */
function keepNumbersAsWritten(document: Document.Parsed): void {
  visit(document, {
    Scalar(_, node, ancestors) {
      if (typeof node.value !== 'number' || node.source === undefined) return;
      if (keepsWrittenText(pathOf(ancestors))) node.value = node.source;
    },
  });
}

function pathOf(ancestors: readonly unknown[]): string[] {
  return ancestors.flatMap((step) =>
    isPair(step) && isScalar(step.key) ? [String(step.key.value)] : [],
  );
}

function offsetOf(
  document: Document.Parsed,
  path: readonly (string | number)[],
  at: 'key' | 'value',
): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [depth, key] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    const isLast = depth === path.length - 1;
    if (isMap(node)) {
      const pair: Pair | undefined = node.items.find(
        (item) => isScalar(item.key) && String(item.key.value) === String(key),
      );
      if (pair === undefined) return offset;
      const keyOffset = startOf(pair.key) ?? offset;
      offset = isLast && at === 'value' ? (startOf(pair.value) ?? keyOffset) : keyOffset;
      node = pair.value;
    } else if (isSeq(node) && typeof key === 'number') {
      node = node.items[key];
      offset = startOf(node) ?? offset;
    } else return offset;
  }
  return offset;
}

/** A collection has no place of its own that a reader would look for; its key has. */
function startOf(node: unknown): number | undefined {
  if (!isNode(node)) return undefined;
  const range = (node as Node).range;
  const isEmpty = isScalar(node) && node.value === null;
  const isBlock = (isMap(node) || isSeq(node)) && node.flow !== true;
  return isEmpty || isBlock ? undefined : range?.[0];
}
