import { sameValue } from '../diff.ts';
import type { Fleet, ServerSpec } from '../fleet.ts';
import { variablesOf } from '../variables.ts';
import { type Client, type Fields, fieldsOf, type GatewayAddress } from './client.ts';
import { isGatewayEntry } from './index.ts';

/** What is to be written into one configuration. */
export interface EntriesOf {
  /** New and changed entries by name. */
  readonly changed: ReadonlyMap<string, Fields>;
  readonly skipped: readonly { readonly server: string; readonly why: string }[];
  readonly notes: readonly string[];
  /** Questions the configuration has, and those it needs besides (VS Code). */
  readonly oldInputs: readonly Fields[];
  readonly newInputs: readonly Fields[];
}

/** Name of our own entry; short, because clients put it in front of every tool. */
const gatewayName = 'ringmaster';

/** Decides what goes into a client's configuration: only our own entries, and nothing that is there already. */
export function entriesToExport(request: {
  readonly client: Client;
  readonly config: Fields;
  readonly what: 'gateway' | 'servers';
  readonly existing: 'keep' | 'replace';
  readonly fleet: Fleet;
  readonly gateway: GatewayAddress;
}): EntriesOf {
  const { client, config, existing } = request;
  const present = fieldsOf(config[client.serversKey]);
  const wanted = new Map<string, Fields>();
  const notes: string[] = [];
  const skipped: { server: string; why: string }[] = [];
  const inputs: Fields[] = [];
  if (request.what === 'gateway') wanted.set(gatewayName, client.gatewayEntry(request.gateway));
  else {
    for (const server of request.fleet.servers) {
      const why = whyNot(server);
      const exported = why === undefined ? client.exportServer(withPort(server)) : undefined;
      notes.push(...(exported?.notes ?? []));
      if (exported?.entry === undefined) {
        skipped.push({ server: server.name, why: why ?? `${client.title} cannot express it` });
        continue;
      }
      wanted.set(server.name, exported.entry);
      inputs.push(...exported.inputs);
    }
  }
  const changed = new Map<string, Fields>();
  for (const [name, entry] of wanted) {
    const old = Object.hasOwn(present, name) ? present[name] : undefined;
    if (sameValue(old, entry)) skipped.push({ server: name, why: 'already there' });
    else if (old === undefined || existing === 'replace' || isOurs(name, old))
      changed.set(name, entry);
    else skipped.push({ server: name, why: 'an entry of this name has other settings; it stays' });
  }
  const oldInputs = Array.isArray(config['inputs']) ? config['inputs'].map(fieldsOf) : [];
  const known = new Set(oldInputs.map((input) => input['id']));
  const newInputs = inputs.filter((input) => {
    const isNew = !known.has(input['id']);
    known.add(input['id']);
    return isNew && changed.size > 0;
  });
  return { changed, skipped, notes, oldInputs, newInputs };
}

function isOurs(name: string, entry: unknown): boolean {
  return name === gatewayName && isGatewayEntry(name, entry);
}

function whyNot(server: ServerSpec): string | undefined {
  if (!server.enabled) return 'it is disabled';
  if (server.kind === 'service') return 'it is a plain service, no MCP server';
  const needsPort = variablesOf(server.url ?? '').includes('PORT');
  if (needsPort && typeof server.port !== 'number') return 'its port is chosen at each start';
  return undefined;
}

/** The address of a server we start, with the port it is given. */
function withPort(server: ServerSpec): ServerSpec {
  if (server.url === undefined || typeof server.port !== 'number') return server;
  return { ...server, url: server.url.replaceAll('${PORT}', String(server.port)) };
}
