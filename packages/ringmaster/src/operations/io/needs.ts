import type { Alerting } from '../../alerting/alerting.ts';
import type { Clock } from '../../clock.ts';
import type { SettingChange } from '../../fleet/entry-change.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import type { SignInDesk } from '../../gateway/sign-in.ts';
import type { Journal } from '../../journal/journal.ts';
import type { MetricSample } from '../../journal/metrics.ts';
import type { Standings } from '../../journal/standings.ts';
import type { Shelf } from '../../reporting/shelf.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import type { ApprovalBook } from '../../supervisor/approved-entry.ts';
import type { Supervisor } from '../../supervisor/supervisor.ts';
import type { OutputOf } from '../index.ts';

/** What the daemon tells of itself, and what it can be asked to do. */
interface DaemonNeeds {
  readonly version: string;
  readonly pid: number;
  /** Starts of the daemon on this data directory, this one included. */
  readonly life: number;
  readonly startedAtMs: number;
  readonly dataDir: string;
  /** Address of the endpoint for all servers. */
  url(): string;
  readonly profile?: string | undefined;
  /** Adds a server to the fleet file and starts it. */
  addServer(
    server: string,
    entry: Readonly<Record<string, unknown>>,
  ): Promise<OutputOf<'fleet.apply'>>;
  /** Stops servers and removes them from the fleet file. */
  removeServers(servers: readonly string[]): Promise<OutputOf<'fleet.apply'>>;
  /** Begins the shutdown and returns at once. */
  requestShutdown(): void;
  currentFleet(): { readonly fleet: Fleet; readonly file: string };
  /** The text of the fleet file, what another one would do, and how it is changed. */
  readonly fleetFile: {
    readText(): Promise<{ readonly text: string; readonly hash: string }>;
    planText(text: string): Promise<OutputOf<'fleet.apply'>>;
    saveText(text: string, knownHash: string): Promise<OutputOf<'fleet.apply'>>;
    editEntry(
      edit: {
        readonly server: string;
        readonly patch: Readonly<Record<string, unknown>>;
        readonly dryRun: boolean;
      },
      by: string,
    ): Promise<OutputOf<'fleet.apply'> & { readonly changes: readonly SettingChange[] }>;
  };
  /** The newest fleet file that could not be applied. */
  lastRejected(): { readonly atMs: number; readonly problems: readonly string[] } | undefined;
  /** Reads the fleet file and plans; does what was planned unless `dryRun`. */
  applyFleet(dryRun: boolean): Promise<OutputOf<'fleet.apply'>>;
}

/** What the handlers act on. */
export interface HandlerNeeds {
  readonly supervisor: Supervisor;
  readonly gateway: Gateway;
  readonly journal: Journal;
  /** The newest samples of a server or the machine, oldest first. */
  readonly metering: { recent(subject: string, count: number): readonly MetricSample[] };
  /** How servers stood in the last 35 days. */
  standings(): Promise<Standings>;
  /** The reports that are kept. */
  readonly shelf: Shelf;
  /** What was approved of every server. */
  readonly approvals: ApprovalBook;
  readonly signIns: SignInDesk;
  /** Made after the handlers, as it does operations itself. */
  scheduler(): Scheduler;
  /** Made after the handlers, as it asks them. */
  alerting(): Alerting;
  readonly clock: Clock;
  readonly daemon: DaemonNeeds;
}
