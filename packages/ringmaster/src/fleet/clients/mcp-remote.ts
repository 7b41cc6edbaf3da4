/** What an `mcp-remote` command line says, so that the bridge process can be left out. */
export interface McpRemote {
  readonly url: string;
  readonly headers: ReadonlyMap<string, string>;
  /** The package as written, with its version. */
  readonly packageName: string;
  /** Everything else, kept for export. */
  readonly flags: readonly string[];
}

const runners: ReadonlySet<string> = new Set(['npx', 'bunx', 'pnpx', 'npm', 'pnpm', 'yarn', 'bun']);
/** Flags of the bridge that take a value. */
const valueFlags: ReadonlySet<string> = new Set([
  '--transport',
  '--host',
  '--static-oauth-client-metadata',
  '--static-oauth-client-info',
  '--resource',
  '--auth-timeout',
  '--ignore-tool',
]);

/**
 * Reads `npx -y mcp-remote[@version] URL [port] --header "Name: value" …`; undefined when the command is something
 * else. `${VAR}` in headers is looked up in `env`, as the bridge does.
 */
export function readMcpRemote(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): McpRemote | undefined {
  const program = (command.split(/[\\/]/).pop() ?? '').replace(/\.(cmd|exe)$/i, '');
  const isDirect = program === 'mcp-remote';
  if (!isDirect && !runners.has(program)) return undefined;
  const at = args.findIndex((word) => /^mcp-remote(@[\w.^~-]+)?$/.test(word));
  if (!isDirect && (at < 0 || !args.slice(0, at).every(isRunnerWord))) return undefined;
  const rest = isDirect ? args : args.slice(at + 1);
  const url = rest.find((word) => /^https?:\/\//.test(word));
  if (url === undefined) return undefined;

  const headers = new Map<string, string>();
  const flags: string[] = [];
  for (let index = 0; index < rest.length; index += 1) {
    const word = rest[index] ?? '';
    if (word === url) continue;
    if (word === '--header') {
      index += 1;
      const [, name, value] = /^([^:\s]+)\s*:\s*([\s\S]*)$/.exec(rest[index] ?? '') ?? [];
      if (name !== undefined) headers.set(name, fill(value ?? '', env));
    } else if (valueFlags.has(word)) {
      flags.push(word, rest[index + 1] ?? '');
      index += 1;
    } else flags.push(word);
  }
  return { url, headers, packageName: isDirect ? 'mcp-remote' : (args[at] ?? ''), flags };
}

function isRunnerWord(word: string): boolean {
  return word.startsWith('-') || word === 'exec' || word === 'dlx' || word === 'x';
}

function fill(text: string, env: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (whole, name: string) =>
    Object.hasOwn(env, name) ? (env[name] ?? '') : whole,
  );
}
