import { treesOf } from '../processes.ts';
import { readProcessTable } from './process-table.ts';

/** Resources of one server's whole process tree. */
export interface Sample {
  readonly memoryBytes: number;
  /** Percent of one core since the sample before; undefined for the first. */
  readonly cpuPercent: number | undefined;
  readonly processCount: number;
}

/** Samples process trees; one pass over the process table serves all servers. */
export interface Sampler {
  /** Takes a sample of these leaders' trees. */
  take(leaders: readonly number[], nowMs: number): void;
  latest(leader: number): Sample | undefined;
}

const pageBytes = 4_096;
/** Clock ticks a second of `/proc` times; fixed at 100 on Linux (USER_HZ). */
const ticksPerSecond = 100;

/** A sampler without samples. */
export function createSampler(): Sampler {
  let before = new Map<number, { readonly ticks: number; readonly atMs: number }>();
  let samples = new Map<number, Sample>();
  return {
    take(leaders, nowMs) {
      const next = new Map<number, { readonly ticks: number; readonly atMs: number }>();
      const taken = new Map<number, Sample>();
      for (const [leader, rows] of treesOf(leaders, readProcessTable())) {
        if (rows.length === 0) continue;
        const ticks = rows.reduce((sum, row) => sum + row.cpuTicks, 0);
        const last = before.get(leader);
        next.set(leader, { ticks, atMs: nowMs });
        taken.set(leader, {
          memoryBytes: rows.reduce((sum, row) => sum + row.residentPages, 0) * pageBytes,
          cpuPercent:
            last === undefined ? undefined : percent(ticks - last.ticks, nowMs - last.atMs),
          processCount: rows.length,
        });
      }
      before = next;
      samples = taken;
    },
    latest: (leader) => samples.get(leader),
  };
}

/** Never negative: a child that ended takes its ticks along. */
function percent(ticks: number, elapsedMs: number): number | undefined {
  if (elapsedMs <= 0) return undefined;
  return Math.max(0, Math.round((ticks / ticksPerSecond / (elapsedMs / 1_000)) * 1_000) / 10);
}
