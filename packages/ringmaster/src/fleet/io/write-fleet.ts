import { Document, isMap, isNode, isScalar, isSeq, type Pair, parseDocument, YAMLMap } from 'yaml';
import { fieldsOf } from '../clients/client.ts';
import { sameValue } from '../diff.ts';
import type { ServerEntryInput } from '../schema.ts';

/** A server to be written, and where it comes from. */
export interface NewServer {
  readonly name: string;
  readonly entry: ServerEntryInput;
  /** A line that stands above it. */
  readonly comment: string;
}

/** A fleet file with servers added. */
export interface MergedFleet {
  readonly text: string;
  readonly added: readonly string[];
  readonly skipped: readonly { readonly server: string; readonly why: string }[];
}

/** Longer lists are written one item a line. */
const flowWidthMax = 70;
const layout = { lineWidth: 0, flowCollectionPadding: false } as const;

/**
 * Adds servers to the YAML text of a fleet file. Everything that is there stays as it is written; a name that is taken
 * is skipped, never overwritten. The text must be valid.
 */
export function mergeIntoFleet(text: string, servers: readonly NewServer[]): MergedFleet {
  const document = parseDocument(text, { merge: true });
  const existing = fieldsOf(fieldsOf(document.toJS())['servers']);
  const skipped: { server: string; why: string }[] = [];
  const fresh: NewServer[] = [];
  for (const server of servers) {
    if (!Object.hasOwn(existing, server.name)) fresh.push(server);
    else {
      const why = sameValue(existing[server.name], server.entry)
        ? 'already in the fleet file'
        : 'the fleet file has other settings under this name; these stay';
      skipped.push({ server: server.name, why });
    }
  }
  const added = fresh.map(({ name }) => name);
  if (fresh.length === 0) return { text, added, skipped };
  const wanted = {
    ...existing,
    ...Object.fromEntries(fresh.map(({ name, entry }) => [name, entry])),
  };
  const inserted = insertLines(text, document, fresh);
  const isRight =
    inserted !== undefined &&
    sameValue(fieldsOf(parseDocument(inserted, { merge: true }).toJS())['servers'], wanted);
  return { text: isRight ? inserted : rewrite(document, fresh), added, skipped };
}

/** The text with the servers as new lines behind the last one; undefined when they are not written in lines. */
function insertLines(
  text: string,
  document: Document.Parsed,
  servers: readonly NewServer[],
): string | undefined {
  const top = document.contents;
  if (!isMap(top)) return undefined;
  const pair = top.items.find((item) => isScalar(item.key) && item.key.value === 'servers');
  if (pair === undefined || !isScalar(pair.key)) {
    return `${text.trimEnd()}\n\nservers:\n${linesOf(servers, '  ')}`;
  }
  const { value } = pair;
  if (isMap(value) && value.flow !== true) {
    const first = value.items[0]?.key;
    const start = isScalar(first) ? (first.range?.[0] ?? 0) : 0;
    const indent = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
    return /^ +$/.test(indent) ? splice(text, endOf(value), linesOf(servers, indent)) : undefined;
  }
  const isEmpty = isScalar(value) && value.value === null;
  return isEmpty ? splice(text, pair.key.range?.[1] ?? 0, linesOf(servers, '  ')) : undefined;
}

/** Where the last thing written in a node ends. */
function endOf(node: unknown): number {
  if (isMap(node) && node.flow !== true) {
    const last = node.items.at(-1);
    return Math.max(endOf(last?.key), endOf(last?.value));
  }
  if (isSeq(node) && node.flow !== true) return endOf(node.items.at(-1));
  return isNode(node) ? (node.range?.[1] ?? 0) : 0;
}

/** Puts lines behind the line in which `offset` lies. */
function splice(text: string, offset: number, lines: string): string {
  const lineEnd = text[offset - 1] === '\n' ? offset - 1 : text.indexOf('\n', offset);
  if (lineEnd < 0) return `${text}\n${lines}`;
  return text.slice(0, lineEnd + 1) + lines + text.slice(lineEnd + 1);
}

function linesOf(servers: readonly NewServer[], indent: string): string {
  const document = new Document({});
  addTo(document, document.contents as unknown as YAMLMap, servers);
  return document.toString(layout).replaceAll(/^(?=.)/gm, indent);
}

/** The whole document written anew, comments included: for files that are not written in lines. */
function rewrite(document: Document.Parsed, servers: readonly NewServer[]): string {
  let map = document.get('servers');
  if (!isMap(map)) {
    map = new YAMLMap();
    document.set('servers', map);
  }
  const servedMap = map as YAMLMap;
  if (servedMap.items.length === 0) servedMap.flow = false;
  addTo(document, servedMap, servers);
  return document.toString(layout);
}

function addTo(
  document: Pick<Document, 'createPair'>,
  map: YAMLMap,
  servers: readonly NewServer[],
): void {
  for (const { name, entry, comment } of servers) {
    const pair: Pair = document.createPair(name, entry);
    if (isScalar(pair.key)) pair.key.commentBefore = ` ${comment.replaceAll(/\s+/g, ' ')}`;
    shortListsInOneLine(pair.value);
    map.add(pair);
  }
}

function shortListsInOneLine(node: unknown): void {
  if (isSeq(node)) {
    const texts = node.items.map((item) => (isScalar(item) ? String(item.value) : undefined));
    const width = texts.reduce((sum, item) => sum + (item?.length ?? flowWidthMax) + 2, 0);
    node.flow = width <= flowWidthMax;
  } else if (isMap(node)) {
    for (const pair of node.items) shortListsInOneLine(pair.value);
  }
}
