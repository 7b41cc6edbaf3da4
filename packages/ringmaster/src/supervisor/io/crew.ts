import { Problem } from '../../errors.ts';
import type { Fleet, ServerSpec } from '../../fleet/fleet.ts';
import { startOrder, stopOrder } from '../../fleet/start-order.ts';
import { poolRules } from '../pool.ts';
import type { InstanceRecord } from '../record.ts';
import type { FleetAction } from '../supervisor.ts';
import type { RunnerNeeds } from './inside.ts';
import { createTeam, type Team } from './team.ts';

/** Every server's team, in fleet order, and what is done to many of them at once. */
export interface Crew {
  /** In fleet order. */
  all(): readonly Team[];
  find(server: string): Team | undefined;
  /** Throws `server_not_found`. */
  of(server: string): Team;
  remove(server: string): void;
  /** Takes over the entries and the order of a fleet; new ones get a team. */
  follow(fleet: Fleet): void;
  /**
   * Starts level by level: a server waits until all it depends on is ready, or known not to get there. What is taken
   * up from an earlier daemon does not wait for the end of what is not (`past`).
   */
  startAll(actions: readonly FleetAction[], past: Promise<void>): Promise<void>;
  /** Stops level by level, dependents first. */
  stopAll(servers: readonly string[], why: (server: string) => string): Promise<void>;
}

/** What a crew needs besides what its runners do. */
export interface CrewNeeds {
  readonly runners: RunnerNeeds;
  /** Processes of an earlier daemon that nobody has taken up yet; each is taken out when its team starts. */
  readonly inherited: Set<InstanceRecord>;
  /** How many instances a person asked for; undefined leaves it to the fleet file. */
  readonly scaleOf: (server: string) => number | undefined;
}

/** A crew without teams. */
export function createCrew(needs: CrewNeeds): Crew {
  const { inherited } = needs;
  const teams = new Map<string, Team>();

  function of(server: string): Team {
    const team = teams.get(server);
    if (team === undefined) throw new Problem('server_not_found', `No server is named "${server}"`);
    return team;
  }

  function recruit(spec: ServerSpec, baseDir: string): Team {
    const fixed = needs.scaleOf(spec.name);
    return createTeam(needs.runners, {
      ...{ spec, baseDir, fixed },
      inherited: claim(spec.name, poolRules(spec, fixed).max),
    });
  }

  /** At most `count` processes, those that were ready first; the others are left to be ended. */
  function claim(server: string, count: number): InstanceRecord[] {
    const own = [...inherited].filter((record) => record.server === server);
    const readiness = (record: InstanceRecord) => (record.negotiated === undefined ? 1 : 0);
    own.sort((a, b) => readiness(a) - readiness(b) || a.index - b.index);
    for (const record of own.slice(count)) inherited.delete(record);
    return own.slice(0, count);
  }

  async function startOne(team: Team, why: string, before: readonly Promise<void>[]) {
    await Promise.all(before);
    const server = team.spec().name;
    // It may have been stopped, or have left the fleet, while it waited.
    if (!team.isWanted() || teams.get(server) !== team) return;
    for (const record of inherited) if (record.server === server) inherited.delete(record);
    team.begin(why);
    await team.settled();
  }

  /** Waits only for what is on its way; what nobody wants would be waited for in vain. */
  function whenThere(server: string): Promise<void> | undefined {
    const team = teams.get(server);
    return team?.isWanted() === true ? team.settled() : undefined;
  }

  return {
    all: () => [...teams.values()],
    find: (server) => teams.get(server),
    of,
    remove: (server) => void teams.delete(server),
    follow(fleet) {
      const before = new Map(teams);
      teams.clear();
      const names = new Set(fleet.servers.map(({ name }) => name));
      for (const [name, team] of before) if (!names.has(name)) team.dismiss();
      for (const spec of fleet.servers) {
        const known = before.get(spec.name);
        known?.setSpec(spec, fleet.baseDir);
        teams.set(spec.name, known ?? recruit(spec, fleet.baseDir));
      }
    },
    async startAll(actions, past) {
      const reasons = new Map(actions.map(({ server, why }) => [server, why]));
      const specs = new Map([...reasons.keys()].map((server) => [server, of(server).spec()]));
      const piped = needs.runners.pipeShop.prepare(specs.size);
      const started = new Map<string, Promise<void>>();
      for (const server of startOrder([...specs.values()]).flat()) {
        const dependencies = specs.get(server)?.dependsOn ?? [];
        const others = dependencies.flatMap((name) => started.get(name) ?? whenThere(name) ?? []);
        const before = [piped, ...others];
        const team = of(server);
        team.want(
          dependencies.length > 0 ? `waits for ${dependencies.join(', ')}` : 'about to start',
        );
        if (!team.hasInherited()) before.push(past);
        started.set(server, startOne(team, reasons.get(server) ?? '', before));
      }
      await Promise.all(started.values());
    },
    async stopAll(servers, why) {
      const specs = servers.flatMap((server) => teams.get(server)?.spec() ?? []);
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
