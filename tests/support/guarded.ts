import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

interface RunRecord {
  readonly instances: readonly { readonly pipes: { readonly in?: string } }[];
}

/**
 * Whether the guardian of a data directory holds the input of every recorded server already: it is a process that takes
 * its time to start, and a daemon that is killed before that takes its servers along (decisions/0003).
 */
export function isGuarded(dataDir: string): boolean {
  const read = <T>(name: string): T =>
    JSON.parse(readFileSync(join(dataDir, 'run', name), 'utf8')) as T;
  try {
    const { instances } = read<RunRecord>('instances.json');
    // What has no input needs nobody to hold it.
    if (instances.every(({ pipes }) => pipes.in === undefined)) return true;
    const folder = `/proc/${read<{ pid: number }>('guardian.json').pid}/fd`;
    const held = new Set(readdirSync(folder).map((fd) => readlinkSync(`${folder}/${fd}`)));
    return instances.every(({ pipes }) => pipes.in === undefined || held.has(pipes.in));
  } catch {
    // It has not written its record yet, or a descriptor was closed while it was looked at.
    return process.platform !== 'linux';
  }
}

/** Pid of the guardian of a data directory; undefined when none runs, or its number belongs to another process now. */
export function guardianOf(dataDir: string): number | undefined {
  try {
    const { pid } = JSON.parse(readFileSync(join(dataDir, 'run', 'guardian.json'), 'utf8'));
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return words.includes(dataDir) ? pid : undefined;
  } catch {
    // No record, or it ended.
    return undefined;
  }
}
