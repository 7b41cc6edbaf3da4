import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import type { ServerSpec } from '../../fleet/fleet.ts';
import type { Exit } from '../instance.ts';
import type { InstanceRecord } from '../record.ts';
import { createChannel, type PipeChannel } from './channel.ts';
import { leaderIsAlive, type ProcessFamily } from './end-processes.ts';
import type { GuardianLink } from './guardian-link.ts';
import type { ConcreteLaunch } from './launch.ts';
import type { LogCapture } from './log-capture.ts';
import {
  openReader,
  openServerInput,
  openServerOutput,
  openWriter,
  type PipeShop,
  readBack,
} from './pipes.ts';
import { startTimeOf } from './process-table.ts';

/** A running process with its pipes. */
export interface Body {
  readonly family: ProcessFamily;
  readonly pipes: InstanceRecord['pipes'];
  /** Number of its log pipe, for the last lines. */
  readonly logPipe: number;
  readonly channel: PipeChannel | undefined;
  /** Lets a stdio server read the end of its input. */
  endInput(): void;
  /** Messages it never read; only to be asked when it is dead. */
  unread(): readonly string[];
  /** Closes every descriptor and removes the pipes; the process is not touched. */
  release(): void;
}

/** Collaborators of every body. */
export interface BodyNeeds {
  readonly pipeShop: PipeShop;
  readonly guardian: GuardianLink;
  readonly logs: LogCapture;
}

/** After its leader died, how long the rest of its output is read before the death is told. */
const lastWordsMs = 20;
/** How often an adopted process, which is not our child, is asked whether it is there; its output tells sooner. */
const askMs = 250;
/**
 * Every so many times the process table is read too, as a zombie is there, and so is whoever got its number since.
 * Reading it always cost 1 % of a core with 50 adopted servers.
 */
const asksPerLook = 8;

/**
 * Starts the process of one generation; `onGone` is called once, when its leader is gone and its output is read. When it
 * cannot be started there is no body, and `onGone` says why a moment later.
 */
export function spawnBody(
  needs: BodyNeeds,
  what: { readonly spec: ServerSpec; readonly launch: ConcreteLaunch; readonly mark: string },
  onGone: (exit: Exit) => void,
): Body | undefined {
  const { spec, launch } = what;
  const hasChannel = spec.kind === 'stdio';
  const log = needs.pipeShop.take();
  const protocol = hasChannel
    ? { in: needs.pipeShop.take(), out: needs.pipeShop.take() }
    : undefined;
  const pipes: InstanceRecord['pipes'] = { ...protocol, log };
  const logReader = openReader(log);
  const theirLog = openServerOutput(log);
  const streams = protocol === undefined ? undefined : openStreams(protocol);
  const child = spawn(launch.command ?? '', launch.args, {
    cwd: launch.cwd,
    env: launch.env,
    stdio: [streams?.theirInput ?? 'ignore', streams?.theirOutput ?? theirLog, theirLog],
    detached: true,
  });
  if (streams !== undefined) {
    closeSync(streams.theirInput);
    closeSync(streams.theirOutput);
  }
  closeSync(theirLog);
  const logPipe = needs.logs.open(spec.name, logReader, spec.logs);
  if (child.pid === undefined) {
    child.once('error', (error) => onGone({ kind: 'spawnFailed', message: error.message }));
    if (streams !== undefined) {
      closeSync(streams.writeFd);
      closeSync(streams.readFd);
    }
    for (const path of Object.values(pipes)) needs.pipeShop.discard(path);
    return undefined;
  }
  if (pipes.in !== undefined) needs.guardian.hold(pipes.in);
  const startTime = startTimeOf(child.pid) ?? '';
  const family = { pid: child.pid, startTime, mark: what.mark };
  return assemble(needs, { spec, family, pipes, logPipe, streams, child }, onGone);
}

/** Takes up a process an earlier daemon started; undefined when its pipes are gone. */
export function adoptBody(
  needs: BodyNeeds,
  what: { readonly spec: ServerSpec; readonly record: InstanceRecord },
  onGone: (exit: Exit) => void,
): Body | undefined {
  const { spec, record } = what;
  const { pipes } = record;
  let streams: Streams | undefined;
  let logReader: number;
  try {
    if (pipes.in !== undefined && pipes.out !== undefined)
      streams = { writeFd: openWriter(pipes.in), readFd: openReader(pipes.out) };
    logReader = openReader(pipes.log);
  } catch {
    // ENXIO or ENOENT: the process closed its input, or somebody removed the pipe.
    return undefined;
  }
  const logPipe = needs.logs.open(spec.name, logReader, spec.logs);
  if (pipes.in !== undefined) needs.guardian.hold(pipes.in);
  const family = { pid: record.pid, startTime: record.startTime, mark: record.mark };
  return assemble(needs, { spec, family, pipes, logPipe, streams, child: undefined }, onGone);
}

