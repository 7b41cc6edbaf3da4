import type { InstanceRecord } from '../record.ts';
import { sendSignal } from './end-processes.ts';
import { findMarked, isSameProcess, readProcessTable } from './process-table.ts';
import { readOwner, readRunRecord, writeRunRecord } from './state-file.ts';

/** A server that was ended, by its leading process. */
export interface Ended {
  readonly server: string;
  readonly pid: number;
}

interface Target {
  readonly pid: number;
  readonly startTime: string;
  readonly server: string;
}

/** Longest wait between SIGTERM and SIGKILL for servers nobody supervises. */
const graceMaxMs = 15_000;
const pollMs = 25;
/** Longest wait for a killed process to go; one in an uninterruptible system call may stay. */
const killWaitMs = 2_000;

/**
 * Ends what a dead daemon left running: every recorded group whose leader is still the same process, and everything
 * that carries the mark of this data directory. Each pid is checked by start time right before it is signalled.
 * The caller makes sure that no daemon lives.
 */
export async function endOrphans(
  dataDir: string,
  options: {
    /** Marks of processes to leave alone: those a new daemon takes over. */
    readonly spareMarks?: ReadonlySet<string>;
    readonly isOver?: () => boolean;
    /** Shortens the wait between SIGTERM and SIGKILL; default 15 s. */
    readonly graceMaxMs?: number;
  } = {},
): Promise<{ ended: Ended[] }> {
  const record = readRunRecord(dataDir);
  const owner = readOwner(dataDir);
  const spared = options.spareMarks ?? new Set<string>();
  const records = (record?.instances ?? []).filter(({ mark }) => !spared.has(mark));
  const find = () => findTargets(records, owner, spared);
  const first = find();
  const graceMs = Math.min(
    options.graceMaxMs ?? graceMaxMs,
    Math.max(0, ...records.map((instance) => instance.graceMs)),
  );
  await end(find, graceMs, options.isOver ?? (() => false));
  if (record !== undefined && options.spareMarks === undefined)
    writeRunRecord(dataDir, { ...record, instances: [] });
  return { ended: leadersOf(first) };
}

async function end(find: () => Target[], graceMs: number, isOver: () => boolean): Promise<void> {
  signal(find(), 'SIGTERM');
  const killAtMs = Date.now() + graceMs;
  const giveUpAtMs = killAtMs + killWaitMs;
  for (let isKilled = false; !isOver() && Date.now() < giveUpAtMs; ) {
    const left = find();
    if (left.length === 0) return;
    if (Date.now() >= killAtMs) {
      signal(left, 'SIGKILL');
      isKilled = true;
    }
    await new Promise((resolve) => setTimeout(resolve, isKilled ? pollMs : pollMs * 2));
  }
}

function signal(targets: readonly Target[], name: NodeJS.Signals): void {
  for (const { pid, startTime } of targets)
    if (isSameProcess(pid, startTime)) sendSignal(pid, name);
}

function findTargets(
  records: readonly InstanceRecord[],
  owner: string | undefined,
  spared: ReadonlySet<string>,
): Target[] {
  const found = new Map<number, Target>();
  const leaders = new Map(
    records
      .filter(({ pid, startTime }) => isSameProcess(pid, startTime))
      .map((record) => [record.pid, record.server]),
  );
  for (const row of readProcessTable()) {
    const server = leaders.get(row.groupId);
    if (server === undefined || row.state === 'Z') continue;
    found.set(row.pid, { pid: row.pid, startTime: row.startTime, server });
  }
  for (const { pid, startTime, mark } of owner === undefined ? [] : findMarked(`${owner}/`))
    if (!spared.has(mark)) found.set(pid, { pid, startTime, server: mark.split('/')[1] ?? '?' });
  return [...found.values()];
}

/** One row a server: its lowest pid, which is the leader unless that died before. */
function leadersOf(targets: readonly Target[]): Ended[] {
  const byServer = new Map<string, number>();
  for (const { server, pid } of targets)
    byServer.set(server, Math.min(pid, byServer.get(server) ?? pid));
  return [...byServer].map(([server, pid]) => ({ server, pid }));
}
