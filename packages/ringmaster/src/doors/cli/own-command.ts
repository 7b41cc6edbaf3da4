import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Path of the executable of this very installation. */
export function binPath(): string {
  return fileURLToPath(new URL('../../../bin/ringmaster.js', import.meta.url));
}

/** How a person can call us from a shell: by name when that is found there, else by the whole path. */
export function ownCommand(env: Readonly<Record<string, string | undefined>>): string {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.some((folder) => isExecutable(join(folder, 'ringmaster')))
    ? 'ringmaster'
    : `node ${binPath()}`;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not here; the next folder may have it.
    return false;
  }
}
