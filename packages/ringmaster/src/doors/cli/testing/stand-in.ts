import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Problem } from '../../../errors.ts';
import type { Perform } from '../../../operations/asked.ts';
import type { Handlers } from '../../../operations/index.ts';
import { performOperation } from '../../../operations/perform.ts';
import type { ServerView } from '../../../operations/servers.ts';
import { startTimeOf } from '../../../supervisor/io/process-table.ts';
import { createApi } from '../../http/api.ts';
import { keysInMemory } from '../../http/testing/keys-in-memory.ts';
import { ownVersion } from '../version.ts';

/** How a command line that was run ended. */
interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command line that runs, and what it has said so far. */
interface Running {
  readonly child: ChildProcess;
  readonly said: { stdout: string; stderr: string };
  readonly ended: Promise<Ended>;
}

/** A folder of its own for one test, with a fleet file, and ways to run the built command in it. */
export interface Bench {
  readonly folder: string;
  readonly dataDir: string;
  run(...words: string[]): Promise<Ended>;
  start(
    words: readonly string[],
    more?: { readonly env?: Readonly<Record<string, string>>; readonly input?: string },
  ): Running;
  /** Whatever the test leaves running is ended by the command itself, dead daemon or not. */
  endAfterwards(): void;
  /** Writes what a daemon writes so that it is found. */
  record(fields: Readonly<Record<string, unknown>>): void;
  /** The real REST door over handlers of the test, in this process; operations without one fail the test. */
  serve(handlers: Partial<Handlers>): Promise<Server>;
}

/** Longest that one command of a test may take. */
const commandMaxMs = 60_000;
const bin = fileURLToPath(new URL('../../../../bin/ringmaster.js', import.meta.url));

/** Everything it made is gone when the test is over. */
export function createBench(context: { after(clean: () => Promise<void>): void }): Bench {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-cli-'));
  const dataDir = join(folder, 'state', 'ringmaster', 'demo');
  mkdirSync(join(dataDir, 'run'), { recursive: true });
  writeFileSync(join(folder, 'ringmaster.yaml'), 'fleet: demo\nservers: {}\n');
  const cleanUps: (() => unknown)[] = [() => rmSync(folder, { recursive: true })];
  // Last made, first cleaned: what runs in the folder goes before the folder.
  context.after(async () => {
    for (const clean of cleanUps.reverse()) await clean();
  });
  const { PATH, TZ } = process.env;
  const env = { HOME: folder, XDG_STATE_HOME: join(folder, 'state'), PATH, TZ };

  const start: Bench['start'] = (words, more = {}) => {
    const child = spawn(process.execPath, [bin, ...words], {
      cwd: folder,
      env: { ...env, ...more.env },
      timeout: commandMaxMs,
    });
    cleanUps.push(() => child.kill('SIGKILL'));
    const said = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
    child.stdin.end(more.input ?? '');
    const ended = new Promise<Ended>((resolve) => {
      child.once('close', (code) => resolve({ code, ...said }));
    });
    return { child, said, ended };
  };
  const record: Bench['record'] = (fields) => {
    const startTime = startTimeOf(Number(fields['pid'] ?? process.pid));
    const whole = {
      ...{ pid: process.pid, startTime, host: '127.0.0.1', version: ownVersion() },
      ...{ file: join(folder, 'ringmaster.yaml'), ...fields },
    };
    writeFileSync(join(dataDir, 'run', 'daemon.json'), JSON.stringify(whole));
  };
  return {
    folder,
    dataDir,
    start,
    record,
    run: (...words) => start(words).ended,
    endAfterwards() {
      cleanUps.push(() => start(['down']).ended);
    },
    async serve(handlers) {
      const server = await listen(handlers);
      cleanUps.push(() => server.close().closeAllConnections());
      record({ port: (server.address() as AddressInfo).port });
      return server;
    },
  };
}

async function listen(handlers: Partial<Handlers>): Promise<Server> {
  const missing = () => Promise.reject(new Problem('bug', 'The test has no handler for this'));
  const all = new Proxy(handlers, { get: (target, name) => Reflect.get(target, name) ?? missing });
  const perform: Perform = (name, given) => performOperation(all as Handlers, name, given);
  const api = createApi(perform, keysInMemory(), () => undefined);
  const server = createServer((request, response) => api(request, response, request.url ?? '/'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** A ready stdio server, except for what the test says. */
export function view(name: string, more: Partial<ServerView> = {}): ServerView {
  return {
    ...{ server: name, kind: 'stdio', wanted: 'running', state: 'ready', why: 'it answers' },
    ...{
      sinceMs: 1_000,
      generation: 1,
      adopted: false,
      instances: 1,
      readyInstances: 1,
      pool: { mode: 'auto', min: 1, max: 8, leased: 0 },
      restarts: 0,
      calls: 12,
      failedCalls: 1,
    },
    ...{
      limits: [],
      features: [],
      inFlight: 0,
      tools: 3,
      pid: 4_242,
      uptimeMs: 192_000,
      memoryBytes: 58_000_000,
    },
    ...more,
  };
}

/** Waits until something is so, or fails with what it was instead. */
export async function until(isSo: () => boolean, otherwise: () => string): Promise<void> {
  const giveUpAtMs = Date.now() + commandMaxMs;
  while (!isSo()) {
    if (Date.now() > giveUpAtMs) throw new Error(`Waited in vain: ${otherwise()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
