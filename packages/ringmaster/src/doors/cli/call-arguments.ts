import { readExact } from '../../gateway/exact-numbers.ts';

/** The part of a tool's input schema that says how text of the command line is to be read. */
export interface InputSchema {
  readonly properties?: Readonly<Record<string, { readonly type?: unknown } | undefined>>;
}

/** Arguments of a call, or the text that could not be read as `key=value`. */
export type PairsRead =
  | { readonly kind: 'read'; readonly values: Readonly<Record<string, unknown>> }
  | { readonly kind: 'refused'; readonly pair: string };

/**
 * `key=value` pairs as arguments of a tool: text where the schema declares `string`, else JSON where the value
 * is JSON (numbers, true, null, lists, objects), else text. A key that is given twice keeps its last value.
 */
export function readPairs(pairs: readonly string[], schema: InputSchema | undefined): PairsRead {
  const values = new Map<string, unknown>();
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 1) return { kind: 'refused', pair };
    const key = pair.slice(0, at);
    values.set(key, readValue(pair.slice(at + 1), declaredType(schema, key)));
  }
  return { kind: 'read', values: Object.fromEntries(values) };
}

function declaredType(schema: InputSchema | undefined, key: string): unknown {
  const properties = schema?.properties;
  return properties !== undefined && Object.hasOwn(properties, key)
    ? properties[key]?.type
    : undefined;
}

function readValue(text: string, type: unknown): unknown {
  if (type === 'string') return text;
  try {
    return readExact(`{"value":${text}}`)?.['value'];
  } catch {
    // Not JSON, so it is meant as it stands.
    return text;
  }
}

/** Which server and tool a word like `files.read_file` may mean, in the order in which to try. */
export function toolCandidates(
  word: string,
): readonly { readonly server: string; readonly tool: string }[] {
  const dots = [...word.matchAll(/\./g)].map((match) => match.index);
  // Server names may contain dots, and the longest name that exists is meant.
  return dots
    .reverse()
    .map((at) => ({ server: word.slice(0, at), tool: word.slice(at + 1) }))
    .filter(({ server, tool }) => server !== '' && tool !== '');
}
