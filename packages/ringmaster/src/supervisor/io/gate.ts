import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { Clock } from '../../clock.ts';
import { Problem } from '../../errors.ts';
import type { Append } from '../../journal/events.ts';
import { judgeSpawn, type SpawnPolicy } from '../spawn-gate.ts';

/** What is about to be run for a server. */
export interface Intent {
  readonly server: string;
  /** As written in the fleet file. */
  readonly written: string;
  /** The same, absolute if it has a slash. */
  readonly command: string;
  /** Variables that its entry sets, its `envFile` included. */
  readonly environment: readonly string[];
  /** The environment it will have; its PATH is searched. */
  readonly path: string | undefined;
  readonly hash: string;
}

/** The one place every new process passes. */
export interface SpawnGate {
  /** Returns the program to run, or throws `spawn_refused` or `approval_needed`; refusals are journalled. */
  pass(intent: Intent): string;
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
  return {
    pass(intent) {
      const { server, written, environment, hash } = intent;
      const program = findProgram(intent.command, intent.path);
      const approved = needs.approved(server);
      const verdict = judgeSpawn(needs.policy(), {
        ...{ command: written, environment, hash, approved },
        realPath: program === undefined ? undefined : realpathSync(program),
      });
      if (verdict.kind === 'allowed' && program !== undefined) {
        if (approved !== hash) needs.remember(server, hash);
        return program;
      }
      const why = verdict.kind === 'allowed' ? 'found no program' : verdict.why;
      needs.append({ atMs: needs.clock.nowMs(), kind: 'spawn.refused', subject: server, why });
      const code = verdict.kind === 'unapproved' ? 'approval_needed' : 'spawn_refused';
      throw new Problem(code, `Server "${server}" may not be started: ${why}`);
    },
  };
}

/** The file that a command names: itself when it has a slash, else the first executable of that name in PATH. */
function findProgram(command: string, path: string | undefined): string | undefined {
  if (command.includes('/')) return isProgram(resolve(command)) ? resolve(command) : undefined;
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
