import type { ServerEntryInput } from '../schema.ts';
import { type ClientName, type Fields, fieldsOf, type ImportedServer, section } from './client.ts';
import { readMcpRemote } from './mcp-remote.ts';
import { plainNames } from './names.ts';

/** How one client's entries differ from the common form. */
export interface Dialect {
  readonly client: ClientName;
  /** Puts a text with the client's own variables into ours; notes what has no counterpart. */
  readonly convert: (text: string, note: (what: string) => void) => string;
}

/** Keys that most clients share and that we understand. */
const understood: ReadonlySet<string> = new Set([
  'type',
  'transport',
  'command',
  'args',
  'env',
  'cwd',
  'envFile',
  'url',
  'serverUrl',
  'httpUrl',
  'headers',
  'disabled',
  'enabled',
]);

/** Reads the servers of a JSON client, one by one; an entry that is no server is left out with a note. */
export function readEntries(
  entries: unknown,
  dialect: Dialect,
): { readonly servers: ImportedServer[]; readonly notes: string[] } {
  const read = (raw: unknown, note: (what: string) => void) =>
    readEntry(fieldsOf(raw), dialect, note);
  return readNamed(fieldsOf(entries), read);
}

/**
 * Reads entries one by one and gives each a plain name of its own. A name that is plain already stays, whatever comes
 * before it; an address that cannot be connected to is left out with a note.
 */
export function readNamed(
  entries: Fields,
  read: (raw: unknown, note: (what: string) => void) => ServerEntryInput | undefined,
): { readonly servers: ImportedServer[]; readonly notes: string[] } {
  const servers: ImportedServer[] = [];
  const notes: string[] = [];
  const names = plainNames(Object.keys(entries));
  for (const [originalName, raw] of Object.entries(entries)) {
    const note = (what: string) => notes.push(`${originalName}: ${what}`);
    const entry = read(raw, note);
    if (entry === undefined) continue;
    if (entry.url !== undefined && !/^(https?:\/\/[^/\s]|\$\{)/i.test(entry.url)) {
      note('left out: its url is no address that begins with http:// or https://');
      continue;
    }
    const name = names.get(originalName) ?? originalName;
    if (name !== originalName)
      note(`is called ${name} here, because names are kept plain and unique`);
    servers.push({ name, originalName, entry });
  }
  return { servers, notes };
}

function readEntry(
  raw: Fields,
  dialect: Dialect,
  note: (what: string) => void,
): ServerEntryInput | undefined {
  const convert = (text: string) => dialect.convert(text, note);
  const url = [raw['url'], raw['serverUrl'], raw['httpUrl']].find(
    (value) => typeof value === 'string',
  );
  const command = typeof raw['command'] === 'string' ? raw['command'] : undefined;
  if (command === undefined && url === undefined) {
    note('left out: it has neither command nor url');
    return undefined;
  }
  const kept = new Map(Object.entries(raw).filter(([key]) => !understood.has(key)));
  const enabled = raw['disabled'] === true || raw['enabled'] === false ? { enabled: false } : {};
  if (command === undefined && url !== undefined) {
    keepType(raw, kept, note);
    const headers = textFields(raw['headers'], 'headers', note);
    return entryOf(dialect.client, kept, {
      url: convert(url),
      headers: mapText(headers, convert),
      ...enabled,
    });
  }
  const args = textList(raw['args'], note);
  const env = textFields(raw['env'], 'env', note);
  const bridge = readMcpRemote(command ?? '', args, env);
  if (bridge !== undefined) {
    note(`mcp-remote is left out: Ringmaster connects to ${originOf(bridge.url)} itself`);
    // Only this client needs the bridge again on export; the others connect to a url themselves.
    if (dialect.client === 'claude-desktop') {
      const { packageName, flags } = bridge;
      kept.set('mcpRemote', { package: packageName, flags });
    }
    return entryOf(dialect.client, kept, {
      url: convert(bridge.url),
      headers: mapText(Object.fromEntries(bridge.headers), convert),
      ...enabled,
    });
  }
  return entryOf(dialect.client, kept, {
    command: convert(command ?? ''),
    args: args.map(convert),
    ...(typeof raw['cwd'] === 'string' ? { cwd: convert(raw['cwd']) } : {}),
    env: mapText(env, convert),
    ...(typeof raw['envFile'] === 'string' ? { envFile: convert(raw['envFile']) } : {}),
    ...enabled,
  });
}

/** `http` and its other spellings are what we assume, `sse` is found by asking the server; anything else is told. */
function keepType(raw: Fields, kept: Map<string, unknown>, note: (what: string) => void): void {
  const type = raw['type'] ?? raw['transport'];
  if (typeof type !== 'string') return;
  const plain = type.toLowerCase().replaceAll(/[^a-z]/g, '');
  if (plain === 'http' || plain === 'streamablehttp') return;
  kept.set('type', type);
  if (plain !== 'sse')
    note(`has the type ${JSON.stringify(type.slice(0, 30))}, which is taken for http`);
}

/** An entry without empty fields; `kept` goes where export finds it. */
export function entryOf(
  client: ClientName,
  kept: ReadonlyMap<string, unknown>,
  fields: ServerEntryInput,
): ServerEntryInput {
  const written = Object.entries(fields).filter(
    ([, value]) =>
      !(typeof value === 'object' && value !== null && Object.keys(value).length === 0),
  );
  const entry = Object.fromEntries(written) as ServerEntryInput;
  return kept.size === 0 ? entry : { ...entry, imported: { [client]: section(kept) } };
}

/** A list of texts; numbers and booleans count as text, anything else is left out with a note. */
export function textList(value: unknown, note: (what: string) => void): string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    note('args is left out: it is no list');
    return [];
  }
  return value.filter(isScalar).map(String);
}

/** A section of texts; numbers and booleans count as text, anything else is left out with a note. */
export function textFields(
  value: unknown,
  field: string,
  note: (what: string) => void,
): Readonly<Record<string, string>> {
  const texts: [string, string][] = [];
  for (const [key, own] of Object.entries(fieldsOf(value))) {
    if (isScalar(own)) texts.push([key, String(own)]);
    else note(`${field}.${key} is left out: it is no text`);
  }
  return Object.fromEntries(texts);
}

/** Changes every value of a section of texts. */
export function mapText(
  fields: Readonly<Record<string, string>>,
  change: (text: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([key, text]) => [key, change(text)]));
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** Only scheme and host: some services take a key as a step of the path. */
function originOf(url: string): string {
  return /^(https?:\/\/)(?:[^/?#]*@)?([^/?#]*)/.exec(url)?.slice(1).join('') ?? 'it';
}
