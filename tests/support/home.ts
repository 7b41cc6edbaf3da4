import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { guardianOf, isGuarded } from './guarded.ts';
import { legacyClient, type McpClient, modernClient } from './mcp-client.ts';
import { isAlive, type MarkedProcess, markedProcesses, markName, signal } from './processes.ts';
import { serverFile } from './stdio-server.ts';
import { waitCalmly } from './wait.ts';

/** Longest that one command of a test may take. */
const commandTimeoutMs = 120_000;
const guardedMaxMs = 20_000;

/** The machine that runs the tests may be busy, and its disk full: neither is news of the fleet that is tested. */
const machineAside = { cpuPercent: false, memoryPercent: false, diskPercent: false };

type Entry = Readonly<Record<string, unknown>>;

export interface FleetText {
  readonly servers: Readonly<Record<string, Entry>>;
  readonly [setting: string]: unknown;
}

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with a fleet file and a data directory, in which daemons are started and commands run. */
export interface Home {
  readonly folder: string;
  readonly file: string;
  readonly dataDir: string;
  /** Replaces the fleet file. */
  write(fleet: FleetText): void;
  /** Starts the built daemon in the foreground and waits until it answers, or until every server is ready. */
  up(until?: 'answers' | 'ready', args?: readonly string[]): Promise<Daemon>;
  /** Runs one command of the built command line on this fleet and data directory. */
  run(...args: readonly string[]): Promise<Outcome>;
  /** Runs a command with `--json` and parses what it prints. */
  json<T = Record<string, unknown>>(...args: readonly string[]): Promise<T>;
  /** Living processes of this home: daemons, their helpers, servers and what these started. */
  processes(): MarkedProcess[];
  /** Only those that run a test server of this name. */
  servers(name: string): MarkedProcess[];
  [Symbol.asyncDispose](): Promise<void>;
}

export interface Daemon {
  readonly pid: number;
  readonly child: ChildProcess;
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** Everything it printed so far. */
  output(): string;
  legacy(path?: string): Promise<McpClient>;
  modern(path?: string): McpClient;
  /** GET or POST below `/api`. */
  api<T = Record<string, unknown>>(path: string, body?: object): Promise<T>;
  /** SIGKILL, as a power cut would. */
  kill(): Promise<void>;
  /** SIGTERM, an orderly stop; its exit code. */
  stop(): Promise<number | null>;
}

const bin = fileURLToPath(
  new URL('../../../packages/ringmaster/bin/ringmaster.js', import.meta.url),
);

/** A fleet entry for a server of `tests/servers`. */
export function entry(name: string, args: readonly string[] = [], more: Entry = {}): Entry {
  return { command: process.execPath, args: [serverFile(name), ...args], ...more };
}

/**
 * Makes a home; whatever of it still runs at the end of the scope is killed, by pid. `environment` is that of its daemons
 * and commands.
 */
