import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { asProblem, Problem } from '../../errors.ts';
import { detectManager, isPm2, isPm2Program, managers } from '../managers/index.ts';
import type { ManagerImport, ManagerName, ManagerPlace } from '../managers/manager.ts';
import { formatOf, parseConfig } from './parse-config.ts';
import { readConfigText } from './read-text.ts';

/** What was read of a process manager's configuration. */
export interface ReadManager extends ManagerImport {
  readonly manager: ManagerName;
}

/**
 * Reads a configuration of a process manager (circus, supervisord, pm2, Procfile), told by its content and name;
 * undefined when the file is none. Rejects with `client_config_invalid` when it cannot be read.
 */
export async function readManagerConfig(
  path: string,
  place: Pick<ManagerPlace, 'fleetDir' | 'homeDir'>,
): Promise<ReadManager | undefined> {
  if (isPm2Program(path)) {
    throw new Problem(
      'client_config_invalid',
      `${path} is a program, and programs are not run here: needed its apps as JSON or YAML`,
    );
  }
  const text = await readConfigText(path).catch((error: unknown) => {
    const problem = asProblem(error);
    throw new Problem('client_config_invalid', problem.message, { cause: problem.cause });
  });
  const sourceDir = dirname(path);
  const whole = { ...place, sourceDir, hasEnvFile: existsSync(join(sourceDir, '.env')) };
  const manager = detectManager(text, path);
  if (manager !== undefined) return { manager: manager.name, ...manager.read(text, whole) };
  const { value, syntaxProblems } = await parseConfig(text, formatOf(path, text));
  // A file with faults is told about by the reader of client configurations.
  if (syntaxProblems.length > 0 || !isPm2(value)) return undefined;
  return { manager: 'pm2', ...managers.pm2.read(value, whole) };
}
