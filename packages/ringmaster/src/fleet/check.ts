import { withAlertProfile } from './alert-profiles.ts';
import { type Client, type ClientImport, fieldsOf, type ImportPlace } from './clients/client.ts';
import { isGatewayEntry } from './clients/index.ts';
import { explainIssues, foundText } from './explain.ts';
import type { Fleet } from './fleet.ts';
import { fleetJsonSchema } from './json-schema.ts';
import { dropEmptySections, unsafeKeys } from './normalise.ts';
import type { FleetProblem } from './problem.ts';
import { resolveFleet } from './resolve.ts';
import { fleetFileSchema } from './schema.ts';

/** What a fleet file is checked with. */
export interface CheckInput {
  readonly revision: number;
  readonly baseDir: string;
  /** What the command line sets over the file. */
  readonly overrides?: FleetOverrides | undefined;
}

/** Settings that the command line may set over the file. */
export interface FleetOverrides {
  /** `--port`. */
  readonly port?: number | undefined;
  /** `--profile`: the fleet must define it, or a changed file would stop every server. */
  readonly profile?: string | undefined;
}

/** A fleet, or everything that is wrong with the file, at once. */
export type Checked =
  | { readonly fleet: Fleet; readonly notes: readonly string[]; readonly problems?: undefined }
  | { readonly fleet?: undefined; readonly problems: readonly FleetProblem[] };

/** Checks the content of a fleet file, whatever format it was written in. */
export function checkFleet(value: unknown, input: CheckInput): Checked {
  const unsafe = unsafeKeys(value).map(
    (path): FleetProblem => ({ path, at: 'key', message: 'found this name, needed another name' }),
  );
  const given = withAlertProfile(dropEmptySections(value));
  // A file is read once or a few times: to compile a parser for it takes four times as long as to read it.
  const parsed = fleetFileSchema.safeParse(given, { jitless: true });
  if (!parsed.success || unsafe.length > 0) {
    const issues = parsed.success
      ? []
      : explainIssues(parsed.error.issues, { value: given, schema: fleetJsonSchema() });
    const problems = [...unsafe, ...issues];
    return { problems: [...problems, ...furtherProblems(given, problems, input)] };
  }
  const port = input.overrides?.port;
  const file =
    port === undefined ? parsed.data : { ...parsed.data, listen: { ...parsed.data.listen, port } };
  const resolved = resolveFleet(file, input);
  return resolved.ok ? { fleet: resolved.fleet, notes: [] } : { problems: resolved.problems };
}

/**
 * The rules over several fields that a file breaks besides its faults of form, so that all are told at once: every
 * faulty server is taken for a harmless one of its name, every other faulty part for left out.
 */
function furtherProblems(
  given: unknown,
  faults: readonly FleetProblem[],
  input: CheckInput,
): readonly FleetProblem[] {
  const top = new Map(Object.entries(fieldsOf(given)));
  const servers = new Map(Object.entries(fieldsOf(top.get('servers'))));
  for (const { path } of faults) {
    const [key, name] = path;
    if (key === 'servers' && typeof name === 'string') servers.set(name, { command: 'any' });
    else top.delete(String(key));
  }
  servers.delete('__proto__');
  const parsed = fleetFileSchema.safeParse({
    ...Object.fromEntries(top),
    servers: Object.fromEntries(servers),
  });
  if (!parsed.success) return [];
  const resolved = resolveFleet(parsed.data, input);
  return resolved.ok ? [] : resolved.problems;
}

/** Takes a client's own configuration as the fleet: its servers, and defaults for everything else. */
export function checkClientConfig(
  config: unknown,
  client: Client,
  input: CheckInput & { readonly place: ImportPlace },
): Checked {
  const top = fieldsOf(config);
  const section = top[client.serversKey] ?? top['mcpServers'];
  if (typeof section !== 'object' || section === null || Array.isArray(section)) {
    const found = foundText([client.serversKey], section);
    const message = `found ${found}, needed a section of names and servers`;
    return { problems: [{ path: [client.serversKey], at: 'value', message }] };
  }
  const read: ClientImport = client.read(config, input.place);
  const raw = fieldsOf(fieldsOf(config)[client.serversKey]);
  const servers = read.servers.filter(
    ({ originalName }) => !isGatewayEntry(originalName, raw[originalName]),
  );
  const value = { servers: Object.fromEntries(servers.map(({ name, entry }) => [name, entry])) };
  const checked = checkFleet(value, input);
  const original = new Map(servers.map(({ name, originalName }) => [name, originalName]));
  if (checked.fleet === undefined) {
    const problems = checked.problems.map((problem) => ({
      ...problem,
      path: originalPath(problem.path, client, original),
    }));
    return { problems };
  }
  const kept = servers.flatMap(({ name, entry }) => {
    const keys = Object.keys(entry.imported?.[client.name] ?? {});
    return keys.length === 0 ? [] : [`${name}: not used here: ${keys.join(', ')}`];
  });
  return { fleet: checked.fleet, notes: [...read.notes, ...kept] };
}

function originalPath(
  path: FleetProblem['path'],
  client: Client,
  original: ReadonlyMap<string, string>,
): FleetProblem['path'] {
  const [top, name, ...rest] = path;
  if (top !== 'servers' || typeof name !== 'string') return path;
  return [client.serversKey, original.get(name) ?? name, ...rest];
}