export function createHome(
  fleet: FleetText,
  environment: Readonly<Record<string, string>> = {},
  /** Program and first arguments that become the daemon; its own command line follows. */
  through: readonly string[] = [],
): Home {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-journey-'));
  const file = join(folder, 'ringmaster.yaml');
  const dataDir = join(folder, 'data');
  const mark = randomUUID();
  const env = {
    ...process.env,
    [markName]: mark,
    LC_ALL: 'C.UTF-8',
    NO_COLOR: '1',
    ...environment,
  };
  const where = ['--file', file, '--data-dir', dataDir];

  function write(text: FleetText): void {
    // JSON is YAML; the mark goes into every server, as servers do not inherit our environment.
    const servers = Object.entries(text.servers).map(([name, one]) => [
      name,
      'command' in one ? { ...one, env: { ...(one['env'] as Entry), [markName]: mark } } : one,
    ]);
    const whole = { fleet: 'journey', listen: { port: 0 }, alerts: machineAside, ...text };
    writeFileSync(
      file,
      JSON.stringify({ ...whole, servers: Object.fromEntries(servers) }, null, 2),
    );
  }

  async function up(until: 'answers' | 'ready' = 'ready', args: readonly string[] = []) {
    rmSync(join(dataDir, 'run', 'daemon.json'), { force: true });
    const [program = process.execPath, ...words] = [...through, process.execPath, bin];
    const child = spawn(program, [...words, 'up', ...where, ...args], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return watchDaemon({ child, dataDir, until });
  }

  async function run(...args: readonly string[]): Promise<Outcome> {
    const [command = '', ...rest] = args;
    const child = spawn(process.execPath, [bin, command, ...where, ...rest], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: commandTimeoutMs,
    });
    const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
    const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
    return { code, stdout: stdout(), stderr: stderr() };
  }

  write(fleet);
  return {
    folder,
    file,
    dataDir,
    write,
    up,
    run,
    async json<T>(...args: readonly string[]) {
      const { stdout, stderr } = await run(...args, '--json');
      if (stdout === '') throw new Error(`${args.join(' ')} printed nothing: ${stderr}`);
      return JSON.parse(stdout) as T;
    },
    processes: () => markedProcesses(mark),
    servers: (name) =>
      markedProcesses(mark).filter((one) => one.commandLine.includes(`/servers/${name}.js`)),
    async [Symbol.asyncDispose]() {
      // Twice: what was starting a process when it was killed may have left a new one.
      for (const _ of [1, 2]) for (const { pid } of markedProcesses(mark)) signal(pid, 'SIGKILL');
      await waitCalmly('the end of every process', () => markedProcesses(mark).length === 0);
      // It would write into the folder while that is removed.
      const guardian = guardianOf(dataDir);
      if (guardian !== undefined) signal(guardian, 'SIGKILL');
      await waitCalmly('the end of the guardian', () => guardianOf(dataDir) === undefined);
      await waitCalmly('the folder to be gone', () => isRemoved(folder));
    },
  };
}

async function watchDaemon(started: {
  readonly child: ChildProcess;
  readonly dataDir: string;
  readonly until: 'answers' | 'ready';
}): Promise<Daemon> {
  const { child, dataDir, until } = started;
  const texts = [collect(child.stdout), collect(child.stderr)];
  const output = () => texts.map((text) => text()).join('');
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const port = await waitCalmly('the daemon', () => {
    if (hasEnded()) throw new Error(`The daemon ended with ${child.exitCode}: ${output()}`);
    return readPort(join(dataDir, 'run', 'daemon.json'));
  });
  const origin = `http://127.0.0.1:${port}`;
  const path = until === 'ready' ? '/health/ready' : '/health/live';
  await waitCalmly(`${path} (${output()})`, () => isFine(`${origin}${path}`));
  const ended = async (name: NodeJS.Signals) => {
    child.kill(name);
    await waitCalmly(`the daemon's end (${output()})`, hasEnded);
    return child.exitCode;
  };
  return {
    pid: child.pid ?? 0,
    child,
    origin,
    output,
    legacy: (mcpPath = '/mcp') => legacyClient(`${origin}${mcpPath}`),
    modern: (mcpPath = '/mcp') => modernClient(`${origin}${mcpPath}`),
    api: (apiPath, body) => askApi(`${origin}/api${apiPath}`, body),
    async kill() {
      // A daemon that lived for a while; where the guardian itself is gone, nothing will hold them.
      const isHeld = async () => isGuarded(dataDir, await pidsOf(origin));
      await waitCalmly('the guardian', isHeld, guardedMaxMs).catch(() => undefined);
      await ended('SIGKILL');
      await waitCalmly('the death of the daemon', () => !isAlive(child.pid ?? 0));
    },
    stop: () => ended('SIGTERM'),
  };
}

async function pidsOf(origin: string): Promise<number[]> {
  const { servers } = await askApi<{ servers: readonly { readonly pid?: number }[] }>(
    `${origin}/api/servers`,
    undefined,
  );
  return servers.flatMap(({ pid }) => pid ?? []);
}

async function askApi<T>(url: string, body: object | undefined): Promise<T> {
  const asked = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  const response = await fetch(url, body === undefined ? {} : asked);
  return (await response.json()) as T;
}

async function isFine(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    // Not listening yet.
    return false;
  }
}

function readPort(file: string): number | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { port: number }).port;
  } catch {
    // Being written.
    return undefined;
  }
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}

/** A guardian that is still starting may put its file into a folder that is being emptied: then it is emptied again. */
function isRemoved(folder: string): boolean {
  try {
    rmSync(folder, { recursive: true, force: true });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTEMPTY') return false;
    throw error;
  }
}
