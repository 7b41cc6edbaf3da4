import { Problem } from '../../errors.ts';
import type { Fleet, ServerSpec } from '../../fleet/fleet.ts';
import { nearestNames } from '../nearest.ts';
import { serverRows } from '../server-rows.ts';
import type { ServerView } from '../servers.ts';
import type { HandlerNeeds } from './needs.ts';

/** The servers as they are now: rows to show and names to look up. */
export interface ServerTable {
  rows(): ServerView[];
  /** The row of one server; throws `server_not_found`. */
  row(server: string): ServerView;
  /** What is wanted of a server; throws `server_not_found`. */
  spec(server: string): ServerSpec;
  /** Throws `server_not_found`, naming what is near, when one of the names is unknown. */
  check(names: readonly string[]): void;
}

/** A table that reads supervisor, gateway and journal each time it is asked. */
export function createServerTable(needs: HandlerNeeds): ServerTable {
  const { supervisor, gateway, journal, clock, daemon } = needs;

  let known: { readonly fleet: Fleet; readonly specs: ReadonlyMap<string, ServerSpec> } | undefined;

  /** By name; put together once a fleet, as a name is looked up for each of many servers in turn. */
  function specsByName(): ReadonlyMap<string, ServerSpec> {
    const { fleet } = daemon.currentFleet();
    if (known?.fleet !== fleet) {
      known = { fleet, specs: new Map(fleet.servers.map((spec) => [spec.name, spec])) };
    }
    return known.specs;
  }

  function rows(): ServerView[] {
    const specs = specsByName();
    return serverRows(supervisor.views(), {
      nowMs: clock.nowMs(),
      totals: journal.totals,
      inFlight: (server, index) => gateway.conversations.inFlight(server, index),
      signIn: needs.signIns.view,
      upstream: (server, index) => gateway.upstream(server, index),
      spec: (server) => specs.get(server),
      pool: (server) => poolOf(server, specs.get(server)),
    });
  }

  function poolOf(server: string, spec: ServerSpec | undefined): ServerView['pool'] {
    const { min, max, fixed } = supervisor.poolOf(server);
    const leased = gateway.leased(server);
    return { mode: spec?.pool.mode ?? 'auto', min, max, fixed, leased };
  }

  function check(names: readonly string[]): void {
    const specs = specsByName();
    if (names.every((name) => specs.has(name))) return;
    const all = new Set([...supervisor.views().map((view) => view.server), ...specs.keys()]);
    const unknown = names.filter((name) => !all.has(name));
    if (unknown.length > 0) throw notFound(unknown, [...all]);
  }

  return {
    rows,
    check,
    spec(server) {
      const found = specsByName().get(server);
      if (found === undefined) throw notFound([server], []);
      return found;
    },
    row(server) {
      check([server]);
      const row = rows().find((candidate) => candidate.server === server);
      if (row !== undefined) return row;
      throw new Problem(
        'server_not_found',
        `Cannot show ${server}: it is not part of what runs now`,
      );
    },
  };
}

function notFound(unknown: readonly string[], known: readonly string[]): Problem {
  const nearest = [...new Set(unknown.flatMap((name) => nearestNames(name, known)))];
  const found = unknown.map((name) => JSON.stringify(name)).join(', ');
  const offer =
    nearest.length > 0
      ? `did you mean ${nearest.join(', ')}?`
      : `the fleet has ${known.slice(0, 20).join(', ') || 'no servers'}`;
  const what = unknown.length === 1 ? 'server' : 'servers';
  return new Problem('server_not_found', `Cannot find ${what} ${found}: ${offer}`, {
    details: { unknown, nearest },
  });
}
