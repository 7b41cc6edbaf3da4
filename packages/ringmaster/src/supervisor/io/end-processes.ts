import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { kinOf, type Member, type ProcessRow } from '../processes.ts';
import { killLeaf, membersOfLeaf } from './leaf.ts';
import { isSameProcess, readProcess } from './process-table.ts';
import { type NextSight, type Sight, sightOf } from './sights.ts';

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
function groupIsAlive(family: ProcessFamily, sight: Sight): boolean {
  if (!groupIsOurs(family)) return false;
  try {
    process.kill(-family.pid, 0);
  } catch {
    return false;
  }
  return sight.table().some((row) => row.groupId === family.pid && row.state !== 'Z');
}

/** Members outside the leader's group, those that called setsid; `before` are members found earlier. */
function strays(
  family: ProcessFamily,
  sight: Sight,
  before: readonly Member[] = [],
): readonly Member[] {
  const marked = sight.marked().get(family.mark) ?? [];
  const { log, out } = family.pipes;
  const pipes = out === undefined || out === log ? [log] : [log, out];
  const holders = pipes.flatMap((pipe) => sight.holders().get(pipe) ?? []);
  const grouped = family.cgroup === undefined ? [] : membersOfLeaf(family.cgroup);
  return relatives(family, sight.after(), [...before, ...marked, ...holders, ...grouped]);
}

/** The same, without searching what processes hold: only whoever is connected with the leader or with `known`. */
function relatives(
  family: ProcessFamily,
  rows: readonly ProcessRow[],
  known: readonly Member[] = [],
): readonly Member[] {
  const all = [family, ...known, ...(family.seen?.() ?? [])];
  const kin = kinOf(all, rows, process.pid);
  return groupIsOurs(family) ? kin.filter(({ groupId }) => groupId !== family.pid) : kin;
}

/** Sends a signal to the whole family at once; returns how many processes or groups took it. */
export function signalFamily(family: ProcessFamily, signal: NodeJS.Signals): number {
  return signalSeen(family, signal, sightOf(dirname(family.pipes.log), Number(family.startTime)));
}

/** The same for whoever can wait for a sight that others share. */
export async function signalFamilySoon(
  family: ProcessFamily,
  signal: NodeJS.Signals,
  nextSight: NextSight,
): Promise<void> {
  signalSeen(family, signal, await nextSight(family));
}

function signalSeen(family: ProcessFamily, signal: NodeJS.Signals, sight: Sight): number {
  const found = strays(family, sight);
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
async function createFamilyLook(
  family: ProcessFamily,
  nextSight: NextSight,
  onStrays: (found: readonly Member[]) => void,
): Promise<() => Promise<boolean>> {
  // Looked for while their parents may still live: later nothing might connect some of them with the leader.
  let known = relatives(family, (await nextSight(family)).table());
  return async () => {
    if (leaderIsAlive(family)) return true;
    if (known.some(({ pid, startTime }) => isSameProcess(pid, startTime))) return true;
    const sight = await nextSight(family);
    if (groupIsAlive(family, sight)) return true;
    known = strays(family, sight, known);
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
  how: {
    readonly nextSight: NextSight;
    readonly signal?: NodeJS.Signals;
    readonly wake?: AbortSignal;
  },
): Promise<boolean> {
  const isSeen = await createFamilyLook(family, how.nextSight, (found) => {
    if (how.signal !== undefined) for (const { pid } of found) sendSignal(pid, how.signal);
  });
  for (let pauseMs = pollFirstMs; ; pauseMs = Math.min(pollLastMs, pauseMs * 1.5)) {
    if (!(await isSeen())) return true;
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
