import { diffSpecs } from './diff.ts';
import type { Fleet, ServerSpec } from './fleet.ts';
import { serversOfProfile } from './profiles.ts';
import { type Dependent, startOrder } from './start-order.ts';

/** One step towards what is wanted; the same shape as `plannedAction` in `operations/fleet.ts`. */
export interface PlannedAction {
  /**
   * `add` and `remove` an entry; `start`, `stop`, `restart` its process or connection; `reroute` takes over new
   * settings without touching it.
   */
  readonly action: 'add' | 'remove' | 'start' | 'stop' | 'restart' | 'reroute';
  readonly server: string;
  readonly why: string;
}

/** A server as it is now. */
export interface ActualServer {
  readonly name: string;
  readonly wanted: 'running' | 'stopped';
  readonly state:
    | 'stopped'
    | 'asleep'
    | 'starting'
    | 'ready'
    | 'sick'
    | 'stopping'
    | 'waiting'
    | 'failed';
  /** A person (or program) asked for it to be stopped; it stays so until asked again or until its entry is new. */
  readonly stoppedByPerson: boolean;
  /** A person asked for it although the profile leaves it out, or the file had switched it off. */
  readonly startedByPerson?: boolean;
  /** What its process was started with; for one that does not run, what it would be. */
  readonly runningSpec: ServerSpec | undefined;
}

/** Everything the plan depends on. */
export interface PlanInput {
  readonly fleet: Fleet;
  readonly profile: string | undefined;
  readonly servers: readonly ActualServer[];
}

/**
 * What must be done so that what runs is what is wanted. First what goes away, dependents before what they depend
 * on; then new entries and starts, the other way round; last what changes in place. An empty plan means nothing to do.
 */
export function planFleet(input: PlanInput): PlannedAction[] {
  const { fleet, profile } = input;
  const actual = new Map(input.servers.map((server) => [server.name, server]));
  const inProfile = new Set(serversOfProfile(fleet, profile)?.map((server) => server.name));
  const leaving: PlannedAction[] = [];
  const coming: PlannedAction[] = [];
  const rerouted: PlannedAction[] = [];

  const specs = new Map(fleet.servers.map((spec) => [spec.name, spec]));
  for (const name of inOrder(oldDependents(input)).reverse()) {
    const server = actual.get(name);
    if (server === undefined) continue;
    leaving.push(...planLeaving({ server, spec: specs.get(name), inProfile, profile }));
  }
  for (const name of inOrder(fleet.servers)) {
    const spec = specs.get(name);
    if (spec === undefined) continue;
    const server = actual.get(name);
    for (const action of planComing({ server, spec, inProfile, profile })) {
      if (action.action === 'reroute') rerouted.push(action);
      else coming.push(action);
    }
  }
  return [...leaving, ...coming, ...rerouted];
}

interface One {
  readonly server: ActualServer | undefined;
  readonly spec: ServerSpec | undefined;
  readonly inProfile: ReadonlySet<string>;
  readonly profile: string | undefined;
}

function planLeaving({ server, spec, inProfile, profile }: One): PlannedAction[] {
  if (server === undefined) return [];
  const { name } = server;
  if (spec === undefined) {
    const why = 'no longer in the fleet file';
    const remove = { action: 'remove', server: name, why } as const;
    return isUp(server) ? [{ action: 'stop', server: name, why }, remove] : [remove];
  }
  if (!isUp(server)) return [];
  const unwanted = whyUnwanted({ server, spec, inProfile, profile });
  return unwanted === undefined ? [] : [{ action: 'stop', server: name, why: unwanted }];
}

function planComing({ server, spec, inProfile, profile }: One): PlannedAction[] {
  if (spec === undefined) return [];
  const { name } = spec;
  const unwanted = whyUnwanted({ server, spec, inProfile, profile });
  if (server === undefined) {
    const add = { action: 'add', server: name, why: 'new in the fleet file' } as const;
    if (unwanted !== undefined) return [{ ...add, why: `${add.why}; ${unwanted}` }];
    return [add, { action: 'start', server: name, why: 'new in the fleet file' }];
  }
  const changed =
    server.runningSpec === undefined ? undefined : diffSpecs(server.runningSpec, spec);
  if (unwanted !== undefined) {
    if (changed === undefined) return [];
    return [{ action: 'reroute', server: name, why: `${changed.why}; not started: ${unwanted}` }];
  }
  if (!isUp(server)) {
    const why = changed === undefined ? whyStart(server) : `${changed.why}; ${whyStart(server)}`;
    return [{ action: 'start', server: name, why }];
  }
  if (changed === undefined) return [];
  return changed.effect === 'restart'
    ? [{ action: 'restart', server: name, why: changed.why }]
    : [{ action: 'reroute', server: name, why: `${changed.why}; applied without a restart` }];
}

function whyUnwanted({ server, spec, inProfile, profile }: One): string | undefined {
  if (spec?.enabled === false && !isStartedAnyway(server)) return 'disabled in the fleet file';
  if (server?.stoppedByPerson === true) return 'stopped by request';
  if (spec === undefined || inProfile.has(spec.name)) return undefined;
  if (server?.startedByPerson === true) return undefined;
  return `not in the profile ${profile ?? ''}`.trimEnd();
}

/** Started by a person who knew that it was switched off; one that is switched off later is stopped. */
function isStartedAnyway(server: ActualServer | undefined): boolean {
  if (server?.startedByPerson !== true || !isUp(server)) return false;
  return server.runningSpec?.enabled === false;
}

function whyStart(server: ActualServer): string {
  return server.state === 'stopping' ? 'wanted again while it stops' : 'wanted but not running';
}

/** Up, on its way up, or waiting for its next try: the supervisor is at work on it. */
function isUp(server: ActualServer): boolean {
  return server.state !== 'stopped' && server.state !== 'stopping';
}

function inOrder(servers: readonly Dependent[]): string[] {
  return startOrder(servers).flat();
}

/** Running servers by what they were started with, so that stopping follows the old dependencies. */
function oldDependents(input: PlanInput): Dependent[] {
  return input.servers.map(({ name, runningSpec }) => ({
    name,
    dependsOn: runningSpec?.dependsOn ?? [],
  }));
}
