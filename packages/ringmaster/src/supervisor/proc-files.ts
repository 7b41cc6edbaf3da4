/** CPU time of the whole machine since it was started, in clock ticks. */
export interface MachineTicks {
  readonly busyTicks: number;
  readonly totalTicks: number;
}

/** `/proc/stat`: everything but idle and waiting for a disk is busy; guests are counted as users already (proc(5)). */
export function parseMachineTicks(text: string): MachineTicks | undefined {
  const fields = /^cpu +(.+)$/m.exec(text)?.[1]?.split(' ').map(Number).slice(0, 8);
  if (fields === undefined || fields.length < 5 || fields.some(Number.isNaN)) return undefined;
  const totalTicks = fields.reduce((sum, ticks) => sum + ticks, 0);
  return { totalTicks, busyTicks: totalTicks - (fields[3] ?? 0) - (fields[4] ?? 0) };
}

/** Busy share of all cores between two looks, 0 … 100; undefined when no time passed, or the counters went back. */
export function busyPercent(
  before: MachineTicks | undefined,
  now: MachineTicks | undefined,
): number | undefined {
  if (before === undefined || now === undefined) return undefined;
  const total = now.totalTicks - before.totalTicks;
  const busy = now.busyTicks - before.busyTicks;
  if (total <= 0 || busy < 0) return undefined;
  return Math.min(100, (busy / total) * 100);
}

/** Memory of the machine. */
export interface MachineMemory {
  readonly memoryTotalBytes: number;
  /** What could not be given to a new process: all but `MemAvailable`, which counts caches as free. */
  readonly memoryUsedBytes: number;
  readonly swapUsedBytes: number;
}

/** `/proc/meminfo`; undefined when a line is missing. */
export function parseMemory(text: string): MachineMemory | undefined {
  const bytes = (name: string) => kilobytesOf(text, name);
  const [total, available] = [bytes('MemTotal'), bytes('MemAvailable')];
  const [swapTotal, swapFree] = [bytes('SwapTotal'), bytes('SwapFree')];
  if (total === undefined || available === undefined) return undefined;
  return {
    memoryTotalBytes: total,
    memoryUsedBytes: Math.max(0, total - available),
    swapUsedBytes: Math.max(0, (swapTotal ?? 0) - (swapFree ?? 0)),
  };
}

/** Proportional memory of one process: `/proc/PID/smaps_rollup`. */
export function parsePssBytes(text: string): number | undefined {
  return kilobytesOf(text, 'Pss');
}

/** `Name:   12 kB` on a line of its own. */
function kilobytesOf(text: string, name: string): number | undefined {
  const found = new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(text)?.[1];
  return found === undefined ? undefined : Number(found) * 1_024;
}

/** TCP sockets in use: `/proc/net/sockstat` or `sockstat6`. */
export function parseTcpSockets(text: string): number | undefined {
  const found = /^TCP6?: inuse (\d+)/m.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** Mean of processes that want to run over one minute: the first figure of `/proc/loadavg`. */
export function parseLoad(text: string): number | undefined {
  const found = /^(\d+\.\d+) /.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}
