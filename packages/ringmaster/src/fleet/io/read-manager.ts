import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
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
  const text = await readOne(path);
  const sourceDir = dirname(path);
  const whole = { ...place, sourceDir, hasEnvFile: existsSync(join(sourceDir, '.env')) };
  const manager = detectManager(text, path);
  if (manager !== undefined) {
    const more = await readIncluded(manager.includes?.(text, whole) ?? [], sourceDir);
    const { servers, notes } = manager.read([text, ...more.texts].join('\n'), whole);
    return { manager: manager.name, servers, notes: [...more.notes, ...notes] };
  }
  const { value, syntaxProblems } = await parseConfig(text, formatOf(path, text));
  // A file with faults is told about by the reader of client configurations.
  if (syntaxProblems.length > 0 || !isPm2(value)) return undefined;
  return { manager: 'pm2', ...managers.pm2.read(value, whole) };
}

function readOne(path: string): Promise<string> {
  return readConfigText(path).catch((error: unknown) => {
    const problem = asProblem(error);
    throw new Problem('client_config_invalid', problem.message, { cause: problem.cause });
  });
}

/** Most files that one configuration may include. */
const includedMax = 200;

/** The files that patterns name, in order; what cannot be read is noted. `*` stands only in the last part. */
async function readIncluded(
  patterns: readonly string[],
  sourceDir: string,
): Promise<{ readonly texts: readonly string[]; readonly notes: readonly string[] }> {
  const texts: string[] = [];
  const notes: string[] = [];
  for (const pattern of patterns) {
    const whole = resolve(sourceDir, pattern);
    const paths = namesLike(basename(whole), dirname(whole));
    if (paths.length === 0) notes.push(`${pattern} is included, but there is no such file`);
    for (const path of paths) {
      if (texts.length === includedMax) throw tooMany(sourceDir);
      try {
        texts.push(await readConfigText(path));
      } catch (error) {
        notes.push(asProblem(error).message);
      }
    }
  }
  return { texts, notes };
}

function namesLike(pattern: string, folder: string): string[] {
  const source = pattern.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  const shape = new RegExp(`^${source}$`);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .filter((name) => shape.test(name))
    .toSorted()
    .map((name) => join(folder, name));
}

function tooMany(folder: string): Problem {
  const message = `A configuration in ${folder} includes more than ${includedMax} files`;
  return new Problem('client_config_invalid', message);
}
