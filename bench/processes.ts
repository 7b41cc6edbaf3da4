import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ticksPerSecond = 100;
const startTimeoutMs = 60_000;
const stopTimeoutMs = 30_000;
const pollMs = 5;

/** Whatever is still running when a bench fails ends with it. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGTERM');
});

/** A process under measurement, and how to end it. */
export interface Target {
  readonly pid: number;
  readonly url: string;
  stop(): Promise<void>;
}

/** Absolute path of a file of the project; this file is compiled to `bench/dist`. */
export function inRoot(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

/** CPU time a process and its threads have used so far, in milliseconds (Linux; a tick is 10 ms). */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / ticksPerSecond;
}

/** Resident memory of a process, in bytes. */
export function memoryBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1] ?? 0) * 1_024;
}

/** Pids of the direct children of a process. */
export function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) => {
    const children = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim();
    return children === '' ? [] : children.split(' ').map(Number);
  });
}

/** Starts a server of this bench that prints its port on stdout as its first line. */
export async function startTarget(name: string, args: readonly string[] = []): Promise<Target> {
  const child = spawn(process.execPath, [inRoot(`bench/dist/gateway/${name}.js`), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.add(child);
  const port = await new Promise<string>((resolve) => {
    child.stdout.setEncoding('utf8').once('data', (text: string) => resolve(text.trim()));
  });
  return {
    pid: child.pid ?? 0,
    url: `http://127.0.0.1:${port}/mcp`,
    stop: () => end(child),
  };
}

/**
 * Starts the built daemon on a free port with these servers and settings, in a folder of its own,
 * and waits until all is ready. `prepare` is given the data directory before.
 */
export async function startRingmaster(
  servers: object,
  nodeArgs: readonly string[] = [],
  settings: object = {},
  prepare: (dataDir: string) => Promise<unknown> = () => Promise.resolve(),
): Promise<Target & { readyMs: number; dataDir: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-bench-'));
  await prepare(join(folder, 'data'));
  const file = join(folder, 'ringmaster.json');
  writeFileSync(
    file,
    JSON.stringify({ fleet: 'bench', listen: { port: 0 }, ...settings, servers }),
  );
  const bin = inRoot('packages/ringmaster/bin/ringmaster.js');
  const args = [...nodeArgs, bin, 'up', '-q', '-f', file, '--data-dir', join(folder, 'data')];
  const startedMs = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  running.add(child);
  const port = await portOf(join(folder, 'data/run/daemon.json'), child);
  const origin = `http://127.0.0.1:${port}`;
  await poll(async () => (await fetch(`${origin}/health/ready`)).status === 200, child);
  const readyMs = performance.now() - startedMs;
  return {
    pid: child.pid ?? 0,
    url: `${origin}/mcp`,
    readyMs,
    dataDir: join(folder, 'data'),
    async stop() {
      await end(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function portOf(file: string, child: ChildProcess): Promise<number> {
  let port = 0;
  await poll(() => {
    if (!existsSync(file)) return Promise.resolve(false);
    try {
      port = (JSON.parse(readFileSync(file, 'utf8')) as { port: number }).port;
    } catch {
      // Half written; the next look sees it whole.
    }
    return Promise.resolve(port > 0);
  }, child);
  return port;
}

async function poll(look: () => Promise<boolean>, child: ChildProcess): Promise<void> {
  const deadlineMs = performance.now() + startTimeoutMs;
  while (!(await look())) {
    if (child.exitCode !== null) throw new Error(`The daemon ended with ${child.exitCode}`);
    if (performance.now() > deadlineMs) throw new Error(`Not ready within ${startTimeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

async function end(child: ChildProcess): Promise<void> {
  running.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  await gone;
  clearTimeout(timer);
}
