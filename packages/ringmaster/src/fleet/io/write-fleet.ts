import { isMap, isScalar, isSeq, type Pair, parseDocument, YAMLMap } from 'yaml';
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

/**
 * Adds servers to the YAML text of a fleet file. Comments, order and everything that is there stay; a name that is
 * taken is skipped, never overwritten. The text must be valid.
 */
export function mergeIntoFleet(text: string, servers: readonly NewServer[]): MergedFleet {
  const document = parseDocument(text);
  const skipped: { server: string; why: string }[] = [];
  const added: string[] = [];
  let map = document.get('servers');
  for (const { name, entry, comment } of servers) {
    if (isMap(map) && map.has(name)) {
      const existing: unknown = document.toJS().servers?.[name];
      const why = sameValue(existing, entry)
        ? 'already in the fleet file'
        : 'the fleet file has other settings under this name; these stay';
      skipped.push({ server: name, why });
      continue;
    }
    if (!isMap(map)) {
      map = new YAMLMap();
      document.set('servers', map);
    }
    const servers = map as YAMLMap;
    if (servers.items.length === 0) servers.flow = false;
    const pair: Pair = document.createPair(name, entry);
    if (isScalar(pair.key)) pair.key.commentBefore = ` ${comment.replaceAll(/\s+/g, ' ')}`;
    shortListsInOneLine(pair.value);
    servers.add(pair);
    added.push(name);
  }
  return {
    text: added.length === 0 ? text : document.toString({ lineWidth: 100 }),
    added,
    skipped,
  };
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
