import type { ProcessFigures } from './processes.ts';

/** CPU time of a tree since it was first looked at. It only grows: what processes that ended have used stays in it. */
export interface TreeCpu {
  readonly ticks: number;
  /** Where each process stood at the last look; its start time tells it from a later one of the same number. */
  readonly rows: readonly ProcessFigures[];
}

/**
 * The CPU time of a tree after one more look. At the first look nothing counts, as nobody knows when it was used; a
 * process that is new in a known tree counts whole.
 */
export function addTreeCpu(before: TreeCpu | undefined, rows: readonly ProcessFigures[]): TreeCpu {
  if (before === undefined) return { ticks: 0, rows };
  let { ticks } = before;
  let at = 0;
  for (const row of rows) {
    // Nearly always in the same place as at the last look.
    const there = before.rows[at];
    at += 1;
    const known = there?.pid === row.pid ? there : before.rows.find(({ pid }) => pid === row.pid);
    const since = known?.startTime === row.startTime ? known.cpuTicks : 0;
    ticks += Math.max(0, row.cpuTicks - since);
  }
  return { ticks, rows };
}

/** Clock ticks a second of `/proc` times; fixed at 100 on Linux (USER_HZ). */
const ticksPerSecond = 100;

/** Percent of one core, to a tenth; undefined when no time has passed. */
export function cpuPercent(usedTicks: number, elapsedMs: number): number | undefined {
  if (elapsedMs <= 0) return undefined;
  const percent = (usedTicks / ticksPerSecond / (elapsedMs / 1_000)) * 100;
  return Math.max(0, Math.round(percent * 10) / 10);
}
