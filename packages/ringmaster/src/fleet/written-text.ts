const textFields: ReadonlySet<string> = new Set(['env', 'args', 'headers', 'http_headers']);

/**
 * Whether numbers at this path of keys (list positions left out) mean the text as written: `VERSION: 1.10` in a
 * server's `env` is no number. True below `env`, `args` and `headers` of a server in every file form we read.
 */
export function keepsWrittenText(path: readonly string[]): boolean {
  const field = path[2];
  return field !== undefined && textFields.has(field);
}
