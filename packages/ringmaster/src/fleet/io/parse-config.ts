import { extname } from 'node:path';
import type { SourceDocument } from './source-document.ts';

/** The formats a configuration may have. */
export type ConfigFormat = 'yaml' | 'json' | 'toml';

/** The format of a file by its name; for other names JSON when it begins like it, else YAML. */
export function formatOf(path: string, text: string): ConfigFormat {
  switch (extname(path).toLowerCase()) {
    case '.yaml':
    case '.yml':
      return 'yaml';
    case '.toml':
      return 'toml';
    case '.json':
    case '.jsonc':
    case '.json5':
      return 'json';
    default:
      return text.trimStart().startsWith('{') ? 'json' : 'yaml';
  }
}

/** Parses a configuration; only the library of its format is loaded. A byte order mark is passed over. */
export async function parseConfig(text: string, format: ConfigFormat): Promise<SourceDocument> {
  const plain = text.startsWith('\uFEFF') ? text.slice(1) : text;
  try {
    switch (format) {
      case 'yaml':
        return (await import('./parse-yaml.ts')).parseYaml(plain);
      case 'json':
        return (await import('./parse-json.ts')).parseJson(plain);
      case 'toml':
        return (await import('./parse-toml.ts')).parseToml(plain);
    }
  } catch (error) {
    // The parsers recurse: only nesting that no person writes exhausts the stack.
    if (!(error instanceof RangeError)) throw error;
    const start = { line: 1, column: 1 };
    const message = 'found values nested too deeply';
    return { value: undefined, syntaxProblems: [{ ...start, message }], locate: () => start };
  }
}
