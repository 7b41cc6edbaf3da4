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
  /** From SIGTERM to SIGKILL. */
  readonly graceMs: number;
}

/** Longest wait between SIGTERM and SIGKILL for servers nobody supervises. */
const graceMaxMs = 15_000;
const pollMs = 25;
/** Grace of a process whose server is not on record. */
const strayGraceMs = 2_000;
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
  const limitMs = options.graceMaxMs ?? graceMaxMs;
  await end({ find, limitMs, isOver: options.isOver ?? (() => false) });
  if (record !== undefined && options.spareMarks === undefined)
    writeRunRecord(dataDir, { ...record, instances: [] });
  return { ended: leadersOf(first) };
}

async function end(how: {
  readonly find: () => Target[];
  readonly limitMs: number;
  readonly isOver: () => boolean;
}): Promise<void> {
  const startMs = performance.now();
  signal(how.find(), 'SIGTERM');
  for (
    let elapsedMs = 0;
    elapsedMs < how.limitMs + killWaitMs;
    elapsedMs = performance.now() - startMs
  ) {
    const left = how.find();
    if (left.length === 0 || how.isOver()) return;
    const overdue = left.filter(({ graceMs }) => elapsedMs >= Math.min(graceMs, how.limitMs));
    signal(overdue, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, pollMs));
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
      .map((record) => [record.pid, record]),
  );
  for (const { pid, startTime, groupId, state } of readProcessTable()) {
    const record = leaders.get(groupId);
    if (record === undefined || state === 'Z') continue;
    found.set(pid, { pid, startTime, server: record.server, graceMs: record.graceMs });
  }
  const graces = new Map(records.map(({ mark, graceMs }) => [mark, graceMs]));
  for (const { pid, startTime, mark } of owner === undefined ? [] : findMarked(`${owner}/`)) {
    if (spared.has(mark)) continue;
    const server = mark.split('/')[1] ?? '?';
    found.set(pid, { pid, startTime, server, graceMs: graces.get(mark) ?? strayGraceMs });
  }
  return [...found.values()];
}

/** One row a server: its lowest pid, which is the leader unless that died before. */
function leadersOf(targets: readonly Target[]): Ended[] {
  const byServer = new Map<string, number>();
  for (const { server, pid } of targets)
    byServer.set(server, Math.min(pid, byServer.get(server) ?? pid));
  return [...byServer].map(([server, pid]) => ({ server, pid }));
}
