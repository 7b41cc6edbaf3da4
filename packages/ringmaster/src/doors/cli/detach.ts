import { spawn } from 'node:child_process';
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Problem } from '../../errors.ts';
import { createClient, type DaemonClient } from './client.ts';
import { seeDaemon } from './daemon-record.ts';
import { printable } from './format.ts';
import { binPath } from './own-command.ts';
import type { Terminal } from './terminal.ts';
import { lookEveryMs, pause } from './wait.ts';

/** A daemon as `up` wants it. */
export interface WantedDaemon {
  readonly file: string;
  readonly dataDir: string;
  readonly port: number | undefined;
  readonly profile: string | undefined;
}

/** Longest wait until a daemon left behind answers. */
const answerMaxMs = 30_000;
/** Size at which the log is set aside at the next start. */
const logMaxBytes = 10_000_000;
/** Lines of its log that are shown when it could not start. */
const shownLines = 12;

/**
 * Starts a daemon that outlives this process, its words going to `<dataDir>/logs/daemon.log`, and waits until it
 * answers. A daemon that ends before that is a Problem with the last lines it wrote.
 */
export async function startDetached(
  wanted: WantedDaemon,
  terminal: Terminal,
): Promise<DaemonClient> {
  const seen = seeDaemon(wanted.dataDir);
  if (seen.kind === 'running') {
    const { pid } = seen.record;
    const { dataDir } = wanted;
    throw new Problem('daemon_running', terminal.say('up.already', { pid, dataDir }));
  }
  const logPath = join(wanted.dataDir, 'logs', 'daemon.log');
  const log = openLog(logPath);
  const logBeginBytes = fstatSync(log).size;
  const child = spawn(process.execPath, [binPath(), ...argumentsFor(wanted, terminal)], {
    cwd: terminal.cwd,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const ended = new Promise<{ kind: 'ended'; code: number }>((resolve) => {
    child.once('exit', (code) => resolve({ kind: 'ended', code: code ?? 1 }));
    child.once('error', () => resolve({ kind: 'ended', code: 1 }));
  });
  terminal.note(terminal.say('up.detaching', { pid: child.pid ?? 0, log: logPath }));
  const given = new AbortController();
  const answered = answers(wanted.dataDir, child.pid, { terminal, stop: given.signal });
  const outcome = await Promise.race([ended, answered]);
  given.abort();
  child.unref();
  if (outcome.kind === 'ended') {
    const code = outcome.code === 3 ? 'fleet_invalid' : 'daemon_failed';
    // What to do is said below, for this problem, too.
    const hint = terminal.say('failure.hint', { hint: terminal.hint(code) });
    const said = lastWords(logPath, logBeginBytes).filter((line) => line.trim() !== hint);
    throw new Problem(
      code,
      terminal.say('up.endedEarly', { log: logPath, lines: said.slice(-shownLines).join('\n') }),
    );
  }
  if (outcome.kind === 'late') {
    const seconds = answerMaxMs / 1_000;
    throw new Problem(
      'daemon_unreachable',
      terminal.say('up.late', { pid: child.pid ?? 0, seconds, log: logPath }),
    );
  }
  return outcome.client;
}

type Answered =
  | { readonly kind: 'answered'; readonly client: DaemonClient }
  | { readonly kind: 'late' };

async function answers(
  dataDir: string,
  pid: number | undefined,
  { terminal, stop }: { readonly terminal: Terminal; readonly stop: AbortSignal },
): Promise<Answered> {
  const giveUpAtMs = performance.now() + answerMaxMs;
  while (performance.now() < giveUpAtMs && !stop.aborted) {
    const seen = seeDaemon(dataDir);
    if (seen.kind === 'running' && seen.record.pid === pid) {
      const client = createClient(seen.record, terminal.say);
      if (await isAnswering(client)) return { kind: 'answered', client };
    }
    await pause(lookEveryMs / 2, stop);
  }
  return { kind: 'late' };
}

async function isAnswering(client: DaemonClient): Promise<boolean> {
  try {
    await client.ask('fleet.get', {});
    return true;
  } catch {
    // Its record is there before it listens; the caller looks again until its time is over.
    return false;
  }
}

function argumentsFor(wanted: WantedDaemon, terminal: Terminal): readonly string[] {
  return [
    'up',
    ...['--file', wanted.file, '--data-dir', wanted.dataDir, '--lang', terminal.language],
    ...(wanted.port === undefined ? [] : ['--port', String(wanted.port)]),
    ...(wanted.profile === undefined ? [] : ['--profile', wanted.profile]),
  ];
}

/** Appends to the log; one that has grown large becomes `daemon.log.1`, and the one before that is gone. */
function openLog(path: string): number {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const isLarge = (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > logMaxBytes;
  if (isLarge) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
}

function lastWords(logPath: string, beginBytes: number): readonly string[] {
  const words = printable(readFileSync(logPath).subarray(beginBytes).toString('utf8'));
  return words.trimEnd().split('\n');
}
