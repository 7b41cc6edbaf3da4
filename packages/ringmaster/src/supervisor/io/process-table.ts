import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { type ProcessRow, parseProcessStat } from '../processes.ts';
import { markVariable } from '../record.ts';

const onLinux = process.platform === 'linux';

/** Every process of this machine that we may see; one pass over `/proc` (about 2 ms for 160 processes), `ps` elsewhere. */
export function readProcessTable(): ProcessRow[] {
  if (!onLinux) return readTableFromPs();
  const rows: ProcessRow[] = [];
  for (const pid of livePids()) {
    const row = readProcess(pid);
    if (row !== undefined) rows.push(row);
  }
  return rows;
}

/** A row of `/proc` is far shorter; one buffer for all reads, half the cost of `readFileSync`. */
const statBuffer = Buffer.allocUnsafe(4_096);

/** One process; undefined when it is gone. */
export function readProcess(pid: number): ProcessRow | undefined {
  if (!onLinux) return readTableFromPs(pid)[0];
  let fd: number | undefined;
  try {
    fd = openSync(`/proc/${pid}/stat`, 'r');
    return parseProcessStat(statBuffer.toString('latin1', 0, readSync(fd, statBuffer)));
  } catch {
    // The process ended between the listing and the read: the same as not listed.
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Start time of a live process; undefined when it is gone or only waits to be reaped. */
export function startTimeOf(pid: number): string | undefined {
  const row = readProcess(pid);
  return row === undefined || row.state === 'Z' ? undefined : row.startTime;
}

/** Whether that pid is still the process that started then. */
export function isSameProcess(pid: number, startTime: string): boolean {
  return startTimeOf(pid) === startTime;
}

/** A process that carries one of our marks. */
export interface MarkedProcess {
  readonly pid: number;
  readonly startTime: string;
  readonly mark: string;
}

/** Live processes whose mark begins with `prefix`, ourselves left out. Reads each environment we are allowed to. */
export function findMarked(prefix: string): MarkedProcess[] {
  const found: MarkedProcess[] = [];
  for (const pid of livePids()) {
    if (pid === process.pid) continue;
    const mark = markFrom(environmentOf(pid));
    if (mark?.startsWith(prefix) !== true) continue;
    const startTime = startTimeOf(pid);
    if (startTime !== undefined) found.push({ pid, startTime, mark });
  }
  return found;
}

function environmentOf(pid: number): string {
  try {
    if (onLinux) return readFileSync(`/proc/${pid}/environ`, 'latin1');
    return execFileSync('ps', ['eww', '-o', 'command=', '-p', String(pid)], { encoding: 'latin1' });
  } catch {
    // Gone, or another user's: neither can be ours.
    return '';
  }
}

function markFrom(environment: string): string | undefined {
  const at = environment.indexOf(`${markVariable}=`);
  if (at < 0) return undefined;
  return /^[^\0\s]*/.exec(environment.slice(at + markVariable.length + 1))?.[0];
}

/** Every process of this machine that we may see. */
export function livePids(): number[] {
  if (!onLinux) return readTableFromPs().map((row) => row.pid);
  const pids: number[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (Number.isInteger(pid) && pid > 0) pids.push(pid);
  }
  return pids;
}

/** macOS has no `/proc`; its `ps` gives seconds of CPU and no session id that means anything to us. */
function readTableFromPs(pid?: number): ProcessRow[] {
  const columns = 'pid=,ppid=,pgid=,state=,lstart=,rss=';
  const which = pid === undefined ? ['-A'] : ['-p', String(pid)];
  try {
    return execFileSync('ps', [...which, '-o', columns], { encoding: 'latin1' })
      .split('\n')
      .flatMap(parsePsLine);
  } catch {
    // `ps -p` of a process that is gone exits with 1.
    return [];
  }
}

const pageBytes = 4_096;

function parsePsLine(line: string): ProcessRow[] {
  const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S)\S*\s+(.+?)\s+(\d+)\s*$/.exec(line);
  if (match === null) return [];
  return [
    {
      pid: Number(match[1]),
      parentPid: Number(match[2]),
      groupId: Number(match[3]),
      sessionId: 0,
      state: match[4] ?? '?',
      startTime: match[5] ?? '',
      cpuTicks: 0,
      threads: 0,
      residentPages: Math.round((Number(match[6]) * 1_024) / pageBytes),
    },
  ];
}
