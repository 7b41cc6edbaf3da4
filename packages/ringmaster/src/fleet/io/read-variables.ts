import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Problem } from '../../errors.ts';
import { parseEnvFile } from '../env-file.ts';
import type { Fleet, ServerSpec } from '../fleet.ts';
import { configSizeMaxBytes } from './read-text.ts';

/** What `expandServer` looks variables up in, besides the port. Secrets: never stored, never shown. */
export interface ServerVariables {
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly fileEnvironment: Readonly<Record<string, string>>;
}

/**
 * Reads what a server's `${VAR}` stand for, anew at each start: the environment, below it the fleet's
 * `variablesFile` (which may be missing), and the server's own `envFile` (which may not).
 */
export async function readVariables(
  fleet: Pick<Fleet, 'baseDir' | 'variablesFile'>,
  spec: Pick<ServerSpec, 'name' | 'envFile'>,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ServerVariables> {
  const shared = (await readEnvFile(resolve(fleet.baseDir, fleet.variablesFile))) ?? {};
  if (spec.envFile === undefined)
    return { variables: { ...shared, ...environment }, fileEnvironment: {} };
  const path = resolve(fleet.baseDir, spec.envFile);
  const fileEnvironment = await readEnvFile(path);
  if (fileEnvironment === undefined) {
    const message = `Server "${spec.name}": envFile names ${path}, which does not exist`;
    throw new Problem('file_unreadable', message);
  }
  return { variables: { ...shared, ...environment }, fileEnvironment };
}

/** What `${VAR}` in settings of the whole fleet stands for, read anew. */
export async function readFleetVariables(
  fleet: Pick<Fleet, 'baseDir' | 'variablesFile'>,
  environment: ServerVariables['variables'],
): Promise<ServerVariables['variables']> {
  const nobody = { name: 'fleet', envFile: undefined };
  return (await readVariables(fleet, nobody, environment)).variables;
}

/** The values of a `NAME=value` file; undefined when there is none. */
async function readEnvFile(path: string): Promise<Readonly<Record<string, string>> | undefined> {
  let text: string;
  try {
    const { size } = await stat(path);
    if (size > configSizeMaxBytes) throw new Problem('file_unreadable', `${path} is too large`);
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Problem) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Problem('file_unreadable', `Cannot read ${path}`, { cause: error });
  }
  const { values, problems } = parseEnvFile(text);
  const first = problems[0];
  if (first !== undefined) {
    throw new Problem('fleet_invalid', `${path}:${first.line}:1: ${first.message}`);
  }
  return values;
}
