import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { kinOf, type Member } from '../processes.ts';
import { killLeaf, membersOfLeaf } from './leaf.ts';
import { findHolders } from './pipe-holders.ts';
import { findMarked, isSameProcess, readProcess, readProcessTable } from './process-table.ts';

/**
 * A server's processes: its group, led by `pid`, and outside of it whatever carries its mark, holds one of its output
 * pipes, or was seen among its descendants.
 */
export interface ProcessFamily {
  readonly pid: number;
  readonly startTime: string;
  readonly mark: string;
  readonly pipes: { readonly out?: string; readonly log: string };
  /** Folder of its control group, which knows all of them. */
  readonly cgroup?: string | undefined;
  /** Members that were seen before, where somebody looks. */
  readonly seen?: () => readonly Member[];
}

/** Sends a signal to one pid (negative: group); false when there is nothing to signal. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    // ESRCH: gone. EPERM: not ours, so not a process of this server.
    return false;
  }
}

/**
 * Whether the group has a member that runs. A group of nothing but zombies still answers signals, for ever where
 * PID 1 does not reap, so the process table has the last word once the leader is gone.
 */
function groupIsAlive(family: ProcessFamily): boolean {
  if (!groupIsOurs(family)) return false;
  try {
    process.kill(-family.pid, 0);
  } catch {
    return false;
  }
  if (leaderIsAlive(family)) return true;
  return readProcessTable().some((row) => row.groupId === family.pid && row.state !== 'Z');
}

/** Members outside the leader's group, those that called setsid; `before` are members found earlier. */
function strays(family: ProcessFamily, before: readonly Member[] = []): readonly Member[] {
  const marked = findMarked(family.mark).filter(({ mark }) => mark === family.mark);
  const { log, out = log } = family.pipes;
  const held = findHolders(dirname(log), candidates(family));
  const holders = held.filter(({ pipe }) => pipe === log || pipe === out);
  const grouped = family.cgroup === undefined ? [] : membersOfLeaf(family.cgroup);
  return relatives(family, [...before, ...marked, ...holders, ...grouped]);
}

/** Whoever could be a stray at all: outside the group, and not older than the leader. */
function candidates({ pid: leader, startTime }: ProcessFamily): number[] {
  return readProcessTable()
    .filter((row) => row.groupId !== leader && Number(row.startTime) >= Number(startTime))
    .map(({ pid }) => pid);
}

/** The same, without searching what processes hold: only whoever is connected with the leader or with `known`. */
function relatives(family: ProcessFamily, known: readonly Member[] = []): readonly Member[] {
  const all = [family, ...known, ...(family.seen?.() ?? [])];
  const kin = kinOf(all, readProcessTable(), process.pid);
  return groupIsOurs(family) ? kin.filter(({ groupId }) => groupId !== family.pid) : kin;
}

/** Sends a signal to the whole family; returns how many processes or groups took it. */
export function signalFamily(family: ProcessFamily, signal: NodeJS.Signals): number {
  const found = strays(family);
  let count = groupIsOurs(family) && sendSignal(-family.pid, signal) ? 1 : 0;
  for (const { pid } of found) if (sendSignal(pid, signal)) count += 1;
  if (signal === 'SIGKILL' && family.cgroup !== undefined && killLeaf(family.cgroup)) count += 1;
  return count;
}

/**
 * The kernel gives no number away that still names a group, so a group without its leader is still ours; but once
 * another process has that number, the group was gone, and what has the number now is a stranger's.
 */
function groupIsOurs(family: ProcessFamily): boolean {
  const holder = readProcess(family.pid);
  return holder === undefined || holder.startTime === family.startTime;
}

/**
 * Tells again and again whether anything of the family still runs. The environments of all processes
 * are only searched when neither the group nor a stray that was found before is left: reading them
 * takes longer than everything else here.
 */
function createFamilyLook(
  family: ProcessFamily,
  onStrays: (found: readonly Member[]) => void,
): () => boolean {
  // Looked for while their parents may still live: later nothing might connect some of them with the leader.
  let known = relatives(family);
  return () => {
    if (groupIsAlive(family)) return true;
    if (known.some(({ pid, startTime }) => isSameProcess(pid, startTime))) return true;
    known = strays(family, known);
    if (known.length > 0) onStrays(known);
    return known.length > 0;
  };
}

/** Whether the leader itself is the process we know. */
export function leaderIsAlive(family: ProcessFamily): boolean {
  return isSameProcess(family.pid, family.startTime);
}

const pollFirstMs = 10;
const pollLastMs = 50;

/**
 * Resolves true when nothing of the family runs any more, false when `isOver` says to stop waiting; `wake` makes it look
 * again at once. `signal` goes to whatever is found outside the group meanwhile: a stray may have started others between
 * the search that found it and the signal that ended it.
 */
export async function waitForFamily(
  family: ProcessFamily,
  isOver: () => boolean,
  how: { readonly signal?: NodeJS.Signals; readonly wake?: AbortSignal } = {},
): Promise<boolean> {
  const isSeen = createFamilyLook(family, (found) => {
    if (how.signal !== undefined) for (const { pid } of found) sendSignal(pid, how.signal);
  });
  for (let pauseMs = pollFirstMs; ; pauseMs = Math.min(pollLastMs, pauseMs * 1.5)) {
    if (!isSeen()) return true;
    if (isOver()) return false;
    await pause(pauseMs, how.wake);
  }
}

async function pause(delayMs: number, wake: AbortSignal | undefined): Promise<void> {
  try {
    await setTimeout(delayMs, undefined, wake === undefined ? {} : { signal: wake });
  } catch {
    // Woken: there is something new to look at.
  }
}
