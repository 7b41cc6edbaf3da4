import type { ProcessFigures } from './processes.ts';

/** CPU time of a tree since it was first looked at. It only grows: what processes that ended have used stays in it. */
export interface TreeCpu {
  readonly ticks: number;
  /** Where each process stood at the last look; its start time tells it from a later one of the same number. */
  readonly processes: ReadonlyMap<number, { readonly startTime: string; readonly ticks: number }>;
}

/**
 * The CPU time of a tree after one more look. At the first look nothing counts, as nobody knows when it was used; a
 * process that is new in a known tree counts whole.
 */
export function addTreeCpu(before: TreeCpu | undefined, rows: readonly ProcessFigures[]): TreeCpu {
  let ticks = before?.ticks ?? 0;
  for (const { pid, startTime, cpuTicks } of rows) {
    if (before === undefined) continue;
    const known = before.processes.get(pid);
    const since = known?.startTime === startTime ? known.ticks : 0;
    ticks += Math.max(0, cpuTicks - since);
  }
  const processes = new Map(
    rows.map(({ pid, startTime, cpuTicks }) => [pid, { startTime, ticks: cpuTicks }]),
  );
  return { ticks, processes };
}

/** Clock ticks a second of `/proc` times; fixed at 100 on Linux (USER_HZ). */
const ticksPerSecond = 100;

/** Percent of one core, to a tenth; undefined when no time has passed. */
export function cpuPercent(usedTicks: number, elapsedMs: number): number | undefined {
  if (elapsedMs <= 0) return undefined;
  const percent = (usedTicks / ticksPerSecond / (elapsedMs / 1_000)) * 100;
  return Math.max(0, Math.round(percent * 10) / 10);
}
