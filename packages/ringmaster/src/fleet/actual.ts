import type { Fleet, ServerSpec } from './fleet.ts';
import type { ActualServer } from './plan.ts';

/** What one instance of a server does now, as far as a plan needs it. */
export interface ActualInstance {
  readonly server: string;
  readonly wanted: ActualServer['wanted'];
  readonly state: ActualServer['state'];
}

/** Every server as it is, for `planFleet`. */
export function actualServers(now: {
  readonly fleet: Fleet;
  readonly instances: readonly ActualInstance[];
  /** What a server was started with, or would be. */
  readonly specOf: (server: string) => ServerSpec | undefined;
  /** What persons decided, also in earlier lives of the daemon: `running` or `stopped` by server. */
  readonly decided: ReadonlyMap<string, unknown>;
}): ActualServer[] {
  // Of a pool, an instance that runs tells more than one that does not.
  const rows = [...now.instances].sort((one, other) => rank(one.state) - rank(other.state));
  const known = new Map(rows.map((row) => [row.server, row]));
  const running = [...known.values()].map(({ server, state, wanted }) => ({
    ...{ name: server, state, wanted },
    runningSpec: now.specOf(server),
  }));
  // A decision of an earlier life holds in this one, although nothing of that server runs yet.
  const remembered = now.fleet.servers
    .filter(({ name }) => !known.has(name) && now.decided.has(name))
    .map((spec) => ({
      ...{ name: spec.name, state: 'stopped' as const, wanted: 'stopped' as const },
      runningSpec: spec,
    }));
  return [...running, ...remembered].map((server) => ({
    ...server,
    stoppedByPerson: now.decided.get(server.name) === 'stopped',
    startedByPerson: now.decided.get(server.name) === 'running',
  }));
}

function rank(state: ActualServer['state']): number {
  if (state === 'stopped') return 0;
  return state === 'stopping' ? 1 : 2;
}
