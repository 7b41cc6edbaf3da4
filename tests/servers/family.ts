import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Tool } from './mcp.ts';

/** Starts a grandchild that ignores SIGTERM: in the same process group, or (`detached`) in a session of its own. */
export function startGrandchild(where: 'inGroup' | 'detached'): ChildProcess {
  const file = fileURLToPath(new URL('./grandchild.js', import.meta.url));
  return spawn(process.execPath, [file], { stdio: 'ignore', detached: where === 'detached' });
}

/** A tool that tells the pids of this process and its grandchildren, as JSON text. */
export function familyTool(grandchildren: Readonly<Record<string, ChildProcess>>): Tool {
  return {
    name: 'family',
    description: 'Returns the pids of this process and its grandchildren as JSON',
    run: () => {
      const pids = Object.entries(grandchildren).map(([name, child]) => [name, child.pid] as const);
      return JSON.stringify({ self: process.pid, ...Object.fromEntries(pids) });
    },
  };
}