/** Our ends of a stdio server's streams. */
interface Streams {
  readonly writeFd: number;
  readonly readFd: number;
}

function openStreams(paths: { readonly in: string; readonly out: string }) {
  const input = openServerInput(paths.in);
  const readFd = openReader(paths.out);
  return {
    theirInput: input.theirs,
    theirOutput: openServerOutput(paths.out),
    writeFd: input.ours,
    readFd,
  };
}

interface Parts {
  readonly spec: ServerSpec;
  readonly family: ProcessFamily;
  readonly pipes: InstanceRecord['pipes'];
  readonly logPipe: number;
  readonly streams: Streams | undefined;
  readonly child: ChildProcess | undefined;
}

function assemble(needs: BodyNeeds, parts: Parts, onGone: (exit: Exit) => void): Body {
  const { spec, family, pipes, streams, child } = parts;
  let outputEnded = () => {};
  const channel =
    streams === undefined
      ? undefined
      : createChannel({
          ...streams,
          maxMessageBytes: spec.limits.maxMessageBytes,
          onTooLong: (bytes) =>
            needs.logs.note(
              spec.name,
              `[ringmaster] dropped a message of ${bytes} bytes, over limits.maxMessageBytes\n`,
              spec.logs,
            ),
          onEnd: () => outputEnded(),
        });
  const watch =
    child === undefined
      ? watchStranger(family, onGone)
      : watchChild(child, channel !== undefined, onGone);
  outputEnded = watch.outputEnded;
  return {
    family,
    pipes,
    logPipe: parts.logPipe,
    channel,
    endInput() {
      if (pipes.in !== undefined) needs.guardian.drop(pipes.in);
      channel?.endInput();
    },
    unread() {
      if (pipes.in === undefined || channel === undefined) return [];
      return [...readBack(pipes.in).split('\n'), ...channel.unsent()].filter(Boolean);
    },
    release() {
      watch.stop();
      if (pipes.in !== undefined) needs.guardian.drop(pipes.in);
      channel?.close();
      for (const path of Object.values(pipes)) needs.pipeShop.discard(path);
    },
  };
}

/** Watches for the end of a leader; `outputEnded` is told when nobody holds its output any more. */
interface Watch {
  readonly outputEnded: () => void;
  readonly stop: () => void;
}

function watchChild(child: ChildProcess, hasOutput: boolean, onGone: (exit: Exit) => void): Watch {
  let exit: Exit | undefined;
  let hasEnded = !hasOutput;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const tell = () => {
    if (isOver || exit === undefined) return;
    isOver = true;
    clearTimeout(timer);
    onGone(exit);
  };
  child.on('error', () => {});
  child.on('exit', (code, signal) => {
    exit = code === null ? { kind: 'signalled', signal: signal ?? '?' } : { kind: 'exited', code };
    // What it wrote last may still be in the pipe: answers that were given must not count as lost.
    if (hasEnded) tell();
    else timer = setTimeout(tell, lastWordsMs);
  });
  return {
    outputEnded: () => {
      hasEnded = true;
      tell();
    },
    stop: () => {
      isOver = true;
      clearTimeout(timer);
    },
  };
}

function watchStranger(family: ProcessFamily, onGone: (exit: Exit) => void): Watch {
  const look = () => {
    if (leaderIsAlive(family)) return;
    clearInterval(timer);
    onGone({ kind: 'unknown' });
  };
  let asks = 0;
  const timer = setInterval(() => {
    asks += 1;
    if (asks % asksPerLook === 0 || !isThere(family.pid)) look();
  }, askMs);
  timer.unref();
  // The pipe ends a moment before the kernel has taken the process away.
  return {
    outputEnded: () => void setTimeout(look, 5),
    stop: () => clearInterval(timer),
  };
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    // Gone, or its number is another user's now; the process table tells which.
    return false;
  }
}
