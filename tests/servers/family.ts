import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Tool } from './mcp.ts';

export interface Grandchild {
  readonly pid: number | undefined;
  /** Resolves when it ignores SIGTERM. */
  readonly deaf: Promise<void>;
}

/**
 * Starts a grandchild that ignores SIGTERM: in the same process group, or (`detached`) in a session of its own.
 * With `inherit` it keeps our stdout and stderr open after we are gone.
 */
export function startGrandchild(
  where: 'inGroup' | 'detached',
  output: 'ignore' | 'inherit' = 'ignore',
): Grandchild {
  const file = fileURLToPath(new URL('./grandchild.js', import.meta.url));
  const child = spawn(process.execPath, [file], {
    stdio: ['ignore', output, output, 'ipc'],
    detached: where === 'detached',
  });
  const deaf = new Promise<void>((resolve) => child.once('message', () => resolve()));
  child.unref();
  return { pid: child.pid, deaf };
}

/** A tool that tells the pids of this process and its grandchildren, as JSON text, once they ignore SIGTERM. */
export function familyTool(family: Readonly<Record<string, Grandchild>>): Tool {
  return {
    name: 'family',
    description: 'Returns the pids of this process and its grandchildren as JSON',
    run: async () => {
      await Promise.all(Object.values(family).map((one) => one.deaf));
      const pids = Object.entries(family).map(([name, one]) => [name, one.pid] as const);
      return JSON.stringify({ self: process.pid, ...Object.fromEntries(pids) });
    },
  };
}
