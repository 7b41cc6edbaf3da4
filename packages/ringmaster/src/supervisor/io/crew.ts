import { Problem } from '../../errors.ts';
import type { Fleet, ServerSpec } from '../../fleet/fleet.ts';
import { startOrder, stopOrder } from '../../fleet/start-order.ts';
import type { InstanceRecord } from '../record.ts';
import type { FleetAction } from '../supervisor.ts';
import { createRunner, type Runner, type RunnerNeeds } from './runner.ts';

/** Pipes of one stdio server. */
const pipesPerServer = 3;

/** Every runner by server, in fleet order, and what is done to many of them at once. */
export interface Crew {
  /** In fleet order. */
  all(): readonly Runner[];
  find(server: string): Runner | undefined;
  /** Throws `server_not_found`. */
  of(server: string): Runner;
  remove(server: string): void;
  /** Takes over the entries and the order of a fleet; new ones get a runner. */
  follow(fleet: Fleet): void;
  /**
   * Starts level by level: a server waits until all it depends on is ready, or known not to get there. What is taken
   * up from an earlier daemon does not wait for the end of what is not (`past`).
   */
  startAll(actions: readonly FleetAction[], past: Promise<void>): Promise<void>;
  /** Stops level by level, dependents first. */
  stopAll(servers: readonly string[], why: (server: string) => string): Promise<void>;
}

/** A crew without members; `inherited` holds the processes of an earlier daemon that nobody has taken up yet. */
export function createCrew(needs: RunnerNeeds, inherited: Map<string, InstanceRecord>): Crew {
  const runners = new Map<string, Runner>();

  function of(server: string): Runner {
    const runner = runners.get(server);
    if (runner === undefined)
      throw new Problem('server_not_found', `No server is named "${server}"`);
    return runner;
  }

  function recruit(spec: ServerSpec, baseDir: string): Runner {
    const record = inherited.get(spec.name);
    return createRunner(needs, {
      ...{ spec, baseDir },
      ...(record === undefined ? {} : { inherited: record }),
    });
  }

  async function startOne(server: string, why: string, before: readonly Promise<void>[]) {
    await Promise.all(before);
    const runner = of(server);
    inherited.delete(server);
    runner.start(why);
    await runner.settled();
  }

  return {
    all: () => [...runners.values()],
    find: (server) => runners.get(server),
    of,
    remove: (server) => void runners.delete(server),
    follow(fleet) {
      const before = new Map(runners);
      runners.clear();
      for (const spec of fleet.servers) {
        const known = before.get(spec.name);
        known?.setSpec(spec, fleet.baseDir);
        runners.set(spec.name, known ?? recruit(spec, fleet.baseDir));
      }
    },
    async startAll(actions, past) {
      const reasons = new Map(actions.map(({ server, why }) => [server, why]));
      const specs = new Map([...reasons.keys()].map((server) => [server, of(server).run.spec]));
      needs.pipeShop.prepare(specs.size * pipesPerServer);
      const started = new Map<string, Promise<void>>();
      for (const server of startOrder([...specs.values()]).flat()) {
        const dependencies = specs.get(server)?.dependsOn ?? [];
        const before = dependencies.flatMap((name) => started.get(name) ?? []);
        if (!inherited.has(server)) before.push(past);
        started.set(server, startOne(server, reasons.get(server) ?? '', before));
      }
      await Promise.all(started.values());
    },
    async stopAll(servers, why) {
      const specs = servers.flatMap((server) => runners.get(server)?.run.spec ?? []);
      for (const level of stopOrder(specs)) {
        await Promise.all(
          level.map(async (server) => {
            of(server).stop(why(server));
            await of(server).settled();
          }),
        );
      }
    },
  };
}
