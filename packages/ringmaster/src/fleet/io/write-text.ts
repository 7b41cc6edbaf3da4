import { constants, copyFile, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { Problem } from '../../errors.ts';

/** Most backups beside one file; more would fill a folder that nobody looks at. */
const backupsMax = 1_000;

/**
 * Replaces a file in one step: a reader sees the old text or the new one. A file that exists keeps its permissions,
 * its owner (also when root writes it) and, when it is reached through a link, its place; a new one gets `mode`.
 */
export async function writeText(
  path: string,
  text: string,
  { mode, keepsMode = true }: { readonly mode: number; readonly keepsMode?: boolean },
): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const old = await stat(target).catch(() => undefined);
  const finalMode = old !== undefined && keepsMode ? old.mode & 0o7777 : mode;
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    await using file = await open(temporary, 'wx', finalMode);
    await file.writeFile(text);
    // Who is not root can only write what is his own afterwards.
    if (old !== undefined && process.getuid?.() === 0) await file.chown(old.uid, old.gid);
    await file.chmod(finalMode);
    await file.sync();
    await rename(temporary, target);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new Problem('file_unreadable', `Cannot write ${path}`, { cause });
  }
}

/** Copies a file to the first free `FILE.bak-<n>`; a backup that already holds this very text is enough. */
export async function backUp(path: string): Promise<string> {
  const text = await readFile(path);
  for (let count = 1; count <= backupsMax; count += 1) {
    const backup = `${path}.bak-${count}`;
    const old = await readFile(backup).catch(() => undefined);
    if (old?.equals(text) === true) return backup;
    if (old !== undefined) continue;
    await copyFile(path, backup, constants.COPYFILE_EXCL);
    return backup;
  }
  throw new Problem('file_unreadable', `Found ${backupsMax} backups of ${path}, needed fewer`);
}
