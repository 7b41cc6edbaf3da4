import type { ServerSpec } from '../../fleet/fleet.ts';
import { environmentOfAccount } from '../environment.ts';
import { approvalHash } from './approval.ts';
import type { Intent, Permit, SpawnGate } from './gate.ts';
import type { ConcreteLaunch, ServerVariables } from './launch.ts';

/** A launch that may happen, with the environment of whom it runs as. */
export interface PermittedLaunch {
  readonly launch: ConcreteLaunch;
  /** Undefined when nothing is started, as for a URL server. */
  readonly permit: Permit | undefined;
  /** For the command of its health probe. */
  readonly probe: Permit | undefined;
}

/** Asks the gate for the program of a server and for the command of its health probe; throws what the gate throws. */
export function passGate(
  gate: SpawnGate,
  spec: ServerSpec,
  launch: ConcreteLaunch,
  variables: ServerVariables,
): PermittedLaunch {
  if (launch.command === undefined) return { launch, permit: undefined, probe: undefined };
  const permit = gate.pass({
    ...about(spec, launch, variables),
    ...{ written: spec.command ?? launch.command, command: launch.command, args: launch.args },
    openFiles: spec.resources.openFiles,
  });
  const own = ownVariables(spec, variables);
  const env = environmentOfAccount(launch.env, permit.account, own);
  const inside = { ...launch, env };
  return { launch: inside, permit, probe: permitProbe(gate, spec, inside, variables) };
}

/** Leave for the command of a health probe; undefined when there is none. */
export function permitProbe(
  gate: SpawnGate,
  spec: ServerSpec,
  launch: ConcreteLaunch,
  variables: ServerVariables,
): Permit | undefined {
  const [command, ...args] = launch.healthCommand;
  if (command === undefined) return undefined;
  const written = { written: command, command, args, openFiles: undefined };
  return gate.pass({ ...about(spec, launch, variables), ...written });
}

function about(
  spec: ServerSpec,
  launch: ConcreteLaunch,
  variables: ServerVariables,
): Omit<Intent, 'written' | 'command' | 'args' | 'openFiles'> {
  return {
    server: spec.name,
    cwd: launch.cwd,
    isCwdSet: spec.cwd !== undefined,
    environment: ownVariables(spec, variables),
    path: launch.env['PATH'],
    hash: approvalHash(spec),
    account: { user: spec.user, group: spec.group },
  };
}

function ownVariables(spec: ServerSpec, variables: ServerVariables): string[] {
  return Object.keys({ ...spec.env, ...variables.fileEnvironment });
}
