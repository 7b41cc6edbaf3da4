import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Alerting } from './alerting/alerting.ts';
import type { Claim } from './daemon-claim.ts';
import { createControl } from './doors/control/door.ts';
import { createFront, type Front } from './doors/http/front.ts';
import type { Fleet } from './fleet/fleet.ts';
import type { FleetKeeper } from './fleet/io/keeper.ts';
import type { ServerEntryInput } from './fleet/schema.ts';
import type { Gateway } from './gateway/gateway.ts';
import { callbackPath, type SignIns } from './gateway/io/auth/sign-ins.ts';
import type { Append } from './journal/events.ts';
import { createStandingsKeeper } from './journal/io/standings-keeper.ts';
import { alertSources } from './operations/io/alert-sources.ts';
import { undoCutBenchmarks } from './operations/io/cut-benchmarks.ts';
import { createHandlers } from './operations/io/handlers.ts';
import { recordHealthHourly } from './operations/io/hourly-health.ts';
import { createPerform, tellCutOffActs } from './operations/io/performing.ts';
import { performOperation } from './operations/perform.ts';
import { type OperationName, routes } from './operations/routes.ts';
import { scheduledInput } from './operations/scheduled.ts';
import { createShelf } from './reporting/io/shelf.ts';
import { createScheduler } from './scheduler/io/scheduler.ts';
import type { ApprovalBook } from './supervisor/approved-entry.ts';
import type { Metering } from './supervisor/io/metering.ts';
import type { SupervisorHands } from './supervisor/io/supervisor.ts';
import type { Telemetry } from './telemetry/io/telemetry.ts';

/** What people and programs ask of a daemon, and what it does on its own besides running servers. */
export interface Office extends Pick<Front, 'door' | 'families'> {
  /** What the alert desk looks at. */
  readonly alertSources: ReturnType<typeof alertSources>;
  /** What is watched, told and due from now on. */
  setFleet(fleet: Fleet): void;
  /** Nothing is begun any more. */
  stop(): void;
  /** Ends what streams. */
  close(): void;
}

/** The rooms the office works with; those that run servers. */
export interface OfficeNeeds {
  readonly claim: Claim;
  readonly append: Append;
  readonly version: string;
  readonly startedAtMs: number;
  /** Address of the endpoint for all servers. */
  readonly url: () => string;
  readonly stop: (why: string) => Promise<void>;
  readonly supervisor: SupervisorHands;
  readonly gateway: Gateway;
  readonly signIns: SignIns;
  readonly approvals: ApprovalBook;
  readonly metering: Metering;
  readonly alerting: Alerting;
  readonly keeper: FleetKeeper;
  readonly telemetry: Telemetry;
}

/** With the YAML it brings along: of use only to who changes the fleet file. */
const loadEditor = () => import('./fleet/io/edit-fleet.ts');

/** How servers stood is read so long after they were told to start, so that the first visitor need not wait for it. */
const pastAfterMs = 3_000;

/** Opens operations, schedules and doors. Loaded when the servers were told to start: none of them needs it. */
export function createOffice(needs: OfficeNeeds): Office {
  const { claim, append, version, supervisor, gateway, signIns } = needs;
  const { metering, alerting, keeper, telemetry } = needs;
  const { file, dataDir, journal, clock } = claim;
  const standings = createStandingsKeeper({ journal, clock });
  // Whoever asks meanwhile waits for the same; one that failed is tried again, and told, when somebody asks.
  const cancelPast = clock.after(pastAfterMs, () => void standings().catch(() => {}));
  const handlers = createHandlers({
    ...{ supervisor, gateway, journal, metering, clock, signIns },
    approvals: needs.approvals,
    standings,
    shelf: createShelf(join(dataDir, 'reports')),
    scheduler: () => scheduler,
    alerting: () => alerting,
    daemon: {
      ...{ version, pid: process.pid, life: supervisor.life, dataDir },
      ...{ startedAtMs: needs.startedAtMs, profile: claim.profile, url: needs.url },
      addServer: async (name, entry) => {
        const { withServer } = await loadEditor();
        const comment = 'added with ringmaster add';
        const added = { name, entry: entry as ServerEntryInput, comment };
        return keeper.edit((text) => withServer(text, file, added), 'ringmaster add');
      },
      removeServers: async (names) => {
        const { withoutServers } = await loadEditor();
        return keeper.edit((text) => withoutServers(text, file, names), 'ringmaster remove');
      },
      requestShutdown: () => void setImmediate(() => void needs.stop('asked to shut down')),
      currentFleet: () => ({ fleet: keeper.fleet(), file }),
      lastRejected: keeper.lastRejected,
      fleetFile: keeper,
      applyFleet: (dryRun) => keeper.apply(dryRun, 'ringmaster apply'),
    },
  });
  tellCutOffActs({ append, journal, clock });
  const perform = createPerform({ handlers, append, journal, clock, newId: randomUUID });
  const scheduler = createScheduler({
    ...{ clock, append, journal },
    isOperation: (name) => Object.hasOwn(routes, name),
    perform: (name, input) =>
      performOperation(handlers, name as OperationName, scheduledInput(name, input)),
  });
  // It tells the journal itself when it cannot; where that is closed, the next daemon tries again.
  undoCutBenchmarks({ journal, fleetFile: keeper, clock, append }).catch(() => {});
  const endHourly = recordHealthHourly({ clock, append, check: handlers['daemon.health'] });
  const control = createControl({ perform, journal, clock, version });
  const front = createFront({
    ...{ handlers, perform, journal, clock, version },
    ...{ tally: telemetry.tally, views: supervisor.views },
    prometheus: () => keeper.fleet().metrics.prometheus,
    kept: (server) => Math.max(1, supervisor.poolOf(server).min),
    more: { [callbackPath]: signIns.callback, '/control/mcp': control.door },
  });
  return {
    ...{ door: front.door, families: front.families, alertSources: alertSources(handlers) },
    setFleet(fleet) {
      scheduler.setFleet(fleet);
      alerting.setSettings(fleet.alerts);
      telemetry.setFleet(fleet);
    },
    stop() {
      cancelPast();
      scheduler.stop();
      endHourly();
    },
    close() {
      for (const one of [front, control]) one.close();
    },
  };
}
