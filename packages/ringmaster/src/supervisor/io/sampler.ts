import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parsePssBytes } from '../proc-files.ts';
import { type Member, type ProcessFigures, readProcessFigures, treesOf } from '../processes.ts';
import { addTreeCpu, cpuPercent, type TreeCpu } from '../tree-cpu.ts';
import { type KeptFile, keepFile } from './kept-files.ts';
import { readProcessTable } from './process-table.ts';

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

/** A sampler without samples; `tickMs` is monotonic, so that a clock that is set never makes time long or negative. */
export function createSampler(
  tickMs: () => number = () => performance.now(),
  { treesKeptMs } = { treesKeptMs: treesKeptLongMs },
): Sampler {
  const kept = new Map<number, KeptFile>();
  let samples = new Map<number, Sample>();
  let cpu = new Map<number, TreeCpu>();
  let trees: ReadonlyMap<number, readonly Member[]> = new Map();
  let firstSeen = new Map<number, number>();
  let foundAtMs = Number.NEGATIVE_INFINITY;

  function figuresOf(member: Member): ProcessFigures | undefined {
    const known = kept.get(member.pid);
    const file = known ?? keepFile(`/proc/${member.pid}/stat`);
    const bytes = file.readBytes();
    if (bytes === undefined) kept.delete(member.pid);
    else if (known === undefined) kept.set(member.pid, file);
    return bytes && readProcessFigures(bytes, member);
  }

  /** One pass over all processes: 2 ms for 160 of them. */
  function findTrees(leaders: readonly number[], nowMs: number) {
    const found = treesOf(leaders, readProcessTable(), trees);
    foundAtMs = nowMs;
    trees = found;
    return found;
  }

  function readTrees(
    leaders: readonly number[],
    nowMs: number,
  ): ReadonlyMap<number, readonly ProcessFigures[]> {
    firstSeen = new Map(leaders.map((leader) => [leader, firstSeen.get(leader) ?? nowMs]));
    const isYoung = leaders.some((leader) => nowMs - (firstSeen.get(leader) ?? 0) < treesKeptMs);
    const isKnown = leaders.every((leader) => trees.has(leader));
    if (isYoung || !isKnown || nowMs - foundAtMs >= treesKeptMs || process.platform !== 'linux')
      return findTrees(leaders, nowMs);
    const rowsOf = (leader: number) =>
      (trees.get(leader) ?? []).flatMap((member) => figuresOf(member) ?? []);
    return new Map(leaders.map((leader) => [leader, rowsOf(leader)]));
  }

  function forgetOthers(pids: ReadonlySet<number>): void {
    for (const [pid, file] of kept) {
      if (pids.has(pid)) continue;
      file.close();
      kept.delete(pid);
    }
  }

  return {
    take(leaders) {
      const nowMs = tickMs();
      const taken = new Map<number, Sample>();
      const cpuNow = new Map<number, TreeCpu>();
      for (const [leader, rows] of readTrees(leaders, nowMs)) {
        if (rows.length === 0) continue;
        const [before, cpuBefore] = [samples.get(leader), cpu.get(leader)];
        const used = addTreeCpu(cpuBefore, rows);
        cpuNow.set(leader, used);
        taken.set(leader, toSample(rows, { nowMs, used, before }));
      }
      samples = taken;
      cpu = cpuNow;
      forgetOthers(new Set([...trees.values()].flat().map(({ pid }) => pid)));
    },
    latest: (leader) => samples.get(leader),
    membersOf: (leader) => trees.get(leader) ?? [],
    close: () => forgetOthers(new Set()),
  };
}

function toSample(
  rows: readonly ProcessFigures[],
  at: { readonly nowMs: number; readonly used: TreeCpu; readonly before: Sample | undefined },
): Sample {
  const { nowMs, used, before } = at;
  const sum = (of: (row: ProcessFigures) => number) => rows.reduce((all, row) => all + of(row), 0);
  return {
    atTickMs: nowMs,
    memoryBytes: sum((row) => row.residentPages) * pageBytes,
    cpuPercent: before && cpuPercent(used.ticks - before.cpuTicks, nowMs - before.atTickMs),
    cpuTicks: used.ticks,
    processCount: rows.length,
    threads: sum((row) => row.threads),
    pids: rows.map(({ pid }) => pid),
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
