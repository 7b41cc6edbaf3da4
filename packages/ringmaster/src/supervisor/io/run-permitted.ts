import { type Permit, spawnPermitted } from './gate.ts';

/** How a program that is no server is run. */
interface RunOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  /** What it reads on stdin; nothing when left out. */
  readonly input?: string;
}

/** Runs a program to its end: resolves when it exits with 0. It is killed, with its group, when it is late. */
export function runPermitted(permit: Permit, options: RunOptions): Promise<void> {
  const { cwd, env, timeoutMs, input } = options;
  const file = permit.program;
  return new Promise((resolve, reject) => {
    const stdin = input === undefined ? 'ignore' : 'pipe';
    const child = spawnPermitted(permit, { cwd, env, stdio: [stdin, 'ignore', 'ignore'] });
    const timer = setTimeout(() => {
      kill(child.pid);
      reject(new Error(`${file} did not end in ${timeoutMs} ms`));
    }, timeoutMs);
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve();
      else reject(new Error(`${file} ended with ${signal ?? `code ${code}`}`));
    });
    // A program that does not read its input says so by how it ends.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

function kill(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended in this very moment.
  }
}
