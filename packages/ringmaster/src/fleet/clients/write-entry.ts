import type { ServerSpec } from '../fleet.ts';
import { segmentsOf } from '../variables.ts';
import { type ClientExport, type ClientName, type Fields, fieldsOf, section } from './client.ts';

/** How one client writes variables. */
export interface WritingDialect {
  readonly client: ClientName;
  /** One variable in the client's own syntax. */
  readonly variable: (name: string, fallback: string | undefined) => string;
  /** A literal text such that the client takes it as it is. */
  readonly literal: (text: string) => string;
  /** `type` for stdio and HTTP entries; undefined leaves the key out. */
  readonly types: { readonly stdio: string | undefined; readonly http: string | undefined };
  /** Note for a text with variables when the client knows none. */
  readonly variablesNote?: string;
}

/** Writes one server in the common form of the JSON clients, with the keys kept from an earlier import. */
export function writeEntry(server: ServerSpec, dialect: WritingDialect): ClientExport {
  const notes: string[] = [];
  const text = (value: string) =>
    writeText(value, dialect, (what) => notes.push(`${server.name}: ${what}`));
  const texts = (fields: Readonly<Record<string, string>>) =>
    Object.keys(fields).length === 0
      ? undefined
      : section(Object.entries(fields).map(([key, value]) => [key, text(value)] as const));
  const kept = fieldsOf(server.imported?.[dialect.client]);
  const { type: keptType, inputs, mcpRemote: _, ...others } = kept;
  const shared: [string, unknown][] =
    server.url === undefined
      ? [
          ['type', dialect.types.stdio],
          ['command', server.command === undefined ? undefined : text(server.command)],
          ['args', server.args.map(text)],
          ['cwd', server.cwd === undefined ? undefined : text(server.cwd)],
          ['env', texts(server.env)],
          ['envFile', server.envFile],
        ]
      : [
          ['type', keptType ?? dialect.types.http],
          ['url', text(server.url)],
          ['headers', texts(server.headers)],
        ];
  return {
    entry: section([...shared, ...Object.entries(keptText(others, dialect))]),
    inputs: Array.isArray(inputs) ? (inputs as Fields[]) : [],
    notes: [...new Set(notes)],
  };
}

/** Puts a text of ours into the client's syntax. */
export function writeText(
  text: string,
  dialect: WritingDialect,
  note: (what: string) => void,
): string {
  return segmentsOf(text)
    .map((segment) => {
      if (segment.kind === 'text') return dialect.literal(segment.text);
      if (segment.kind === 'unreadable') return segment.source;
      if (dialect.variablesNote !== undefined) note(`${segment.name}: ${dialect.variablesNote}`);
      return dialect.variable(segment.name, segment.fallback);
    })
    .join('');
}

/** Kept keys hold our variables only where a secret was moved out; these go back in the client's own syntax. */
function keptText(fields: Fields, dialect: WritingDialect): Fields {
  const change = (value: unknown): unknown => {
    if (typeof value === 'string') {
      const whole = /^\$\{([A-Z][A-Z0-9_]*)\}$/.exec(value)?.[1];
      return whole === undefined ? value : dialect.variable(whole, undefined);
    }
    if (Array.isArray(value)) return value.map(change);
    if (typeof value !== 'object' || value === null) return value;
    return section(Object.entries(value).map(([key, own]) => [key, change(own)] as const));
  };
  return fieldsOf(change(fields));
}
