import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, constants, existsSync, openSync, renameSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openWriter } from './pipes.ts';
import { isSameProcess } from './process-table.ts';
import { readGuardianRecord, runPaths } from './state-file.ts';

/** The daemon's end of the guardian (see `guardian.ts`). */
export interface GuardianLink {
  /** Watches over a process from now on, and keeps its input, if it has one, open beyond our own death. */
  hold(path: string | undefined): void;
  /** Lets go, so that the server can read the end of its input. */
  drop(path: string): void;
  setGrace(graceMs: number): void;
  /** Starts the guardian if there is something to guard and it died; cheap enough for every few seconds. */
  check(): void;
  /** Sends it away: nothing is left to guard. */
  dismiss(): void;
}

const guardianFile = fileURLToPath(new URL('./guardian.js', import.meta.url));

/**
 * A guardian needs little memory; these flags keep V8 from taking more (measured: 38 MB resident instead of 46, most
 * of it shared with the daemon's own Node).
 */
const lean = ['--max-old-space-size=32', '--max-semi-space-size=1', '--v8-pool-size=0', '--no-opt'];

/** Finds the guardian an earlier daemon left; else one is started, after the first process it is to watch over. */
export function linkGuardian(needs: {
  readonly dataDir: string;
  readonly graceMs: number;
  /** The path of a fresh pipe. */
  readonly takePipe: () => string;
}): GuardianLink {
  const { dataDir } = needs;
  const paths = runPaths(dataDir);
  const held = new Set<string>();
  let { graceMs } = needs;
  let fd = reuse();
  let child: ChildProcess | undefined;
  let isNeeded = fd !== undefined;
  let isDismissed = false;

  function reuse(): number | undefined {
    try {
      return openWriter(paths.guardianPipe);
    } catch {
      // No such pipe, or nobody reads it: no guardian.
      return undefined;
    }
  }

  function start(): number {
    if (!existsSync(paths.guardianPipe)) renameSync(needs.takePipe(), paths.guardianPipe);
    const both = openSync(paths.guardianPipe, constants.O_RDWR | constants.O_NONBLOCK);
    child = spawn(process.execPath, [...lean, guardianFile, dataDir], {
      stdio: [both, 'ignore', 'ignore'],
      detached: true,
      env: {},
      cwd: '/',
    }).on('error', () => {});
    child.unref();
    const writer = openWriter(paths.guardianPipe);
    closeSync(both);
    return writer;
  }

  function tell(line: string): void {
    if (fd === undefined) return;
    try {
      writeSync(fd, `${line}\n`);
    } catch {
      // EPIPE: it died; `check` starts another, which is told everything again.
    }
  }

  function tellAll(): void {
    tell(`grace ${graceMs}`);
    for (const path of held) tell(`hold ${path}`);
  }

  function check(): void {
    if (isDismissed || !isNeeded) return;
    if (fd !== undefined && (isRunning(child) || guardianLives(dataDir))) return;
    try {
      const next = start();
      if (fd !== undefined) closeSync(fd);
      fd = next;
      tellAll();
    } catch {
      // The data directory is gone or the machine is out of processes; the next look tries again.
    }
  }

  tellAll();
  return {
    hold: (path) => {
      if (path !== undefined) {
        held.add(path);
        tell(`hold ${path}`);
      }
      if (isNeeded) return;
      isNeeded = true;
      // In the next turn: the servers that are being started come first.
      setImmediate(check);
    },
    drop: (path) => {
      if (held.delete(path)) tell(`drop ${path}`);
    },
    setGrace: (next) => {
      graceMs = next;
      tell(`grace ${graceMs}`);
    },
    check,
    dismiss: () => {
      isDismissed = true;
      tell('bye');
      if (fd !== undefined) closeSync(fd);
    },
  };
}

/** Ours, from the first moment on: while a machine boots, it takes seconds to write down who it is. */
function isRunning(child: ChildProcess | undefined): boolean {
  return child?.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

/** That of an earlier daemon. */
function guardianLives(dataDir: string): boolean {
  const guardian = readGuardianRecord(dataDir);
  return guardian !== undefined && isSameProcess(guardian.pid, guardian.startTime);
}
