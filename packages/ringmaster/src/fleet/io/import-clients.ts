import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { asProblem, Problem } from '../../errors.ts';
import type { Client, ClientName } from '../clients/client.ts';
import { fieldsOf } from '../clients/client.ts';
import {
  clientNames,
  clients,
  detectClient,
  isClientName,
  isGatewayEntry,
} from '../clients/index.ts';
import { freeName } from '../clients/names.ts';
import { clientFiles, type Machine } from '../clients/places.ts';
import { moveSecrets } from '../clients/secrets.ts';
import { sameValue } from '../diff.ts';
import { envFileLine, parseEnvFile } from '../env-file.ts';
import type { ManagerName } from '../managers/manager.ts';
import type { ServerEntryInput } from '../schema.ts';
import { fleetTemplate } from '../template.ts';
import { formatOf, parseConfig } from './parse-config.ts';
import { parseFleet } from './read-fleet.ts';
import { readManagerConfig } from './read-manager.ts';
import { readConfigText } from './read-text.ts';
import { mergeIntoFleet, type NewServer } from './write-fleet.ts';
import { writeText } from './write-text.ts';

/** What to import, and into what. */
export interface ImportRequest {
  /** Names of clients or paths of files; none means every configuration file on this machine. */
  readonly from: readonly string[];
  readonly fleetFile: string;
  /** For a fleet file that does not exist yet. */
  readonly fleetName: string;
  readonly machine: Machine;
  /** `plan` writes nothing. */
  readonly mode: 'plan' | 'write';
}

/** What was imported; names of variables, never their values. */
export interface ImportReport {
  readonly fleetFile: string;
  readonly variablesFile: string;
  readonly files: readonly {
    readonly client: ClientName | ManagerName;
    readonly file: string;
    readonly servers: readonly string[];
    readonly notes: readonly string[];
  }[];
  readonly added: readonly string[];
  readonly skipped: readonly { readonly server: string; readonly why: string }[];
  /** Variables whose values were moved into the variables file. */
  readonly variables: readonly string[];
  readonly isChanged: boolean;
  /** The fleet file as it is, or would be, written. */
  readonly text: string;
}

/**
 * Reads the configurations of MCP clients and process managers and adds their servers to the fleet
 * file. Secrets go to the variables file (mode 0600). Nothing is run and no client's file is changed.
 * Files that were not named and cannot be read are noted.
 */
export async function importClients(request: ImportRequest): Promise<ImportReport> {
  const fleetFile = resolve(request.fleetFile);
  if (!/^\.ya?ml$/i.test(extname(fleetFile))) {
    const message = `Cannot add servers to ${fleetFile}: needed a YAML file (.yaml or .yml)`;
    throw new Problem('not_supported', message);
  }
  const before = existsSync(fleetFile)
    ? await readConfigText(fleetFile)
    : fleetTemplate(request.fleetName);
  const { fleet } = await parseFleet(before, fleetFile, { revision: 0 });
  const variablesFile = resolve(dirname(fleetFile), fleet.variablesFile);
  const store = await openVariables(variablesFile, request.machine.environment);

  const files: ImportReport['files'][number][] = [];
  const servers: NewServer[] = [];
  for (const source of await findSources(request)) {
    const one = await readSource(source, request);
    const names: string[] = [];
    for (const { name, entry } of one.servers) {
      const safe = moveSecrets(name, entry, store.known);
      const added = addServer(servers, { name, entry: safe.entry, source });
      for (const [variable, value] of safe.secrets) store.add(variable, value);
      names.push(added);
    }
    files.push({ client: one.client, file: source.path, servers: names, notes: one.notes });
  }
  const merged = mergeIntoFleet(before, servers);
  await parseFleet(merged.text, fleetFile, { revision: 0 });
  const isChanged = merged.added.length > 0;
  const variables = isChanged ? store.added() : [];
  if (request.mode === 'write' && isChanged) {
    await mkdir(dirname(fleetFile), { recursive: true });
    await store.write();
    await writeText(fleetFile, merged.text, { mode: 0o644 });
  }
  const { added, skipped, text } = merged;
  return { fleetFile, variablesFile, files, added, skipped, variables, isChanged, text };
}

interface Source {
  readonly path: string;
  /** Known when the client was found by its place; otherwise the content tells. */
  readonly client: ClientName | undefined;
  readonly isNamed: boolean;
}

async function findSources({ from, machine }: ImportRequest): Promise<Source[]> {
  const known = (name: ClientName) =>
    clientFiles(name, machine)
      .filter(({ path }) => existsSync(path))
      .map(({ path }) => ({ path, client: name, isNamed: false }));
  if (from.length === 0) return clientNames.flatMap(known);
  return from.flatMap((word): Source[] => {
    if (!isClientName(word)) {
      return [{ path: resolve(machine.workspaceDir, word), client: undefined, isNamed: true }];
    }
    const found = known(word);
    if (found.length > 0) return found;
    const places = clientFiles(word, machine).map(({ path }) => path);
    const message = `Found no configuration of ${clients[word].title}, needed ${places.join(' or ')}`;
    throw new Problem('client_config_invalid', message);
  });
}

