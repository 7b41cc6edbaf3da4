import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { Problem } from '../../errors.ts';
import { scanFleetName, syntaxOf } from './fleet-name.ts';
import type { Flags } from './invocation.ts';
import type { Terminal } from './terminal.ts';

/** Names under which a fleet file is looked for, in this order. */
export const fleetFileNames = [
  'ringmaster.yaml',
  'ringmaster.yml',
  'ringmaster.toml',
  'ringmaster.json',
] as const;

type Place = Pick<Terminal, 'env' | 'cwd' | 'say'>;

/**
 * The fleet file, absolute: the one named by `--file`, else the first of `fleetFileNames` in the working directory,
 * else in `$XDG_CONFIG_HOME/ringmaster`; undefined when there is none. A named file that is missing is a Problem.
 */
export function findFleetFile(flags: Pick<Flags, 'file'>, place: Place): string | undefined {
  if (flags.file !== undefined) {
    const named = resolve(place.cwd, flags.file);
    if (existsSync(named)) return named;
    throw new Problem('fleet_not_found', place.say('fleet.missing', { file: named }));
  }
  return [place.cwd, userFolder(place, 'XDG_CONFIG_HOME', '.config')]
    .flatMap((folder) => fleetFileNames.map((name) => join(folder, name)))
    .find((path) => existsSync(path));
}

/** The fleet file, or a Problem that says where one was looked for. */
export function requireFleetFile(flags: Pick<Flags, 'file'>, place: Place): string {
  const found = findFleetFile(flags, place);
  if (found !== undefined) return found;
  const user = userFolder(place, 'XDG_CONFIG_HOME', '.config');
  throw new Problem(
    'fleet_not_found',
    place.say('fleet.nowhere', { here: place.cwd, user, names: fleetFileNames.join(', ') }),
  );
}

/** Where daemons keep their state: one folder a fleet, below `$XDG_STATE_HOME/ringmaster`. */
export function stateFolder(place: Pick<Place, 'env'>): string {
  return userFolder(place, 'XDG_STATE_HOME', join('.local', 'state'));
}

/** Data folder of a fleet, absolute: `--data-dir`, else the one named after the fleet. */
export async function findDataDir(
  flags: Pick<Flags, 'dataDir'>,
  file: string,
  place: Place,
): Promise<string> {
  if (flags.dataDir !== undefined) return resolve(place.cwd, flags.dataDir);
  return join(stateFolder(place), await fleetNameOf(file));
}

/** Data folders that a daemon has ever used on this account. */
export function knownDataDirs(place: Pick<Place, 'env'>): readonly string[] {
  const folder = stateFolder(place);
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    // No daemon has run here yet.
    return [];
  }
}

/** Name of a fleet, read in the quickest way that is certain. */
export async function fleetNameOf(file: string): Promise<string> {
  const scanned = scanFleetName(readText(file), syntaxOf(file));
  if (scanned.kind === 'named') return scanned.name;
  if (scanned.kind === 'unnamed') return 'default';
  const { readFleet } = await import('../../fleet/io/read-fleet.ts');
  return (await readFleet(file, { revision: 0 })).fleet.name;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Problem('file_unreadable', file, { cause });
  }
}

function userFolder(place: Pick<Place, 'env'>, variable: string, fallback: string): string {
  const value = place.env[variable];
  // The XDG rules: a relative value is to be ignored.
  const base =
    value?.startsWith('/') === true
      ? value
      : join(place.env['HOME'] === undefined ? homedir() : place.env['HOME'], fallback);
  return join(base, 'ringmaster');
}
