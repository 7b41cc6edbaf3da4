import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { asProblem, Problem } from '../../errors.ts';
import { detectManager, isPm2, isPm2Program, managers } from '../managers/index.ts';
import type { Manager, ManagerImport, ManagerName, ManagerPlace } from '../managers/manager.ts';
import { fitsPattern } from '../pattern.ts';
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
    const more = await readIncluded(manager, manager.includes?.(text, whole) ?? [], sourceDir);
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

/** The files that patterns name, in order; what cannot be read is noted. */
async function readIncluded(
  manager: Manager,
  patterns: readonly string[],
  sourceDir: string,
): Promise<{ readonly texts: readonly string[]; readonly notes: readonly string[] }> {
  const texts: string[] = [];
  const notes: string[] = [];
  for (const pattern of patterns) {
    const paths = pathsLike(resolve(sourceDir, pattern));
    if (paths.length === 0) notes.push(`${pattern} is included, but there is no such file`);
    for (const path of paths) {
      if (texts.length === includedMax) throw tooMany(sourceDir);
      try {
        const text = await readConfigText(path);
        texts.push(manager.inItsPlace?.(text, dirname(path)) ?? text);
      } catch (error) {
        notes.push(asProblem(error).message);
      }
    }
  }
  return { texts, notes };
}

/** Most folders looked into for one part of a pattern. */
const foldersMax = 1_000;

/** What a pattern names, in order; `*` stands in any part, but for no leading dot. */
function pathsLike(pattern: string): string[] {
  let found = ['/'];
  for (const part of pattern.split('/').filter(Boolean))
    found = found.slice(0, foldersMax).flatMap((folder) => partsLike(part, folder));
  return found;
}

function partsLike(part: string, folder: string): string[] {
  const isPattern = part.includes('*');
  const names = isPattern ? namesIn(folder).filter((name) => !name.startsWith('.')) : [part];
  return names
    .filter((name) => !isPattern || fitsPattern(part, name))
    .toSorted()
    .map((name) => join(folder, name))
    .filter((path) => existsSync(path));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // No folder, or not ours to read: nothing in it is named.
    return [];
  }
}

function tooMany(folder: string): Problem {
  const message = `A configuration in ${folder} includes more than ${includedMax} files`;
  return new Problem('client_config_invalid', message);
}
