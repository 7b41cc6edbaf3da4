import { readdirSync, statfs } from 'node:fs';
import { cpus, freemem, loadavg, totalmem, uptime } from 'node:os';
import type { MetricValues } from '../../journal/metrics.ts';
import {
  busyPercent,
  type MachineTicks,
  parseLoad,
  parseMachineTicks,
  parseMemory,
  parseTcpSockets,
} from '../proc-files.ts';
import { createTurn } from '../turn.ts';
import { keepFile } from './kept-files.ts';

/** Samples the machine. */
export interface MachineSampler {
  /** The figures now; those of the disk as they were when they were last asked for, as asking may take long. */
  take(nowMs: number): MetricValues;
  close(): void;
}

interface Disk {
  readonly diskUsedBytes: number;
  readonly diskPercent: number;
}

/**
 * The disk is asked and processes are counted at most this often, as both cost more than all other figures together:
 * the one another thread, the other 1 µs a process.
 */
const dearEveryMs = 10_000;

/** Keeps a few files of `/proc` open; where there is no `/proc`, Node's own figures stand in for most of them. */
export function createMachineSampler(dataDir: string): MachineSampler {
  const files = {
    stat: keepFile('/proc/stat'),
    memory: keepFile('/proc/meminfo'),
    load: keepFile('/proc/loadavg'),
    sockets: keepFile('/proc/net/sockstat'),
    sockets6: keepFile('/proc/net/sockstat6'),
  };
  const isDearDue = createTurn(dearEveryMs);
  let before: MachineTicks | undefined;
  let disk: Disk | undefined;
  let isAskingDisk = false;
  askDisk();

  /** A disk that hangs leaves a gap instead of holding up the daemon. */
  function askDisk(): void {
    if (isAskingDisk) return;
    isAskingDisk = true;
    statfs(dataDir, (error, { bsize = 0, blocks = 0, bfree = 0, bavail = 0 } = {} as never) => {
      isAskingDisk = false;
      const usedBlocks = blocks - bfree;
      disk =
        error === null && blocks > 0
          ? {
              diskUsedBytes: usedBlocks * bsize,
              // As df says it: what only root may use is neither used nor free.
              diskPercent: tenths((usedBlocks / Math.max(1, usedBlocks + bavail)) * 100),
            }
          : undefined;
    });
  }

  function takeDisk(isDue: boolean): Partial<Disk> {
    const known = disk ?? {};
    if (isDue) {
      disk = undefined;
      askDisk();
    }
    return known;
  }

  function connections(): number | undefined {
    const [four, six] = [files.sockets, files.sockets6].map((file) =>
      parseTcpSockets(file.read() ?? ''),
    );
    return four === undefined ? undefined : four + (six ?? 0);
  }

  return {
    take(nowMs) {
      const isDue = isDearDue(nowMs);
      const ticks = parseMachineTicks(files.stat.read() ?? '') ?? ticksOfNode();
      const busy = busyPercent(before, ticks);
      before = ticks;
      const memory = parseMemory(files.memory.read() ?? '') ?? memoryOfNode();
      const { memoryTotalBytes, ...usedMemory } = memory;
      const sockets = connections();
      return {
        ...(busy === undefined ? {} : { cpuPercent: tenths(busy) }),
        ...usedMemory,
        memoryPercent: tenths((memory.memoryUsedBytes / memoryTotalBytes) * 100),
        ...takeDisk(isDue),
        load: parseLoad(files.load.read() ?? '') ?? loadavg()[0] ?? 0,
        ...(sockets === undefined ? {} : { connections: sockets }),
        ...(isDue ? processCount() : {}),
        uptimeMs: Math.round(uptime() * 1_000),
      };
    },
    close() {
      for (const file of Object.values(files)) file.close();
    },
  };
}

/** Names of `/proc` that begin with a digit are processes. */
function processCount(): { readonly processCount?: number } {
  if (process.platform !== 'linux') return {};
  return { processCount: readdirSync('/proc').filter((name) => /^\d/.test(name)).length };
}

function memoryOfNode() {
  const memoryTotalBytes = totalmem();
  return { memoryTotalBytes, memoryUsedBytes: memoryTotalBytes - freemem() };
}

function ticksOfNode(): MachineTicks {
  const times = cpus().map((core) => core.times);
  const totalTicks = times.reduce(
    (sum, { user, nice, sys, irq, idle }) => sum + user + nice + sys + irq + idle,
    0,
  );
  return { totalTicks, busyTicks: totalTicks - times.reduce((sum, { idle }) => sum + idle, 0) };
}

function tenths(percent: number): number {
  return Math.round(percent * 10) / 10;
}
