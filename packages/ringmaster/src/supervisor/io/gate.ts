import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { Clock } from '../../clock.ts';
import { Problem } from '../../errors.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { Append } from '../../journal/events.ts';
import { judgeSpawn, type SpawnPolicy } from '../spawn-gate.ts';
import { type Account, type AccountWish, findAccount, findClosed } from './accounts.ts';

/** What is about to be run for a server. */
export interface Intent {
  readonly server: string;
  /** As written in the fleet file. */
  readonly written: string;
  /** The same with variables filled in; with a slash it is a path from `cwd` on. */
  readonly command: string;
  readonly args: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** Its entry says where it works; otherwise that is the folder of the fleet file. */
  readonly isCwdSet: boolean;
  /** Variables that its entry sets, its `envFile` included. */
  readonly environment: readonly string[];
  /** The environment it will have; its PATH is searched. */
  readonly path: string | undefined;
  readonly hash: string;
  readonly account: AccountWish;
  /** Files it may have open. */
  readonly openFiles: number | undefined;
}

declare const passed: unique symbol;

/** Leave to run one program once or more often; only the gate gives it, and nothing of a server runs without. */
export interface Permit {
  readonly [passed]: true;
  /** The program that was asked for. */
  readonly program: string;
  /** What is run: the program, or the one that sets its limits and then becomes it. */
  readonly file: string;
  readonly args: readonly string[];
  /** Undefined: as the daemon. */
  readonly account: Account | undefined;
}

/** The one place every new process passes. */
export interface SpawnGate {
  /** Returns a permit, or throws `spawn_refused` or `approval_needed`; refusals are journalled. */
  pass(intent: Intent): Permit;
}

/** What the gate needs. */
export interface GateNeeds {
  readonly clock: Clock;
  readonly append: Append;
  /** As the fleet file says now, with absolute folders. */
  readonly policy: () => SpawnPolicy;
  /** The hash that was approved, or seen first. */
  readonly approved: (server: string) => string | undefined;
  readonly remember: (server: string, hash: string) => void;
}

/** The gate of one daemon. */
export function createSpawnGate(needs: GateNeeds): SpawnGate {
  function refuse(server: string, code: 'approval_needed' | 'spawn_refused', why: string): never {
    needs.append({ atMs: needs.clock.nowMs(), kind: 'spawn.refused', subject: server, why });
    throw new Problem(code, `Server "${server}" may not be started: ${why}`);
  }

  return {
    pass(intent) {
      const { server, written, environment, hash } = intent;
      const hasSlash = intent.command.includes('/');
      // The daemon itself may work anywhere.
      const name = hasSlash ? resolve(intent.cwd, intent.command) : intent.command;
      const program = findProgram(name, intent.path);
      const approved = needs.approved(server);
      const verdict = judgeSpawn(needs.policy(), {
        ...{ command: written, name, environment, hash, approved },
        path: program,
        realPath: program === undefined ? undefined : realpathSync(program),
        isUsual: !hasSlash && program === findProgram(name, process.env['PATH']),
        places: placesOf(intent),
      });
      if (verdict.kind === 'unapproved') return refuse(server, 'approval_needed', verdict.why);
      if (verdict.kind === 'refused') return refuse(server, 'spawn_refused', verdict.why);
      if (program === undefined) return refuse(server, 'spawn_refused', 'found no program');
      const account = findAccount(intent.account);
      if (account !== undefined && 'why' in account)
        return refuse(server, 'spawn_refused', account.why);
      const closed = account && findClosed(account, { ...intent, file: program });
      if (closed !== undefined)
        return refuse(server, 'spawn_refused', `user ${nameOf(account)} ${closed}`);
      if (approved !== hash) needs.remember(server, hash);
      return { program, account, ...limited(program, intent) } as unknown as Permit;
    },
  };
}

/** Runs what the gate let through, as the leader of a group of its own. */
export function spawnPermitted(
  { file, args, account }: Permit,
  options: Pick<SpawnOptions, 'cwd' | 'env' | 'stdio'>,
): ChildProcess {
  const identity = account === undefined ? {} : { uid: account.uid, gid: account.gid };
  return spawn(file, args, { ...options, ...identity, detached: true });
}

/** The program of util-linux that sets limits and then becomes another; undefined where it is not installed. */
export function findLimiter(): string | undefined {
  return findProgram('prlimit', `${process.env['PATH'] ?? ''}${delimiter}/usr/bin`);
}

/** Arguments beyond these are not looked up as files. */
const argsLookedAt = 64;

function placesOf({ cwd, isCwdSet, args }: Intent): string[] {
  const files = args.slice(0, argsLookedAt).flatMap((argument) => realFile(resolve(cwd, argument)));
  const folder = isCwdSet ? realPathOf(cwd) : undefined;
  return folder === undefined ? files : [folder, ...files];
}

function realFile(path: string): string[] {
  const real = realPathOf(path);
  return real !== undefined && statSync(real, { throwIfNoEntry: false })?.isFile() === true
    ? [real]
    : [];
}

function realPathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    // Not there, or no path at all, such as an argument of many lines.
    return undefined;
  }
}

/** No shell: `prlimit` sets its own limits and replaces itself, so that pid and start time are the server's. */
function limited(program: string, { openFiles, args }: Intent): Pick<Permit, 'file' | 'args'> {
  const limiter = openFiles === undefined ? undefined : findLimiter();
  if (limiter === undefined) return { file: program, args };
  return { file: limiter, args: [`--nofile=${openFiles}:${openFiles}`, '--', program, ...args] };
}

function nameOf(account: Account | undefined): string {
  return account?.name ?? String(account?.uid);
}

/** The file that a command names: itself when it has a slash, else the first executable of that name in PATH. */
function findProgram(command: string, path: string | undefined): string | undefined {
  if (command.includes('/')) return isProgram(command) ? command : undefined;
  return (path ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, command))
    .find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    // Not there, or not for us: the same for who wants to run it.
    return false;
  }
}

/** The spawn policy with paths as the gate compares them: absolute, and folders without symbolic links. */
export function absolutePaths({ spawn, baseDir }: Pick<Fleet, 'spawn' | 'baseDir'>): SpawnPolicy {
  const realFolder = (folder: string) => {
    const path = resolve(baseDir, folder);
    return realPathOf(path) ?? path;
  };
  const absolute = (pattern: string) => {
    const [fixed = ''] = pattern.split('*', 1);
    const end = fixed.lastIndexOf('/');
    // A name, or a pattern of paths anywhere, such as `*/bin/node`.
    if (end < 0) return pattern;
    if (fixed === pattern) return resolve(baseDir, pattern);
    const folder = realFolder(pattern.slice(0, end + 1));
    return (folder === '/' ? '' : folder) + pattern.slice(end);
  };
  return {
    ...spawn,
    allowCommands: spawn.allowCommands.map(absolute),
    allowPaths: spawn.allowPaths.map(realFolder),
  };
}
