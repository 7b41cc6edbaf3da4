import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandLine, Peer, PeerOptions, PeerRun, Worker } from './peer.ts';

const markName = 'RINGMASTER_PEER_BENCH';
const lookEveryMs = 2;

/** A worker writes `NAME PID` to the file of starts, then does what its mode says; plain sh, so that it starts in 1 ms. */
const workerScript = `#!/bin/sh
echo "$2 $$" >> "$3"
deaf='trap "" TERM; while :; do sleep 0.5; done'
case $1 in
idle) while :; do sleep 100000; done ;;
chatty) while :; do echo "a line of output"; sleep 0.05; done ;;
crash) exit 7 ;;
stubborn) trap "" TERM; sh -c "$deaf" & setsid sh -c "$deaf" & while :; do sleep 0.5; done ;;
leaver) sh -c "$deaf" & trap "exit 0" TERM; while :; do sleep 0.2; done ;;
esac
`;

/** A start that was seen. */
export interface Start {
  readonly name: string;
  readonly pid: number;
  readonly atMs: number;
}

/** A manager on a stage of its own: a folder, a mark, and a view of all that it starts. */
export interface Stage {
  readonly begun: number;
  starts(): readonly Start[];
  /** Resolves with the time when so many starts were seen; undefined when it gave up. */
  whenStarted(count: number, withinMs: number): Promise<number | undefined>;
  begin(again: boolean): void;
  command(line: CommandLine): Promise<void>;
  /** Pid of the manager. */
  manager(): number;
  /** Living workers and what they started; `leaders` leaves out the latter. */
  workers(which: 'all' | 'leaders'): number[];
  /** Living processes of the manager itself. */
  managers(): number[];
  readonly run: PeerRun;
  end(): Promise<void>;
}

/** Sets the stage; nothing is begun yet. */
export async function setStage(
  peer: Peer,
  modes: readonly string[],
  options: PeerOptions,
): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), `peer-${peer.name}-`));
  const startsFile = join(folder, 'starts');
  const script = join(folder, 'worker.sh');
  writeFileSync(startsFile, '');
  writeFileSync(script, workerScript, { mode: 0o755 });
  const mark = randomUUID();
  const run: PeerRun = { folder, environment: { [markName]: mark }, port: await freePort() };
  const workers = modes.map((mode, at): Worker => {
    const name = `w${at}`;
    return { name, command: '/bin/sh', args: [script, mode, name, startsFile] };
  });
  peer.prepare(run, workers, options);
  const env = { ...process.env, ...run.environment, ...peer.environment?.(run) };
  const seen: Start[] = [];
  let root: ChildProcess | undefined;
  let begun = 0;

  function look(): void {
    const lines = readFileSync(startsFile, 'utf8').split('\n').slice(0, -1);
    const atMs = performance.now();
    for (const line of lines.slice(seen.length)) {
      const [name = '', pid] = line.split(' ');
      seen.push({ name, pid: Number(pid), atMs });
    }
  }
  const looking = setInterval(look, lookEveryMs);

  function launch([file, ...args]: CommandLine): ChildProcess {
    return spawn(file, args, { cwd: folder, env, stdio: 'ignore', detached: true });
  }

  const isWorker = ({ words }: Process) => /^(\/bin\/)?(sh|sleep|setsid)$/.test(words[0] ?? '');
  return {
    run,
    get begun() {
      return begun;
    },
    starts: () => seen,
    async whenStarted(count, withinMs) {
      const untilMs = performance.now() + withinMs;
      while (seen.length < count && performance.now() < untilMs) await passed(lookEveryMs);
      return seen[count - 1]?.atMs;
    },
    begin(again) {
      begun = performance.now();
      root = launch(peer.begin(run, again));
      root.unref();
    },
    command: (line) =>
      new Promise((resolve) =>
        launch(line)
          .once('exit', () => resolve())
          .once('error', () => resolve()),
      ),
    manager: () => peer.daemon?.(run) ?? root?.pid ?? 0,
    workers: (which) =>
      marked(mark)
        .filter(isWorker)
        .filter(({ words }) => which === 'all' || words.includes(startsFile))
        .map(({ pid }) => pid),
    managers: () =>
      marked(mark)
        .filter((one) => !isWorker(one))
        .map(({ pid }) => pid),
    async end() {
      clearInterval(looking);
      for (let tries = 0; tries < 100; tries += 1) {
        const left = marked(mark);
        if (left.length === 0) break;
        // Managers first, or they would start what is killed again.
        for (const { pid } of left.toSorted((a, b) => Number(isWorker(a)) - Number(isWorker(b))))
          kill(pid);
        await passed(50);
      }
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

interface Process {
  readonly pid: number;
  readonly words: readonly string[];
}

/** Living processes that carry the mark; guardians of ours carry none and are found by their folder. */
function marked(mark: string): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => fileOf(pid, 'environ').includes(`${markName}=${mark}`))
    .filter((pid) => !/^\d+ \(.*\) Z/.test(fileOf(pid, 'stat')))
    .map((pid) => ({ pid: Number(pid), words: fileOf(pid, 'cmdline').split('\0') }));
}

function fileOf(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    // It ended meanwhile.
    return '';
  }
}

/** Ends a process of a run; one that is gone already is fine. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

/** Whether a process runs. */
export function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !/^\d+ \(.*\) Z/.test(fileOf(String(pid), 'stat'));
}

/** Waits; the bench measures what happens by itself. */
export function passed(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}
