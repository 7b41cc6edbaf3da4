import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

interface RunRecord {
  readonly instances: readonly {
    readonly pid: number;
    readonly kind: string;
    readonly pipes: { readonly in?: string };
    /** What was agreed in the handshake. */
    readonly negotiated?: object;
  }[];
}

/**
 * Whether the guardian of a data directory holds the input of every recorded server already, and
 * their handshakes are on record: it is a process that takes its time to start, and a daemon that is
 * killed before that takes its servers along (decisions/0003); a conversation whose beginning is not
 * on the disk yet cannot be gone on with. `pids` must be on record.
 */
export function isGuarded(dataDir: string, pids: readonly number[] = []): boolean {
  const read = <T>(name: string): T =>
    JSON.parse(readFileSync(join(dataDir, 'run', name), 'utf8')) as T;
  try {
    const { instances } = read<RunRecord>('instances.json');
    if (!pids.every((pid) => instances.some((one) => one.pid === pid))) return false;
    // What has no input needs nobody to hold it.
    if (instances.every(({ pipes }) => pipes.in === undefined)) return true;
    const folder = `/proc/${read<{ pid: number }>('guardian.json').pid}/fd`;
    const held = new Set(readdirSync(folder).map((fd) => readlinkSync(`${folder}/${fd}`)));
    return instances.every(
      ({ kind, pipes, negotiated }) =>
        pipes.in === undefined ||
        (held.has(pipes.in) && (kind === 'service' || negotiated !== undefined)),
    );
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
