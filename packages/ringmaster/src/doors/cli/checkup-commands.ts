import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { Fleet, ServerSpec } from '../../fleet/fleet.ts';
import type { Finding } from './checkup.ts';
import type { Terminal } from './terminal.ts';

/** Whether the program and the working directory of every enabled server are there. */
export function checkCommands(fleet: Fleet | undefined, { say, env }: Terminal): Finding {
  const servers = (fleet?.servers ?? []).filter(
    ({ enabled, command }) => enabled && command !== undefined,
  );
  const missing = servers.flatMap((spec) => {
    const what = missingOf(spec, fleet?.baseDir ?? '', env['PATH'] ?? '');
    return what === undefined ? [] : [say('doctor.commands.missing', { server: spec.name, what })];
  });
  if (missing.length === 0) {
    const found = say('doctor.commands.found', { count: servers.length });
    return { check: 'commands', verdict: 'pass', found };
  }
  const hint = say('doctor.commands.hint');
  return { check: 'commands', verdict: 'fail', found: missing.join('\n'), hint };
}

/** By what limits are kept here; only a fleet that asks for what cannot be kept is worth a look. */
export function checkLimits(fleet: Fleet | undefined, { say, env }: Terminal): Finding {
  const path = `${env['PATH'] ?? ''}${delimiter}/usr/bin`;
  const folders = path.split(delimiter).filter((one) => one !== '');
  if (folders.some((folder) => isProgram(join(folder, 'prlimit'))))
    return { check: 'limits', verdict: 'pass', found: say('doctor.limits.found') };
  const isAsked = fleet?.servers.some(({ resources }) => resources.openFiles !== undefined);
  const found = say('doctor.limits.missing');
  return isAsked === true
    ? { check: 'limits', verdict: 'warn', found, hint: say('doctor.limits.hint') }
    : { check: 'limits', verdict: 'pass', found };
}

/** The folder or program that is not there; texts with variables are known only when they start. */
function missingOf(spec: ServerSpec, baseDir: string, path: string): string | undefined {
  const { command = '', cwd = '.' } = spec;
  if (cwd.includes('$')) return undefined;
  const folder = resolve(baseDir, cwd);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return folder;
  if (command.includes('$')) return undefined;
  if (command.includes('/')) {
    const file = resolve(folder, command);
    return isProgram(file) ? undefined : file;
  }
  // A server may have a PATH of its own, which its variables file can fill.
  const own = spec.env['PATH'];
  if (own?.includes('$') === true) return undefined;
  const folders = (own ?? path).split(delimiter).filter((one) => one !== '');
  return folders.some((one) => isProgram(join(one, command))) ? undefined : command;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
