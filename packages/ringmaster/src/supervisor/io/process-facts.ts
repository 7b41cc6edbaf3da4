import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { isInService } from '../cgroup.ts';
import type { ProcessFacts } from '../orphans.ts';
import type { ProcessRow } from '../processes.ts';
import { markVariable } from '../record.ts';
import { findMarked, readProcessTable } from './process-table.ts';

/** Clock ticks a second in `/proc` (Linux gives user space 100 on every machine we run on). */
const ticksPerSecond = 100;
const pageBytes = 4_096;

/**
 * Every process of this machine whose environment we may read, with all that tells an orphan: our own user's, or all
 * of them for root. Costs a few reads a process; not for a hot path.
 */
export function readProcessFacts(nowMs: number): ProcessFacts[] {
  const rows = readProcessTable().filter((row) => row.state !== 'Z' && row.pid !== process.pid);
  return process.platform === 'linux' ? rows.flatMap(linuxFacts()) : macFacts(rows, nowMs);
}

function linuxFacts(): (row: ProcessRow) => ProcessFacts[] {
  const uptimeSeconds = Number(readText('/proc/uptime').split(' ')[0]);
  const userId = process.getuid?.() ?? 0;
  return (row) => {
    const folder = `/proc/${row.pid}`;
    const owner = statSync(folder, { throwIfNoEntry: false })?.uid;
    if (owner === undefined || (userId !== 0 && owner !== userId && row.pid !== 1)) return [];
    const words = readText(`${folder}/cmdline`).replace(/\0+$/, '').split('\0');
    // A kernel thread has no command line.
    if (words.length === 1 && words[0] === '') return [];
    const isLeader = row.sessionId === row.pid;
    return [
      {
        ...{ pid: row.pid, parentPid: row.parentPid, startTime: row.startTime, words },
        residentBytes: row.residentPages * pageBytes,
        ageMs: Math.max(0, (uptimeSeconds - Number(row.startTime) / ticksPerSecond) * 1_000),
        mark: markIn(readText(`${folder}/environ`)),
        // systemd makes the process of a service the leader of its session; what it leaves behind is none.
        isService: isLeader && isInService(readText(`${folder}/cgroup`)),
      },
    ];
  };
}

function markIn(environment: string): string | undefined {
  return environment
    .split('\0')
    .find((line) => line.startsWith(`${markVariable}=`))
    ?.slice(markVariable.length + 1);
}

/** macOS: `ps` gives one text a process. Not run yet. */
function macFacts(rows: readonly ProcessRow[], nowMs: number): ProcessFacts[] {
  const userId = process.getuid?.() ?? 0;
  const lines = new Map<number, string>();
  const listing = execFileSync('ps', ['-A', '-o', 'pid=,uid=,command='], { encoding: 'utf8' });
  for (const line of listing.split('\n')) {
    const [, pid, owner, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    if (command !== undefined && (userId === 0 || Number(owner) === userId))
      lines.set(Number(pid), command);
  }
  const marks = new Map(findMarked('').map(({ pid, mark }) => [pid, mark]));
  return rows.flatMap((row) => {
    const line = lines.get(row.pid);
    if (line === undefined) return [];
    const startedAtMs = Date.parse(row.startTime);
    return [
      {
        ...{ pid: row.pid, parentPid: row.parentPid, startTime: row.startTime, words: [line] },
        residentBytes: row.residentPages * pageBytes,
        ageMs: Number.isNaN(startedAtMs) ? 0 : Math.max(0, nowMs - startedAtMs),
        mark: marks.get(row.pid),
        isService: false,
      },
    ];
  });
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Gone since it was listed, or not ours to read: nothing is known of it.
    return '';
  }
}
