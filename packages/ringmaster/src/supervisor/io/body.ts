import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import type { ServerSpec } from '../../fleet/fleet.ts';
import type { Exit } from '../instance.ts';
import type { InstanceRecord } from '../record.ts';
import type { Cgroups, Leaf } from './cgroups.ts';
import { createChannel, type PipeChannel } from './channel.ts';
import { leaderIsAlive, type ProcessFamily } from './end-processes.ts';
import { type Permit, spawnPermitted } from './gate.ts';
import type { GuardianLink } from './guardian-link.ts';
import type { ConcreteLaunch } from './launch.ts';
import type { LogCapture } from './log-capture.ts';
import { createStrayCapture } from './log-strays.ts';
import { type PipeShop, readBack } from './pipes.ts';
import { startTimeOf } from './process-table.ts';
import type { Sampler } from './sampler.ts';
import { spawnInto } from './spawn-into.ts';
import { closeAll, type OurEnds, openPipes, reopenPipes, type TheirEnds } from './streams.ts';

/** A running process with its pipes. */
export interface Body {
  readonly family: ProcessFamily;
  readonly pipes: InstanceRecord['pipes'];
  /** Number of its log pipe, for the last lines. */
  readonly logPipe: number;
  readonly channel: PipeChannel | undefined;
  /** Lets a stdio server read the end of its input. */
  endInput(): void;
  /** Writes to the input of a service that wants some; false when it has none, or does not read it. */
  write(text: string): boolean;
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
  readonly sampler: Sampler;
  readonly cgroups: Cgroups;
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
  what: {
    readonly spec: ServerSpec;
    readonly launch: ConcreteLaunch;
    readonly permit: Permit;
    readonly mark: string;
  },
  onGone: (exit: Exit) => void,
): Body | undefined {
  const { spec, launch } = what;
  const { pipes, ours, theirs } = openPipes(needs.pipeShop, spec);
  const leaf = needs.cgroups.open(what.mark, spec.resources);
  const child = run(what.permit, launch, theirs, leaf);
  closeAll([theirs.input, theirs.output, theirs.error]);
  const logPipe = needs.logs.open(spec.name, ours.logFd, spec.logs);
  if (child instanceof Error || child.pid === undefined) {
    closeAll([ours.writeFd, ours.readFd]);
    for (const path of Object.values(pipes)) needs.pipeShop.discard(path);
    const tell = ({ message }: Error) => onGone({ kind: 'spawnFailed', message });
    if (child instanceof Error) setImmediate(tell, child);
    else child.once('error', tell);
    return undefined;
  }
  needs.guardian.hold(pipes.in);
  const { pid } = child;
  const cgroup = leaf?.folder;
  const seen = () => needs.sampler.membersOf(pid);
  const family = { pid, startTime: startTimeOf(pid) ?? '', mark: what.mark, pipes, cgroup, seen };
  return assemble(needs, { spec, family, pipes, logPipe, ours, child }, onGone);
}

/** Takes up a process an earlier daemon started; undefined when its pipes are gone. */
export function adoptBody(
  needs: BodyNeeds,
  what: { readonly spec: ServerSpec; readonly record: InstanceRecord },
  onGone: (exit: Exit) => void,
): Body | undefined {
  const { spec, record } = what;
  const { pipes } = record;
  const ours = reopenPipes(pipes);
  if (ours === undefined) return undefined;
  const logPipe = needs.logs.open(spec.name, ours.logFd, spec.logs);
  needs.guardian.hold(pipes.in);
  const { pid, startTime, mark, cgroup } = record;
  const seen = () => needs.sampler.membersOf(pid);
  const family = { pid, startTime, mark, pipes, cgroup, seen };
  return assemble(needs, { spec, family, pipes, logPipe, ours, child: undefined }, onGone);
}

/** Starts the process; what Node refuses to try, such as a zero byte in an argument, comes back as an error. */
function run(
  permit: Permit,
  { cwd, env }: ConcreteLaunch,
  { input, output, error }: TheirEnds,
  leaf: Leaf | undefined,
): ChildProcess | Error {
  try {
    const options = { cwd, env, stdio: [input, output, error] };
    return leaf === undefined ? spawnPermitted(permit, options) : spawnInto(leaf, permit, options);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

interface Parts {
  readonly spec: ServerSpec;
  readonly family: ProcessFamily;
  readonly pipes: InstanceRecord['pipes'];
  readonly logPipe: number;
  readonly ours: OurEnds;
  readonly child: ChildProcess | undefined;
}

function assemble(needs: BodyNeeds, parts: Parts, onGone: (exit: Exit) => void): Body {
  const { spec, family, pipes, ours, child } = parts;
  let outputEnded = () => {};
  const { writeFd, readFd } = ours;
  const channel =
    writeFd === undefined || readFd === undefined
      ? undefined
      : createChannel({
          ...{ writeFd, readFd },
          maxMessageBytes: spec.limits.maxMessageBytes,
          onTooLong: (bytes) =>
            needs.logs.note(
              spec.name,
              `[ringmaster] dropped a message of ${bytes} bytes, over limits.maxMessageBytes\n`,
              spec.logs,
            ),
          onEveryLine: createStrayCapture(
            (text) => needs.logs.note(spec.name, text, spec.logs),
            () => performance.now(),
          ),
          onEnd: () => outputEnded(),
        });
  const input = channel === undefined && writeFd !== undefined ? createInput(writeFd) : undefined;
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
      input?.end();
    },
    write: (text) => input?.write(text) ?? false,
    unread() {
      if (pipes.in === undefined || channel === undefined) return [];
      return [...readBack(pipes.in).split('\n'), ...channel.unsent()].filter(Boolean);
    },
    release() {
      watch.stop();
      if (pipes.in !== undefined) needs.guardian.drop(pipes.in);
      channel?.close();
      input?.destroy();
      for (const path of Object.values(pipes)) needs.pipeShop.discard(path);
    },
  };
}

/** Most text that waits for a service to read it. */
const inputMaxBytes = 1_048_576;

/** The input of a service, as far as somebody may write to it. */
function createInput(fd: number) {
  const socket = new Socket({ fd, readable: false, writable: true });
  // A service that closed its input, or died, answers with EPIPE; the next write says so.
  socket.on('error', () => {});
  return {
    write(text: string): boolean {
      if (socket.destroyed || socket.writableLength > inputMaxBytes) return false;
      socket.write(text);
      return true;
    },
    end: () => void socket.end(() => socket.destroy()),
    destroy: () => void socket.destroy(),
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
