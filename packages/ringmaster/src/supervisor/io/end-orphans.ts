import { kinOf, type Member } from '../processes.ts';
import type { InstanceRecord, RunRecord } from '../record.ts';
import { sendSignal } from './end-processes.ts';
import { membersOfLeaf } from './leaf.ts';
import { findHolders } from './pipe-holders.ts';
import { findMarked, isSameProcess, readProcessTable } from './process-table.ts';
import { readOwner, readRunRecord, runPaths, writeRunRecord } from './state-file.ts';

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
 * Ends what a dead daemon left running: every recorded group whose leader is still the same
 * process, everything that carries the mark of this data directory or holds an output of its
 * servers, and what descends from these. Each pid is checked by start time right before it is
 * signalled. The caller makes sure that no daemon lives.
 */
export async function endOrphans(
  dataDir: string,
  options: {
    /** Servers to leave alone, as of now: those a new daemon takes over or has started itself. */
    readonly spared?: () => readonly InstanceRecord[];
    readonly isOver?: () => boolean;
    /** Shortens the wait between SIGTERM and SIGKILL; default 15 s. */
    readonly graceMaxMs?: number;
  } = {},
): Promise<{ ended: Ended[] }> {
  const record = readRunRecord(dataDir);
  const withKin = createKinLook();
  const find = () =>
    withKin(findTargets(dataDir, record?.instances ?? [], options.spared?.() ?? []));
  const first = find();
  const limitMs = options.graceMaxMs ?? graceMaxMs;
  await end({ find, limitMs, isOver: options.isOver ?? (() => false) });
  if (record !== undefined && options.spared === undefined) noteNone(dataDir, record);
  return { ended: leadersOf(first) };
}

function noteNone(dataDir: string, record: RunRecord): void {
  try {
    writeRunRecord(dataDir, { ...record, instances: [] });
  } catch {
    // The disk is full: the next daemon finds by pid and start time that nothing of the old record runs.
  }
}

async function end(how: {
  readonly find: () => Target[];
  readonly limitMs: number;
  readonly isOver: () => boolean;
}): Promise<void> {
  const startMs = performance.now();
  const first = how.find();
  // Looking takes its time on a busy machine: what was found may be wanted again by now.
  if (how.isOver()) return;
  signal(first, 'SIGTERM');
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

/** Whoever is in a recorded group, carries a mark of this data directory, or holds an output of its servers. */
function findTargets(
  dataDir: string,
  recorded: readonly InstanceRecord[],
  spared: readonly InstanceRecord[],
): Target[] {
  const isSpared = new Set(spared.flatMap((record) => [record.mark, ...outputsOf(record)]));
  const records = recorded.filter(({ mark }) => !isSpared.has(mark));
  const rows = readProcessTable().filter(({ state }) => state !== 'Z');
  const found = new Map<number, Target>();
  function add({ pid, startTime }: Member, mark: string): void {
    const graceMs = records.find((record) => record.mark === mark)?.graceMs ?? strayGraceMs;
    found.set(pid, { pid, startTime, server: mark.split('/')[1] ?? '?', graceMs });
  }
  for (const { pid, startTime, mark } of records)
    if (isSameProcess(pid, startTime))
      for (const row of rows) if (row.groupId === pid) add(row, mark);
  for (const { cgroup, mark } of records)
    for (const member of cgroup === undefined ? [] : membersOfLeaf(cgroup)) add(member, mark);
  const markOfPipe = new Map(
    records.flatMap((record) => outputsOf(record).map((pipe) => [pipe, record.mark])),
  );
  for (const holder of findHolders(runPaths(dataDir).pipes))
    if (!isSpared.has(holder.pipe)) add(holder, markOfPipe.get(holder.pipe) ?? '');
  const owner = readOwner(dataDir);
  for (const one of owner === undefined ? [] : findMarked(`${owner}/`))
    if (!isSpared.has(one.mark)) add(one, one.mark);
  return [...found.values()];
}

/**
 * Adds to what was found whatever descends from it or is in its session; also later, when nothing connects that with
 * the others any more.
 */
function createKinLook(): (found: readonly Target[]) => Target[] {
  const kin = new Map<number, Target>();
  return (found) => {
    const rows = readProcessTable();
    const known = [...found, ...kin.values()];
    for (const server of new Set(known.map((target) => target.server))) {
      const family = known.filter((target) => target.server === server);
      const graceMs = Math.max(...family.map((target) => target.graceMs));
      for (const { pid, startTime } of kinOf(family, rows, process.pid))
        kin.set(pid, { pid, startTime, server, graceMs });
    }
    const all = new Map([...kin.values(), ...found].map((target) => [target.pid, target]));
    return [...all.values()].filter(({ pid, startTime }) =>
      rows.some((row) => row.pid === pid && row.startTime === startTime && row.state !== 'Z'),
    );
  };
}

function outputsOf({ pipes: { log, out } }: InstanceRecord): string[] {
  return out === undefined ? [log] : [log, out];
}

/** One row a server: its lowest pid, which is the leader unless that died before. */
function leadersOf(targets: readonly Target[]): Ended[] {
  const byServer = new Map<string, number>();
  for (const { server, pid } of targets)
    byServer.set(server, Math.min(pid, byServer.get(server) ?? pid));
  return [...byServer].map(([server, pid]) => ({ server, pid }));
}
