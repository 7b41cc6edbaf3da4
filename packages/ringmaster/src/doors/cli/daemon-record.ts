import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a daemon leaves in its data folder so that others find it. */
interface DaemonRecord {
  readonly pid: number;
  readonly port: number;
  readonly host: string;
  readonly version: string;
  readonly file: string;
}

/** What a data folder says of its daemon. */
export type DaemonSeen =
  | { readonly kind: 'running'; readonly record: DaemonRecord }
  | { readonly kind: 'dead'; readonly record: DaemonRecord }
  | { readonly kind: 'absent' };

/** Looks at `<dataDir>/run/daemon.json` and whether that process lives. */
export function seeDaemon(dataDir: string): DaemonSeen {
  const record = readRecord(join(dataDir, 'run', 'daemon.json'));
  if (record === undefined) return { kind: 'absent' };
  return { kind: isAlive(record.pid) ? 'running' : 'dead', record };
}

function readRecord(path: string): DaemonRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // None, or one that is being written: either way there is no daemon to talk to yet.
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { pid, port, host, version, file } = value as Readonly<Record<string, unknown>>;
  if (!Number.isSafeInteger(pid) || !Number.isSafeInteger(port)) return undefined;
  return {
    pid: Number(pid),
    port: Number(port),
    host: typeof host === 'string' ? host : '127.0.0.1',
    version: typeof version === 'string' ? version : '?',
    file: typeof file === 'string' ? file : '',
  };
}

/** Whether a process runs; one that ended and was not collected by its parent does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, but belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return !isZombie(pid);
}

function isZombie(pid: number): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return status.slice(status.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    // No /proc on this system: the signal above is all there is to know.
    return false;
  }
}
