import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventCount, keptExactly, parseMembers } from '../cgroup.ts';
import type { Resource } from '../resources.ts';
import { startTimeOf } from './process-table.ts';

/** Whether anybody is in a control group, or in one below it. */
export function isPopulated(folder: string): boolean {
  return eventCount(read(folder, 'cgroup.events'), 'populated') > 0;
}

/** Processes of a control group that live now; nobody of one that is gone. */
export function membersOfLeaf(
  folder: string,
): readonly { readonly pid: number; readonly startTime: string }[] {
  return parseMembers(read(folder, 'cgroup.procs')).flatMap((pid) => {
    const startTime = startTimeOf(pid);
    return startTime === undefined ? [] : [{ pid, startTime }];
  });
}

/** Settings whose limits the kernel keeps in a control group. */
export function limitsOfLeaf(folder: string): readonly Resource[] {
  return Object.values(keptExactly).flatMap(({ file, resource }) => {
    const limit = read(folder, file).trim();
    return limit === '' || limit.startsWith('max') ? [] : [resource];
  });
}

/** Puts a process, and so all it starts from then on, into a control group; false when the kernel refuses. */
export function enterLeaf(folder: string, pid: number): boolean {
  return write(folder, 'cgroup.procs', String(pid));
}

/** Kills all of a control group at once, those that are just being forked too (Linux 5.14); false where it cannot. */
export function killLeaf(folder: string): boolean {
  return write(folder, 'cgroup.kill', '1');
}

/** How many of its processes the kernel has killed for their memory. */
export function memoryKills(folder: string): number {
  return eventCount(read(folder, 'memory.events'), 'oom_kill');
}

function read(folder: string, file: string): string {
  try {
    return readFileSync(join(folder, file), 'utf8');
  } catch {
    // The group is gone, and everybody with it; or its controller is off.
    return '';
  }
}

/** Never makes a file: in a folder that is gone there is nobody to be told. */
function write(folder: string, file: string, text: string): boolean {
  try {
    writeFileSync(join(folder, file), text, { flag: 'r+' });
    return true;
  } catch {
    return false;
  }
}
