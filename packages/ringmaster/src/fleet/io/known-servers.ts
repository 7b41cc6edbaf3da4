import { existsSync } from 'node:fs';
import { clientNames, clients } from '../clients/index.ts';
import { clientFiles, type Machine } from '../clients/places.ts';
import { parseConfig } from './parse-config.ts';
import { readFleet } from './read-fleet.ts';
import { readConfigText } from './read-text.ts';

/** A server that some configuration on this machine starts with a command. */
export interface KnownCommand {
  readonly server: string;
  readonly file: string;
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * The commands of every MCP client's configuration that is found on this machine, and of a fleet file when there is
 * one. Files that cannot be read are passed over: whoever wants to know runs import or validate.
 */
export async function readKnownCommands(
  machine: Machine,
  fleetFile: string | undefined,
): Promise<KnownCommand[]> {
  const found: KnownCommand[] = [];
  for (const name of clientNames) {
    for (const { path } of clientFiles(name, machine)) {
      if (existsSync(path)) found.push(...(await readClient(path, name, machine)));
    }
  }
  return fleetFile === undefined ? found : [...found, ...(await readFleetCommands(fleetFile))];
}

async function readClient(
  file: string,
  name: (typeof clientNames)[number],
  { homeDir, workspaceDir }: Machine,
): Promise<KnownCommand[]> {
  try {
    const client = clients[name];
    const { value } = await parseConfig(await readConfigText(file), client.format);
    const { servers } = client.read(value, { homeDir, workspaceDir });
    return servers.flatMap(({ originalName: server, entry: { command, args } }) =>
      command === undefined ? [] : [{ server, file, command, args: (args ?? []).map(String) }],
    );
  } catch {
    // Half written or damaged: it names nothing that we could know.
    return [];
  }
}

async function readFleetCommands(file: string): Promise<KnownCommand[]> {
  try {
    const { fleet } = await readFleet(file, { revision: 0 });
    return fleet.servers.flatMap(({ name: server, command, args }) =>
      command === undefined ? [] : [{ server, file, command, args }],
    );
  } catch {
    // `ringmaster doctor` says of a fleet file what is wrong with it; here it only names commands.
    return [];
  }
}
