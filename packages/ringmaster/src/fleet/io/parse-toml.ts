import { parse, TomlError } from 'smol-toml';
import { type TomlKey, tomlKeys } from '../toml-lines.ts';
import type { Position, SourceDocument } from './source-document.ts';

/** Reads TOML 1.0. Numbers are numbers: write text in quotes where the spelling matters. */
export function parseToml(text: string): SourceDocument {
  try {
    const value: unknown = parse(text);
    let keys: readonly TomlKey[] | undefined;
    const locate: SourceDocument['locate'] = (path, at) => {
      keys ??= tomlKeys(text);
      return find(keys, path, at);
    };
    return { value, syntaxProblems: [], locate };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const place = { line: error.line, column: error.column };
    const message = (error.message.split('\n')[0] ?? '').replace(/^Invalid TOML document: /, '');
    return {
      value: undefined,
      syntaxProblems: [{ ...place, message }],
      locate: () => place,
    };
  }
}

function find(
  keys: readonly TomlKey[],
  path: readonly (string | number)[],
  at: 'key' | 'value',
): Position {
  const names = path.map(String);
  for (let length = names.length; length > 0; length -= 1) {
    const wanted = names.slice(0, length);
    const key =
      keys.find(({ path: found }) => samePath(found, wanted)) ??
      keys.find(({ path: found }) => samePath(found.slice(0, length), wanted));
    if (key === undefined) continue;
    const isWhole = length === names.length && at === 'value';
    return { line: key.line, column: isWhole ? key.valueColumn : key.column };
  }
  return { line: 1, column: 1 };
}

function samePath(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((name, index) => name === right[index]);
}
