import type { OutputOf } from '../operations/index.ts';
import type { ServerView } from '../operations/servers.ts';
import type { Family, Labels, Sample } from './family.ts';
import { type Counted, durationBuckets } from './tally.ts';

type Row = Pick<Family, 'type' | 'help'> & Partial<Pick<Family, 'ends'>>;

/**
 * Every family that collectors get. Names follow Prometheus' conventions: base units, counters end in `_total`. Labels
 * are servers of the fleet and words of our own, so the number of series is bounded: about 60 a server. Tools, sessions
 * and clients are no labels; the journal has them.
 */
export const families = {
  ringmaster_build_info: gauge('Always 1; the version is a label'),
  ringmaster_start_time_seconds: gauge('When the daemon was started, in seconds since 1970'),
  ringmaster_daemon_memory_bytes: gauge('Resident memory of the daemon itself'),
  ringmaster_daemon_cpu_seconds_total: counter('CPU time of the daemon itself'),
  ringmaster_fleet_revision: gauge('Revision of the fleet file in force'),
  ringmaster_fleet_applied_total: counter('Fleet files that were applied'),
  ringmaster_fleet_rejected_total: counter('Fleet files that had mistakes'),
  ringmaster_sessions: gauge('Sessions that are open'),
  ringmaster_sessions_opened_total: counter('Sessions that were opened'),
  ringmaster_journal_dropped_events_total: counter('Events that could not be written'),
  ringmaster_spawns_refused_total: counter('Starts the spawn policy refused'),
  ringmaster_schedule_runs_total: counter('Scheduled runs, by outcome'),
  ringmaster_server_state: gauge('1 for the state the server is in, 0 for the others'),
  ringmaster_server_wanted: gauge('1 when the server is wanted to run'),
  ringmaster_server_instances: gauge('Instances in its pool'),
  ringmaster_server_ready_instances: gauge('Instances that are ready'),
  ringmaster_server_leased_instances: gauge('Instances that serve one client each'),
  ringmaster_server_calls_in_flight: gauge('Calls in flight at the server'),
  ringmaster_server_tools: gauge('Tools it offers'),
  ringmaster_server_start_time_seconds: gauge('When it was started, in seconds since 1970'),
  ringmaster_server_restarts_total: counter('Starts after the first since the journal began'),
  ringmaster_server_deaths_total: counter('Deaths nobody asked for'),
  ringmaster_server_over_limit_total: counter('Times a limit was passed, by resource'),
  ringmaster_server_cpu_cores: gauge('Cores in use by its process tree, when last sampled'),
  ringmaster_server_memory_bytes: gauge('Resident memory of its process tree, when last sampled'),
  ringmaster_server_processes: gauge('Processes of its tree, when last sampled'),
  ringmaster_server_threads: gauge('Threads of its process tree, when last sampled'),
  ringmaster_server_open_files: gauge('Open files of its process tree, when last sampled'),
  ringmaster_calls_total: counter('Finished calls, by outcome'),
  ringmaster_call_duration_seconds: {
    type: 'histogram',
    help: 'Time from the request to its answer, waiting and questions included',
    ends: durationBuckets,
  },
  ringmaster_asks_total: counter('Questions of servers to clients, by outcome'),
  ringmaster_machine_cpu_ratio: gauge('Busy share of all cores, 0 to 1, when last sampled'),
  ringmaster_machine_memory_used_bytes: gauge('Memory that cannot be given away at once'),
  ringmaster_machine_memory_ratio: gauge('The same as a share of all memory, 0 to 1'),
  ringmaster_machine_disk_used_bytes: gauge('In use on the disk of the data directory'),
  ringmaster_machine_disk_ratio: gauge('The same as a share of what can be used, 0 to 1'),
  ringmaster_machine_load: gauge('Mean of processes that want to run, over one minute'),
} as const satisfies Record<string, Row>;

type FamilyName = keyof typeof families;

/** What the families are made of. */
export interface FamilyFacts {
  readonly status: Pick<
    OutputOf<'daemon.status'>,
    'version' | 'startedAtMs' | 'revision' | 'sessions' | 'memoryBytes' | 'servers'
  >;
  readonly latest: Pick<OutputOf<'metric.latest'>, 'subjects'>;
  readonly counted: ReadonlyMap<string, Counted>;
  /** CPU time of the daemon. */
  readonly cpuMs: number;
}

/** All families with what is known now; a figure that is not known has no sample, never zero. */
export function buildFamilies(facts: FamilyFacts): readonly Family[] {
  const samples = new Map<FamilyName, Sample[]>();
  const add: Add = (name, value, labels = {}) => {
    if (value === undefined || !Number.isFinite(value)) return;
    const known = samples.get(name);
    if (known === undefined) samples.set(name, [{ labels, value }]);
    else known.push({ labels, value });
  };
  addDaemon(facts, add);
  addMachine(newestOf(facts, undefined), add);
  for (const row of facts.status.servers) {
    addServer(row, add);
    addSampled(row.server, newestOf(facts, row.server), add);
    addCounted(row.server, facts.counted.get(row.server), add);
  }
  samples.set('ringmaster_call_duration_seconds', durations(facts));
  return (Object.entries(families) as [FamilyName, Row][]).map(([name, row]) => ({
    ...{ name, ...row, samples: samples.get(name) ?? [] },
  }));
}

