import type { ServerSpec } from '../fleet.ts';
import type { ServerEntryInput } from '../schema.ts';
import { escapeLiteral, segmentsOf } from '../variables.ts';
import { type Client, type ClientImport, type Fields, fieldsOf, section } from './client.ts';
import { entryOf, mapText, readNamed, textFields, textList } from './read-entry.ts';

/** `~/.codex/config.toml`: `[mcp_servers.NAME]`; names of variables instead of variables in text. */
export const codex: Client = {
  name: 'codex',
  title: 'Codex',
  format: 'toml',
  serversKey: 'mcp_servers',
  read: readCodex,
  gatewayEntry: ({ url }) => ({ url }),
  exportServer: writeCodex,
};

const understood: ReadonlySet<string> = new Set([
  'command',
  'args',
  'env',
  'env_vars',
  'cwd',
  'url',
  'bearer_token_env_var',
  'http_headers',
  'env_http_headers',
  'enabled',
  'startup_timeout_sec',
  'tool_timeout_sec',
]);

function readCodex(config: unknown): ClientImport {
  return readNamed(fieldsOf(fieldsOf(config)['mcp_servers']), (raw, note) => {
    const fields = fieldsOf(raw);
    if (typeof fields['command'] === 'string' || typeof fields['url'] === 'string') {
      return readEntry(fields, note);
    }
    note('left out: it has neither command nor url');
    return undefined;
  });
}

function readEntry(raw: Fields, note: (what: string) => void): ServerEntryInput {
  const kept = new Map(Object.entries(raw).filter(([key]) => !understood.has(key)));
  const startSeconds = raw['startup_timeout_sec'];
  const callSeconds = raw['tool_timeout_sec'];
  const shared: ServerEntryInput = {
    ...(raw['enabled'] === false ? { enabled: false } : {}),
    ...(typeof startSeconds === 'number'
      ? { start: { timeoutMs: milliseconds(startSeconds) } }
      : {}),
    ...(typeof callSeconds === 'number'
      ? { limits: { callTimeoutMs: milliseconds(callSeconds) } }
      : {}),
  };
  if (typeof raw['command'] === 'string') {
    const forwarded = forwardedVariables(raw['env_vars'], note);
    return entryOf('codex', kept, {
      command: escapeLiteral(raw['command']),
      args: textList(raw['args'], note).map(escapeLiteral),
      ...(typeof raw['cwd'] === 'string' ? { cwd: escapeLiteral(raw['cwd']) } : {}),
      env: { ...forwarded, ...mapText(textFields(raw['env'], 'env', note), escapeLiteral) },
      ...shared,
    });
  }
  const bearer = raw['bearer_token_env_var'];
  return entryOf('codex', kept, {
    url: escapeLiteral(String(raw['url'])),
    headers: {
      ...(typeof bearer === 'string' ? { Authorization: `Bearer \${${bearer}}` } : {}),
      ...mapText(textFields(raw['http_headers'], 'http_headers', note), escapeLiteral),
      ...mapText(
        textFields(raw['env_http_headers'], 'env_http_headers', note),
        (name) => `\${${name}}`,
      ),
    },
    ...shared,
  });
}

function milliseconds(seconds: number): number {
  return Math.max(100, Math.min(86_400_000, Math.round(seconds * 1_000)));
}

/** Variables handed on when they are set; an unset one is empty here, where Codex leaves it out. */
function forwardedVariables(value: unknown, note: (what: string) => void): Record<string, string> {
  if (!Array.isArray(value)) return {};
  const names = value.map((item) => (typeof item === 'string' ? item : fieldsOf(item)['name']));
  const good = names.filter(
    (name): name is string => typeof name === 'string' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name),
  );
  if (good.length < names.length) note('some env_vars are left out: they are no variable names');
  return Object.fromEntries(good.map((name) => [name, `\${${name}:-}`]));
}

function writeCodex(server: ServerSpec): ReturnType<Client['exportServer']> {
  const notes: string[] = [];
  const literal = (text: string, field: string): string | undefined => {
    const parts = segmentsOf(text).map((part) => (part.kind === 'text' ? part.text : undefined));
    if (!parts.includes(undefined)) return parts.join('');
    notes.push(`${server.name}: ${field} has a variable, which Codex cannot write; left out`);
    return undefined;
  };
  const kept = Object.entries(fieldsOf(server.imported?.['codex']));
  const shared: [string, unknown][] = [
    ['enabled', server.enabled ? undefined : false],
    ['startup_timeout_sec', secondsUnless(server.start.timeoutMs, 30_000)],
    ['tool_timeout_sec', secondsUnless(server.limits.callTimeoutMs, 300_000)],
    ...kept,
  ];
  if (server.url !== undefined) {
    const url = literal(server.url, 'url');
    if (url === undefined) return { entry: undefined, notes };
    return {
      entry: section([['url', url], ...headerFields(server.headers, literal), ...shared]),
      inputs: [],
      notes,
    };
  }
  const command = literal(server.command ?? '', 'command');
  const args = server.args.map((text, index) => literal(text, `args[${index}]`));
  if (command === undefined || args.includes(undefined)) return { entry: undefined, notes };
  const forwarded = Object.keys(server.env).filter((name) =>
    isVariable(server.env[name] ?? '', name),
  );
  const own = Object.entries(server.env)
    .filter(([name]) => !forwarded.includes(name))
    .map(([name, text]) => [name, literal(text, `env.${name}`)] as const);
  const fields: [string, unknown][] = [
    ['command', command],
    ['args', args],
    ['cwd', server.cwd === undefined ? undefined : literal(server.cwd, 'cwd')],
    ['env_vars', forwarded.length === 0 ? undefined : forwarded],
    ['env', own.length === 0 ? undefined : section(own)],
  ];
  return { entry: section([...fields, ...shared]), inputs: [], notes };
}

function headerFields(
  headers: Readonly<Record<string, string>>,
  literal: (text: string, field: string) => string | undefined,
): [string, unknown][] {
  let bearer: string | undefined;
  const fromVariables: [string, string][] = [];
  const plain: [string, string | undefined][] = [];
  for (const [name, text] of Object.entries(headers)) {
    const [, scheme, variable] = /^(Bearer )?\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(text) ?? [];
    if (variable === undefined) plain.push([name, literal(text, `headers.${name}`)]);
    else if (scheme === undefined) fromVariables.push([name, variable]);
    else if (name.toLowerCase() === 'authorization') bearer = variable;
    else plain.push([name, literal(text, `headers.${name}`)]);
  }
  const some = (pairs: [string, unknown][]) => (pairs.length === 0 ? undefined : section(pairs));
  return [
    ['bearer_token_env_var', bearer],
    ['http_headers', some(plain)],
    ['env_http_headers', some(fromVariables)],
  ];
}

function isVariable(text: string, name: string): boolean {
  return text === `\${${name}}` || text === `\${${name}:-}`;
}

function secondsUnless(valueMs: number, defaultMs: number): number | undefined {
  return valueMs === defaultMs ? undefined : valueMs / 1_000;
}
