import { readdirSync, readFileSync } from 'node:fs';

/** The variable that marks every process of one journey. */
export const markName = 'RINGMASTER_JOURNEY';

export interface MarkedProcess {
  readonly pid: number;
  readonly commandLine: string;
}

/** Living processes whose environment carries this mark, however they got away from their parents (Linux). */
export function markedProcesses(mark: string): MarkedProcess[] {
  const wanted = `${markName}=${mark}`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => readProcess(pid, 'environ').split('\0').includes(wanted))
    .map((pid) => ({
      pid: Number(pid),
      commandLine: readProcess(pid, 'cmdline').replaceAll('\0', ' ').trim(),
    }));
}

/** Whether a process runs; one that has ended and waits to be collected does not. */
export function isAlive(pid: number): boolean {
  const stat = readProcess(String(pid), 'stat');
  return stat !== '' && !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
}

/** Sends a signal to a process that may be gone already. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It is gone, which is what signals of tests are for.
  }
}

function readProcess(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // Gone meanwhile, or another user's.
    return '';
  }
}
