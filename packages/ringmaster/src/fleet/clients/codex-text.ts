import { tomlKeys } from '../toml-lines.ts';

/**
 * The text of a TOML file with the table `mcp_servers.NAME` and its sub-tables replaced by `table`, or with `table` at
 * the end when there was none; every other line stays. Undefined when the server is written inside another table,
 * where lines cannot be told apart. The text must be valid TOML.
 */
export function replaceServerTable(text: string, name: string, table: string): string | undefined {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const own = table.trim().replaceAll('\n', eol);
  const keys = tomlKeys(text);
  const isOurs = (path: readonly string[]) => path[0] === 'mcp_servers' && path[1] === name;
  const headers = keys.filter((key) => key.isTable);
  const ours = headers.filter((key) => isOurs(key.path));
  const isInside = keys.some((key) => {
    const table = headers.filter((header) => header.line < key.line).pop();
    return !key.isTable && isOurs(key.path) && !(table !== undefined && isOurs(table.path));
  });
  const hasInlineParent = keys.some(
    (key) => !key.isTable && key.path.length === 1 && key.path[0] === 'mcp_servers',
  );
  if (isInside || hasInlineParent) return undefined;
  if (ours.length === 0) {
    const gap = text === '' ? '' : text.endsWith('\n') ? eol : eol + eol;
    return `${text}${gap}${own}${eol}`;
  }
  const headerAt = (line: number) => headers.find((key) => key.line === line);
  const lines = text.split(/\r?\n/);
  const kept: string[] = [];
  let isSkipping = false;
  let isWritten = false;
  lines.forEach((line, index) => {
    const header = headerAt(index + 1);
    if (header !== undefined) {
      isSkipping = isOurs(header.path);
      if (isSkipping && !isWritten) {
        kept.push(...own.split(eol));
        isWritten = true;
      }
    }
    if (!isSkipping || belongsToOther(lines, index, headerAt, isOurs)) {
      kept.push(line);
    }
  });
  return kept.join(eol);
}

/** Blank lines and comments between our table and a foreign header, or the end, introduce what follows. */
function belongsToOther(
  lines: readonly string[],
  index: number,
  headerAt: (line: number) => { readonly path: readonly string[] } | undefined,
  isOurs: (path: readonly string[]) => boolean,
): boolean {
  for (let at = index; at < lines.length; at += 1) {
    const header = headerAt(at + 1);
    if (header !== undefined) return at > index && !isOurs(header.path);
    const line = (lines[at] ?? '').trim();
    if (line !== '' && !line.startsWith('#')) return false;
  }
  return true;
}
