/** One `NAME=value` file as read; `problems` names lines that are neither assignment nor comment. */
export interface EnvFile {
  readonly values: Readonly<Record<string, string>>;
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

/**
 * Reads `NAME=value` lines: blank lines and `#` comments are skipped, `export ` is allowed, single quotes keep
 * everything, double quotes know \n \t \" \\, and an unquoted value ends before ` #`. Nothing is expanded.
 */
export function parseEnvFile(text: string): EnvFile {
  const values = new Map<string, string>();
  const problems: { line: number; message: string }[] = [];
  text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .forEach((raw, index) => {
      const line = raw.trim();
      if (line === '' || line.startsWith('#')) return;
      const match = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/.exec(line);
      const name = match?.[1];
      if (name === undefined) {
        problems.push({ line: index + 1, message: 'not understood, needed NAME=value' });
        return;
      }
      values.set(name, unquote(match?.[2] ?? ''));
    });
  return { values: Object.fromEntries(values), problems };
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

function unquote(value: string): string {
  const single = /^'([^']*)'/.exec(value);
  if (single !== null) return single[1] ?? '';
  const double = /^"((?:[^"\\]|\\.)*)"/.exec(value);
  if (double !== null) {
    return (double[1] ?? '').replaceAll(
      /\\(.)/g,
      (_, letter: string) => escapes.get(letter) ?? letter,
    );
  }
  return value.replace(/\s+#.*$/, '');
}

/** One line that `parseEnvFile` reads back as exactly this value. */
export function envFileLine(name: string, value: string): string {
  if (/^[A-Za-z0-9_./:@%+,=-]*$/.test(value)) return `${name}=${value}`;
  const escaped = value
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r');
  return `${name}="${escaped}"`;
}
