import { createHash } from 'node:crypto';
import { type SpawnGate, spawnPermitted } from './gate.ts';

/** A program that is run once and is no server. */
export interface ProgramWish {
  /** For the gate and its events. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** What it reads on stdin. */
  readonly input: string;
}

/** How long it may take. */
const programTimeoutMs = 10_000;

/** Runs programs through the gate, as servers are: no shell, and its whole group is killed when it is late. */
export function createProgramRunner(
  gate: SpawnGate,
  baseDir: () => string,
): (wish: ProgramWish) => Promise<void> {
  return ({ name, command, args, input }) => {
    const permit = gate.pass({
      ...{ server: name, written: command, command, args, cwd: baseDir(), environment: [] },
      ...{ path: process.env['PATH'], account: { user: undefined, group: undefined } },
      hash: createHash('sha256')
        .update(JSON.stringify([command, args]))
        .digest('hex'),
      openFiles: undefined,
    });
    return new Promise((resolve, reject) => {
      const child = spawnPermitted(permit, {
        ...{ cwd: baseDir(), env: process.env, stdio: ['pipe', 'ignore', 'ignore'] },
      });
      const timer = setTimeout(() => {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
        reject(new Error(`${command} did not end in ${programTimeoutMs} ms`));
      }, programTimeoutMs);
      child.once('error', (error) => {
        clearTimeout(timer);
        reject(error);
      });
      child.once('exit', (code, signal) => {
        clearTimeout(timer);
        if (code === 0) resolve();
        else reject(new Error(`${command} ended with ${signal ?? `code ${code}`}`));
      });
      // A program that does not read its input says so by how it ends.
      child.stdin?.on('error', () => {});
      child.stdin?.end(input);
    });
  };
}
