import type { ServerSpec } from './fleet.ts';
import type { ServerEntry } from './schema.ts';
import { segmentsOf } from './variables.ts';

/** A text in which every variable has been looked up; `missing` names those that were not found. */
export interface Expanded {
  readonly text: string;
  /** Names of unset variables without a default, and each `${…` that cannot be read, as written. */
  readonly missing: readonly string[];
}

/** Looks a variable up; undefined when it is not set. */
export type Lookup = (variable: string) => string | undefined;

/** Defaults may contain variables; deeper than this nobody writes, and recursion stays bounded. */
const nestingMax = 8;

/**
 * Replaces `${VAR}` by its value, `${VAR:-default}` by the default when VAR is unset or empty, and `$$` by `$`.
 * Anything else stays: `$HOME` is text.
 */
export function expandText(text: string, lookup: Lookup, depth = 0): Expanded {
  const missing: string[] = [];
  const parts = segmentsOf(text).map((segment): string => {
    if (segment.kind === 'text') return segment.text;
    if (segment.kind === 'unreadable' || depth > nestingMax) {
      missing.push(segment.source);
      return '';
    }
    const value = lookup(segment.name);
    if (segment.fallback === undefined) {
      if (value === undefined) missing.push(segment.name);
      return value ?? '';
    }
    if (value !== undefined && value !== '') return value;
    const fallback = expandText(segment.fallback, lookup, depth + 1);
    missing.push(...fallback.missing);
    return fallback.text;
  });
  return { text: parts.join(''), missing };
}

/** `auth` of a server with every variable looked up. Secrets: never stored, never shown. */
export type LaunchAuth = Readonly<ServerEntry['auth']>;

/** What is launched: a server's own fields with every variable looked up. Secrets: never stored, never shown. */
export interface Launch {
  readonly command: string | undefined;
  readonly args: readonly string[];
  readonly cwd: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly url: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly auth: LaunchAuth;
  readonly health: { readonly http: string | undefined; readonly exec: readonly string[] };
}

/** What a server's variables are looked up in, first its own port, then `variables`. */
export interface ExpandNeeds {
  /** The port it was given; `${PORT}` stands for it. */
  readonly port: number | undefined;
  /** Environment of the daemon over the fleet's variables file. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Values of the server's `envFile`: part of its environment, and visible to its `${VAR}`. */
  readonly fileEnvironment?: Readonly<Record<string, string>>;
}

/**
 * Expands command, args, cwd, env, url, headers, auth and health of one server. `problems` has one sentence for each
 * variable that is not set, naming server, field and variable; the launch is then not to be used.
 */
export function expandServer(
  spec: ServerSpec,
  needs: ExpandNeeds,
): { readonly launch: Launch; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const file = needs.fileEnvironment ?? {};
  const lookup = (name: string) => {
    if (name === 'PORT' && needs.port !== undefined) return String(needs.port);
    if (Object.hasOwn(file, name)) return file[name];
    return Object.hasOwn(needs.variables, name) ? needs.variables[name] : undefined;
  };
  const one = (field: string, text: string): string => {
    const { text: value, missing } = expandText(text, lookup);
    for (const name of missing) problems.push(missingSentence(spec.name, field, name));
    return value;
  };
  const maybe = (field: string, text: string | undefined) =>
    text === undefined ? undefined : one(field, text);
  const many = (field: string, values: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(values).map(([name, text]) => [name, one(`${field}.${name}`, text)]),
    );
  const launch: Launch = {
    command: maybe('command', spec.command),
    args: spec.args.map((text, index) => one(`args[${index}]`, text)),
    cwd: maybe('cwd', spec.cwd),
    env: { ...file, ...many('env', spec.env) },
    url: maybe('url', spec.url),
    headers: many('headers', spec.headers),
    auth: expandAuth(spec.auth, one),
    health: {
      http: maybe('health.http', spec.health.http),
      exec: (spec.health.exec ?? []).map((text, index) => one(`health.exec[${index}]`, text)),
    },
  };
  return { launch, problems };
}

function expandAuth(auth: LaunchAuth, one: (field: string, text: string) => string): LaunchAuth {
  const expanded = { ...auth };
  for (const field of ['clientId', 'clientSecret', 'privateKeyFile', 'issuer'] as const) {
    const text = auth[field];
    if (text !== undefined) expanded[field] = one(`auth.${field}`, text);
  }
  return expanded;
}

function missingSentence(server: string, field: string, name: string): string {
  if (name.startsWith('${')) {
    return `Server "${server}": ${field} has ${name.slice(0, 40)}, needed \${NAME} or \${NAME:-default} (write $$ for a plain $)`;
  }
  return `Server "${server}": ${field} needs the variable ${name}, which is not set and has no default`;
}
