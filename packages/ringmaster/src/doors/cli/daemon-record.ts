import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseProcessStat } from '../../supervisor/processes.ts';

/** What a daemon leaves in its data folder so that others find it. */
interface DaemonRecord {
  readonly pid: number;
  /** Tells it from a later process of the same number, as after a power failure; undefined in a damaged record. */
  readonly startTime: string | undefined;
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
  return { kind: isAlive(record.pid, record.startTime) ? 'running' : 'dead', record };
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
  const { pid, startTime, port, host, version, file } = value as Readonly<Record<string, unknown>>;
  if (!Number.isSafeInteger(pid) || !Number.isSafeInteger(port)) return undefined;
  return {
    pid: Number(pid),
    startTime: typeof startTime === 'string' && startTime !== '' ? startTime : undefined,
    port: Number(port),
    host: typeof host === 'string' ? host : '127.0.0.1',
    version: typeof version === 'string' ? version : '?',
    file: typeof file === 'string' ? file : '',
  };
}

/** Whether a process runs, the one that started then if that is told; one its parent has not collected does not. */
export function isAlive(pid: number, startTime?: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, but belongs to somebody else.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const row = rowOf(pid);
  if (row === undefined) return true;
  return row.state !== 'Z' && (startTime === undefined || row.startTime === startTime);
}

function rowOf(pid: number): ReturnType<typeof parseProcessStat> {
  try {
    return parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    // No /proc on this system: the signal is all there is to know.
    return undefined;
  }
}
