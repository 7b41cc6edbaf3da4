import type { Handlers } from '../index.ts';
import type { HandlerNeeds } from './needs.ts';
import type { ServerTable } from './server-table.ts';

type DaemonHandlers = Pick<Handlers, 'daemon.status' | 'daemon.shutdown'>;

/** Handlers of the noun `daemon`. */
export function createDaemonHandlers(needs: HandlerNeeds, table: ServerTable): DaemonHandlers {
  const { gateway, clock, daemon } = needs;
  return {
    async 'daemon.status'() {
      const { fleet, file } = daemon.currentFleet();
      const rejected = daemon.lastRejected();
      const { cgroup } = needs.supervisor;
      return {
        version: daemon.version,
        pid: daemon.pid,
        life: daemon.life,
        startedAtMs: daemon.startedAtMs,
        uptimeMs: Math.max(0, clock.nowMs() - daemon.startedAtMs),
        fleet: fleet.name,
        revision: fleet.revision,
        file,
        dataDir: daemon.dataDir,
        profile: daemon.profile,
        url: daemon.url(),
        sessions: gateway.sessionCount(),
        cgroup: { ...cgroup, controllers: [...cgroup.controllers] },
        memoryBytes: process.memoryUsage.rss(),
        servers: table.rows(),
        lastRejected: rejected && { atMs: rejected.atMs, problems: [...rejected.problems] },
      };
    },
    async 'daemon.shutdown'() {
      daemon.requestShutdown();
      return { pid: daemon.pid };
    },
  };
}
