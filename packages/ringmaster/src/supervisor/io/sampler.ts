import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parsePssBytes } from '../proc-files.ts';
import { type Member, type ProcessFigures, type ProcessRow, treesOf } from '../processes.ts';
import { addTreeCpu, cpuPercent, type TreeCpu } from '../tree-cpu.ts';
import { type FollowedProcess, followProcess } from './followed-process.ts';
import { livePids, readProcess, readProcessTable } from './process-table.ts';

/** Resources of one server's whole process tree. */
export interface Sample {
  /** Monotonic; not the time of day. */
  readonly atTickMs: number;
  readonly memoryBytes: number;
  /** Percent of one core since the look before; undefined for the first. */
  readonly cpuPercent: number | undefined;
  /** CPU time since the first look, in clock ticks; never falls. */
  readonly cpuTicks: number;
  readonly processCount: number;
  readonly threads: number;
  readonly pids: readonly number[];
}

/** Samples process trees; what a tree consists of is looked up less often than its figures are read. */
export interface Sampler {
  /** Looks at these leaders' trees; others are forgotten, their files closed. */
  take(leaders: readonly number[]): void;
  latest(leader: number): Sample | undefined;
  /** Whoever was found in its tree by the last looks, also those that have left their parents since. */
  membersOf(leader: number): readonly Member[];
  close(): void;
}

const pageBytes = 4_096;
/** New children are noticed that long after their start at most; a tree younger than this is looked up every time. */
const treesKeptLongMs = 15_000;
/** Rows of processes that are in no tree are read again after this time. */
const tableKeptMs = 60_000;
const onLinux = process.platform === 'linux';

/** What is known of the tree of one leader. */
interface Tree {
  readonly firstSeenMs: number;
  /** Found by the last look at all processes. */
  members: readonly Member[];
  cpu: TreeCpu | undefined;
  sample: Sample | undefined;
}

/** A sampler without samples; `tickMs` is monotonic, so that a clock that is set never makes time long or negative. */
export function createSampler(
  tickMs: () => number = () => performance.now(),
  { treesKeptMs } = { treesKeptMs: treesKeptLongMs },
): Sampler {
  const followed = new Map<number, FollowedProcess>();
  let trees = new Map<number, Tree>();
  let foundAtMs = Number.NEGATIVE_INFINITY;
  let table: readonly ProcessRow[] = [];
  let tableReadAtMs = Number.NEGATIVE_INFINITY;

  function figuresOf(member: Member): ProcessFigures | undefined {
    const known = followed.get(member.pid);
    if (known?.startTime === member.startTime) return known.read();
    known?.close();
    const process = followProcess(member);
    followed.set(member.pid, process);
    return process.read();
  }

  function forgetOthers(pids: ReadonlySet<number>): void {
    for (const [pid, process] of followed) {
      if (pids.has(pid)) continue;
      process.close();
      followed.delete(pid);
    }
  }

  function forgetStrangers(): void {
    forgetOthers(new Set([...trees.values()].flatMap(({ members }) => members.map(pidOf))));
  }

  function follow(leaders: readonly number[], nowMs: number): void {
    if (leaders.length === trees.size && leaders.every((leader) => trees.has(leader))) return;
    const nothing = { firstSeenMs: nowMs, members: [], cpu: undefined, sample: undefined };
    trees = new Map(leaders.map((leader) => [leader, trees.get(leader) ?? { ...nothing }]));
    forgetStrangers();
  }

  function areTreesOld(nowMs: number): boolean {
    if (!onLinux || nowMs - foundAtMs >= treesKeptMs) return true;
    for (const { firstSeenMs } of trees.values())
      if (nowMs - firstSeenMs < treesKeptMs) return true;
    return false;
  }

  /**
   * Every process is read once a minute, 2 ms for 160 of them; in between only those that are new: no other can join a
   * tree. A number that is given anew within that minute, after as many starts as there are numbers, is found then.
   */
  function readTable(nowMs: number): readonly ProcessRow[] {
    if (!onLinux || nowMs - tableReadAtMs >= tableKeptMs) {
      tableReadAtMs = nowMs;
      table = readProcessTable();
    } else {
      const known = new Map(table.map((row) => [row.pid, row]));
      table = livePids().flatMap((pid) => known.get(pid) ?? readProcess(pid) ?? []);
    }
    return table;
  }

  function findTrees(nowMs: number): ReadonlyMap<number, readonly ProcessFigures[]> {
    const known = new Map([...trees].map(([leader, { members }]) => [leader, members]));
    const found = treesOf([...trees.keys()], readTable(nowMs), known);
    for (const [leader, tree] of trees) tree.members = found.get(leader) ?? [];
    foundAtMs = nowMs;
    forgetStrangers();
    return found;
  }

  function figuresOfTree({ members }: Tree): readonly ProcessFigures[] {
    const rows: ProcessFigures[] = [];
    for (const member of members) {
      const figures = figuresOf(member);
      if (figures !== undefined) rows.push(figures);
    }
    return rows;
  }

  return {
    take(leaders) {
      const nowMs = tickMs();
      follow(leaders, nowMs);
      const found = areTreesOld(nowMs) ? findTrees(nowMs) : undefined;
      for (const [leader, tree] of trees) {
        const rows = onLinux ? figuresOfTree(tree) : (found?.get(leader) ?? []);
        const isThere = rows.length > 0;
        tree.cpu = isThere ? addTreeCpu(tree.cpu, rows) : undefined;
        tree.sample = tree.cpu && toSample(rows, { nowMs, used: tree.cpu, before: tree.sample });
      }
    },
    latest: (leader) => trees.get(leader)?.sample,
    membersOf: (leader) => trees.get(leader)?.members ?? [],
    close: () => forgetOthers(new Set()),
  };
}

function pidOf({ pid }: Member): number {
  return pid;
}

function toSample(
  rows: readonly ProcessFigures[],
  at: { readonly nowMs: number; readonly used: TreeCpu; readonly before: Sample | undefined },
): Sample {
  const { nowMs, used, before } = at;
  let residentPages = 0;
  let threads = 0;
  for (const row of rows) {
    residentPages += row.residentPages;
    threads += row.threads;
  }
  return {
    atTickMs: nowMs,
    memoryBytes: residentPages * pageBytes,
    cpuPercent: before && cpuPercent(used.ticks - before.cpuTicks, nowMs - before.atTickMs),
    cpuTicks: used.ticks,
    processCount: rows.length,
    threads,
    pids: rows.map(pidOf),
  };
}

/**
 * Open descriptors of these processes; undefined when one of them may not be looked at, as a part of a sum would look
 * like a whole one.
 */
export function openFilesOf(pids: readonly number[]): number | undefined {
  try {
    return pids.reduce((sum, pid) => sum + readdirSync(`/proc/${pid}/fd`).length, 0);
  } catch {
    // Ended meanwhile, another user's, or no Linux: the figure is missing this time.
    return undefined;
  }
}

/**
 * Proportional memory of these processes; undefined when one of them may not be looked at. The kernel walks all pages
 * of each, a millisecond for a large one, so it is asked in another thread and one at a time.
 */
export async function pssBytesOf(pids: readonly number[]): Promise<number | undefined> {
  let sum = 0;
  for (const pid of pids) {
    const text = await readFile(`/proc/${pid}/smaps_rollup`, 'latin1').catch(() => '');
    const bytes = parsePssBytes(text);
    if (bytes === undefined) return undefined;
    sum += bytes;
  }
  return sum;
}