type Add = (name: FamilyName, value: number | undefined, labels?: Labels) => void;
type Values = Readonly<Record<string, number>>;

function addDaemon({ status, counted, cpuMs }: FamilyFacts, add: Add): void {
  const fleet = counted.get('fleet')?.events;
  add('ringmaster_build_info', 1, { version: status.version });
  add('ringmaster_start_time_seconds', status.startedAtMs / 1_000);
  add('ringmaster_daemon_memory_bytes', status.memoryBytes);
  add('ringmaster_daemon_cpu_seconds_total', cpuMs / 1_000);
  add('ringmaster_fleet_revision', status.revision);
  add('ringmaster_fleet_applied_total', fleet?.get('fleet.applied') ?? 0);
  add('ringmaster_fleet_rejected_total', fleet?.get('fleet.rejected') ?? 0);
  add('ringmaster_sessions', status.sessions);
  add('ringmaster_sessions_opened_total', everywhere(counted, 'session.opened'));
  add('ringmaster_journal_dropped_events_total', everywhere(counted, 'journal.dropped'));
  add('ringmaster_spawns_refused_total', everywhere(counted, 'spawn.refused'));
  for (const outcome of ['ok', 'failed', 'unknown'])
    add('ringmaster_schedule_runs_total', everywhere(counted, `schedule.ran ${outcome}`), {
      outcome,
    });
}

function everywhere(counted: FamilyFacts['counted'], key: string): number {
  return [...counted.values()].reduce((sum, { events }) => sum + (events.get(key) ?? 0), 0);
}

function addMachine(values: Values, add: Add): void {
  add('ringmaster_machine_cpu_ratio', share(values['cpuPercent']));
  add('ringmaster_machine_memory_used_bytes', values['memoryUsedBytes']);
  add('ringmaster_machine_memory_ratio', share(values['memoryPercent']));
  add('ringmaster_machine_disk_used_bytes', values['diskUsedBytes']);
  add('ringmaster_machine_disk_ratio', share(values['diskPercent']));
  add('ringmaster_machine_load', values['load']);
}

const states: readonly ServerView['state'][] = [
  ...(['stopped', 'asleep', 'starting', 'ready'] as const),
  ...(['sick', 'stopping', 'waiting', 'failed'] as const),
];

function addServer(row: ServerView, add: Add): void {
  const { server } = row;
  for (const state of states)
    add('ringmaster_server_state', row.state === state ? 1 : 0, { server, state });
  add('ringmaster_server_wanted', row.wanted === 'running' ? 1 : 0, { server });
  add('ringmaster_server_instances', row.instances, { server });
  add('ringmaster_server_ready_instances', row.readyInstances, { server });
  add('ringmaster_server_leased_instances', row.pool.leased, { server });
  add('ringmaster_server_calls_in_flight', row.inFlight, { server });
  add('ringmaster_server_tools', row.tools, { server });
  const { uptimeMs, startedAtMs } = row;
  const startedMs = uptimeMs === undefined ? undefined : startedAtMs;
  if (startedMs !== undefined)
    add('ringmaster_server_start_time_seconds', startedMs / 1_000, { server });
  add('ringmaster_server_restarts_total', row.restarts, { server });
}

function addSampled(server: string, values: Values, add: Add): void {
  add('ringmaster_server_cpu_cores', share(values['cpuPercent']), { server });
  add('ringmaster_server_memory_bytes', values['memoryBytes'], { server });
  add('ringmaster_server_processes', values['processCount'], { server });
  add('ringmaster_server_threads', values['threads'], { server });
  add('ringmaster_server_open_files', values['openFiles'], { server });
}

const outcomes = ['ok', 'error', 'denied', 'late', 'cancelled', 'lost'];

function addCounted(server: string, counted: Counted | undefined, add: Add): void {
  add('ringmaster_server_deaths_total', counted?.deaths ?? 0, { server });
  // From zero on, so that the first failure is an increase too.
  for (const outcome of outcomes)
    add('ringmaster_calls_total', counted?.outcomes.get(outcome) ?? 0, { server, outcome });
  for (const [key, count] of counted?.events ?? []) {
    const [kind, value = ''] = key.split(' ');
    if (kind === 'ask.finished') add('ringmaster_asks_total', count, { server, outcome: value });
    if (kind === 'instance.overLimit')
      add('ringmaster_server_over_limit_total', count, { server, resource: value });
  }
}

function durations({ status, counted }: FamilyFacts): Sample[] {
  return status.servers.flatMap(({ server }) => {
    const known = counted.get(server);
    if (known === undefined) return [];
    const { durations: buckets, durationSumMs } = known;
    return [{ labels: { server }, buckets: [...buckets], sum: durationSumMs / 1_000 }];
  });
}

function newestOf({ latest }: FamilyFacts, server: string | undefined): Values {
  const subject = latest.subjects.find((one) => one.server === server);
  return subject?.samples.at(-1)?.values ?? {};
}

function share(percent: number | undefined): number | undefined {
  return percent === undefined ? undefined : percent / 100;
}

function gauge(help: string): { readonly type: 'gauge'; readonly help: string } {
  return { type: 'gauge', help };
}

function counter(help: string): { readonly type: 'counter'; readonly help: string } {
  return { type: 'counter', help };
}