interface ReadSource {
  readonly client: ClientName | ManagerName;
  readonly servers: readonly { readonly name: string; readonly entry: ServerEntryInput }[];
  readonly notes: readonly string[];
}

async function readSource(
  source: Source,
  { machine, fleetFile }: ImportRequest,
): Promise<ReadSource> {
  try {
    if (source.client === undefined) {
      const fleetDir = dirname(resolve(fleetFile));
      const place = { fleetDir, homeDir: machine.homeDir };
      const read = await readManagerConfig(source.path, place);
      if (read !== undefined) return { ...read, client: read.manager };
    }
    const { config, client } = await readClientConfig(source.path, source.client);
    const read = client.read(config, {
      homeDir: machine.homeDir,
      workspaceDir: machine.workspaceDir,
    });
    const raw = fieldsOf(fieldsOf(config)[client.serversKey]);
    const own = read.servers.filter(({ originalName }) =>
      isGatewayEntry(originalName, raw[originalName]),
    );
    const servers = read.servers.filter((server) => !own.includes(server));
    const ownNotes = own.map(
      ({ originalName }) => `${originalName}: left out, it is Ringmaster itself`,
    );
    return { client: client.name, servers, notes: [...read.notes, ...ownNotes] };
  } catch (error) {
    if (source.isNamed || source.client === undefined) throw error;
    // One broken file of some client is told about and must not keep the others from being imported.
    return { client: source.client, servers: [], notes: [asProblem(error).message] };
  }
}

async function readClientConfig(
  path: string,
  name: ClientName | undefined,
): Promise<{ readonly config: unknown; readonly client: Client }> {
  const text = await readConfigText(path).catch((error: unknown) => {
    const problem = asProblem(error);
    throw new Problem('client_config_invalid', problem.message, { cause: problem.cause });
  });
  const format = name === undefined ? formatOf(path, text) : clients[name].format;
  const source = await parseConfig(text.trim() === '' && format === 'json' ? '{}' : text, format);
  const fault = source.syntaxProblems[0];
  if (fault !== undefined) {
    const message = `${path}:${fault.line}:${fault.column}: ${fault.message}`;
    throw new Problem('client_config_invalid', message);
  }
  const client = name === undefined ? detectClient(source.value, path) : clients[name];
  if (client === undefined) {
    const message = `${path} is no configuration of a known MCP client (mcpServers, mcp_servers, servers with inputs) or process manager (circus, supervisord, pm2, Procfile)`;
    throw new Problem('client_config_invalid', message);
  }
  return { config: source.value, client };
}

/** Adds a server under a free name; the very same server from two clients is one server. */
function addServer(
  servers: NewServer[],
  one: { readonly name: string; readonly entry: ServerEntryInput; readonly source: Source },
): string {
  const { imported: _, ...entry } = one.entry;
  const twin = servers.find((server) => {
    const { imported: __, ...other } = server.entry;
    return server.name.startsWith(one.name) && sameValue(other, entry);
  });
  if (twin !== undefined) return twin.name;
  const taken = new Set(servers.map(({ name }) => name.toLowerCase()));
  const name = freeName(one.name, taken);
  servers.push({ name, entry: one.entry, comment: `imported from ${one.source.path}` });
  return name;
}

async function openVariables(
  path: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<{
  /** Variables that mean something already: of the environment, of the file, and added ones. */
  readonly known: ReadonlyMap<string, string>;
  add(name: string, value: string): void;
  added(): string[];
  write(): Promise<void>;
}> {
  const text = existsSync(path) ? await readConfigText(path) : '';
  const inFile = new Map(Object.entries(parseEnvFile(text).values));
  const known = new Map<string, string>();
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined) known.set(name, value);
  }
  for (const [name, value] of inFile) known.set(name, value);
  const fresh = new Map<string, string>();
  return {
    known,
    add: (name, value) => {
      known.set(name, value);
      if (!inFile.has(name)) fresh.set(name, value);
    },
    added: () => [...fresh.keys()],
    write: async () => {
      if (fresh.size === 0) return;
      const head =
        text === '' ? '# Secrets of the fleet file: keep this file out of version control\n' : '';
      const gap = text === '' || text.endsWith('\n') ? '' : '\n';
      const lines = [...fresh].map(([name, value]) => `${envFileLine(name, value)}\n`);
      await writeText(path, head + text + gap + lines.join(''), { mode: 0o600, keepsMode: false });
    },
  };
}
