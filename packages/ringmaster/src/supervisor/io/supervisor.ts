import type { Clock } from '../../clock.ts';
import { Problem } from '../../errors.ts';
import type { Fleet, ServerSpec } from '../../fleet/fleet.ts';
import type { Append } from '../../journal/events.ts';
import type { Conversations } from '../conversation.ts';
import type { InstanceView, Metered } from '../instance.ts';
import type { InstanceRecord } from '../record.ts';
import { firstRequestId } from '../record.ts';
import type { FleetAction, Supervisor } from '../supervisor.ts';
import { openCgroups } from './cgroups.ts';
import { createCrew } from './crew.ts';
import { endOrphans } from './end-orphans.ts';
import { createGenerations } from './generations.ts';
import { linkGuardian } from './guardian-link.ts';
import type { RunnerNeeds } from './inside.ts';
import { createLogCapture } from './log-capture.ts';
import { createLogQuestions } from './log-questions.ts';
import type { PipeShop } from './pipes.ts';
import { isSameProcess } from './process-table.ts';
import { createResourceWatch } from './resource-watch.ts';
import { createRunKeeper } from './run-keeper.ts';
import { createSampler, type Sampler } from './sampler.ts';
import { createSights } from './sights.ts';
import { nextLife, ownerOf, readOwner, readRunRecord, runPaths } from './state-file.ts';

/** Collaborators of the supervisor. */
export interface SupervisorNeeds {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly append: Append;
  /** Of this life of the daemon. */
  readonly pipeShop: PipeShop;
  readonly conversations: Conversations;
  /** 0 … 1; spreads restarts. */
  readonly chance: () => number;
  /** What a server's `${VAR}` are looked up in, read anew at each start. */
  readonly variables: RunnerNeeds['variables'];
  readonly orphanGraceMs: number;
  /** Passed before anything is spawned. */
  readonly gate: RunnerNeeds['gate'];
  /** How many instances of a server a person asked for. */
  readonly scaleOf: (server: string) => number | undefined;
  /** What was decided before and still holds; undefined when nobody ever did. */
  readonly decided: RunnerNeeds['decided'];
  /** A person or program decided; it holds across restarts of the daemon. */
  readonly onIntent: (server: string, wanted: 'running' | 'stopped', by: string) => void;
}

/** A Supervisor, and what only the daemon needs of it. */
export interface SupervisorHands extends Supervisor {
  /** Starts of the daemon on this data directory, this one included. */
  readonly life: number;
  /** What a server was started with, or would be. */
  specOf(server: string): ServerSpec | undefined;
  /** Samples all trees now; see `latestSample`. */
  sampleAll(): readonly Metered[];
  /** Resources of the trees, as fresh as the last `sampleAll` or `views`. */
  readonly latestSample: Sampler['latest'];
  /** Lets go of everything without stopping a server: for a daemon that could not start. */
  detach(): Promise<void>;
}

/** The guardian is looked at this often. */
const housekeepingMs = 10_000;
/** Who asks for views gets figures at most this old: where samples are taken every second, theirs. */
const sampleAgeMaxMs = 1_500;

/** Reads what an earlier daemon left, and is ready to execute a plan; nothing is started or stopped yet. */
export function createSupervisor(needs: SupervisorNeeds): SupervisorHands {
  const { dataDir, clock, pipeShop } = needs;
  const paths = runPaths(dataDir);
  const past = readRunRecord(dataDir);
  const life = nextLife(dataDir);
  const isFirstLife = readOwner(dataDir) === undefined;
  const owner = ownerOf(dataDir);
  const inherited = new Set(aliveOf(past?.instances ?? []));
  const sampler = createSampler();
  let sampledTickMs = Number.NEGATIVE_INFINITY;
  let orphanGraceMs = needs.orphanGraceMs;
  let hasSettledPast = false;
  let isStopping = false;

  pipeShop.sweep(new Set([...inherited].flatMap(({ pipes }) => Object.values(pipes))));
  const logs = createLogCapture(paths.logs);
  const resourceWatch = createResourceWatch(clock);
  const guardian = linkGuardian({ dataDir, graceMs: orphanGraceMs, takePipe: pipeShop.take });
  const cgroups = openCgroups(life);
  const { append, conversations, chance, variables } = needs;
  const crew = createCrew({
    runners: {
      ...{ clock, pipeShop, guardian, logs, sampler, resourceWatch, cgroups, owner },
      nextSight: createSights(),
      ...{ append, conversations, chance, variables },
      gate: needs.gate,
      decided: needs.decided,
      nextGeneration: createGenerations(),
      firstRequestId: firstRequestId(life),
      onChange: () => keeper.saveSoon(),
    },
    inherited,
    scaleOf: needs.scaleOf,
  });
  conversations.onDemand((server) => crew.find(server)?.look());
  const questions = createLogQuestions(logs, (server) => crew.of(server).spec());
  const keeper = createRunKeeper({
    ...{ dataDir, clock, append },
    record() {
      const own = crew.all().flatMap((team) => team.records());
      const unclaimed = [...inherited].filter(({ server }) => crew.find(server) === undefined);
      return { life, orphanGraceMs, instances: [...own, ...unclaimed] };
    },
  });
  keeper.save();
  const housekeeping = setInterval(guardian.check, housekeepingMs);
  housekeeping.unref();

  function sample(pids: readonly number[]): void {
    sampledTickMs = clock.tickMs();
    if (pids.length > 0) sampler.take(pids);
  }

  function viewsNow(): InstanceView[] {
    return crew.all().flatMap((team) => team.views());
  }

  function pidsNow(): number[] {
    return crew.all().flatMap((team) => team.pids());
  }

  function noteOrphan(server: string, pid: number, why: string): void {
    append({ atMs: clock.nowMs(), kind: 'instance.orphanEnded', subject: server, pid, why });
  }

  /** Ends what an earlier daemon left and nobody wants now. */
  async function settlePast(toStart: ReadonlySet<string>): Promise<void> {
    if (hasSettledPast || isFirstLife) return;
    hasSettledPast = true;
    for (const record of [...inherited]) {
      if (toStart.has(record.server)) continue;
      noteOrphan(record.server, record.pid, 'left by an earlier daemon, and not wanted now');
      inherited.delete(record);
      crew.find(record.server)?.disinherit();
    }
    const spared = () => [...inherited, ...crew.all().flatMap((team) => team.records())];
    const { ended } = await endOrphans(dataDir, { spared });
    for (const { server, pid } of ended)
      noteOrphan(server, pid, 'ended: left by an earlier daemon');
    cgroups.endOthers(new Set(spared().flatMap(({ cgroup }) => cgroup ?? [])));
  }

  async function execute(fleet: Fleet, actions: readonly FleetAction[], by: string): Promise<void> {
    requireRunning();
    const of = (kind: FleetAction['action']) =>
      actions
        .filter(({ action }) => action === kind)
        .map((action) => ({ ...action, why: `${action.why} (${by})` }));
    const stops = new Map(of('stop').map(({ server, why }) => [server, why]));
    orphanGraceMs = fleet.orphanGraceMs;
    guardian.setGrace(orphanGraceMs);
    await crew.stopAll([...stops.keys()], (server) => stops.get(server) ?? by);
    // Stops take their time; meanwhile the daemon itself may have been asked to stop.
    if (isStopping) return;
    for (const { server } of of('remove')) crew.remove(server);
    crew.follow(fleet);
    const starts = of('start');
    const settled = settlePast(new Set(starts.map(({ server }) => server)));
    for (const { server, why } of of('restart')) crew.of(server).restart(why);
    const started = crew.startAll(starts, settled);
    // Whoever plans next need not wait for servers that are slow to start.
    void Promise.all([settled, started]).then(keeper.saveSoon);
  }

  /** Whatever is started while everything is being stopped would be left behind. */
  function requireRunning(): void {
    if (isStopping) throw new Problem('daemon_stopping', 'The daemon is stopping every server');
  }

  async function letGo(): Promise<void> {
    keeper.end();
    clearInterval(housekeeping);
    sampler.close();
    resourceWatch.close();
    if (inherited.size === 0) guardian.dismiss();
    await questions.close();
    await logs.close();
  }

  return {
    life,
    cgroup: cgroups.state,
    latestSample: sampler.latest,
    specOf: (server) => crew.find(server)?.spec(),
    views() {
      const pids = pidsNow();
      const isOld = clock.tickMs() - sampledTickMs > sampleAgeMaxMs;
      if (isOld || pids.some((pid) => sampler.latest(pid) === undefined)) sample(pids);
      return viewsNow();
    },
    sampleAll() {
      const all = crew.all().flatMap((team) => team.metered());
      sample(all.flatMap(({ pid }) => pid ?? []));
      return all;
    },
    execute,
    async start(server, by) {
      requireRunning();
      const team = crew.of(server);
      needs.onIntent(server, 'running', by);
      team.start(`started by ${by}`);
      await team.settled();
    },
    async stop(server, by) {
      const team = crew.of(server);
      needs.onIntent(server, 'stopped', by);
      team.stop(`stopped by ${by}`);
      await team.settled();
    },
    async restart(server, by) {
      requireRunning();
      const team = crew.of(server);
      needs.onIntent(server, 'running', by);
      team.restart(`restarted by ${by}`);
      await team.settled();
    },
    async reload(server, by) {
      requireRunning();
      const team = crew.of(server);
      needs.onIntent(server, 'running', by);
      await team.reload(`reloaded by ${by}`);
    },
    async scale(server, count, by) {
      requireRunning();
      await crew.of(server).scale(count, `scaled to ${count ?? 'auto'} by ${by}`);
    },
    poolOf: (server) => crew.of(server).pool(),
    sendInput: (server, text) => crew.of(server).write(text),
    signal: (server, name) => crew.of(server).signal(name),
    readLog: questions.readLog,
    searchLog: questions.searchLog,
    summarizeLog: questions.summarizeLog,
    async shutdown(why) {
      isStopping = true;
      await crew.stopAll(
        crew.all().map((team) => team.spec().name),
        () => why,
      );
      // By its mark, whatever escaped: nothing we started is left.
      await endOrphans(dataDir, { graceMaxMs: 0 });
      keeper.save();
      await letGo();
    },
    detach: letGo,
  };
}

/** Records whose process still is the one recorded. */
function aliveOf(records: readonly InstanceRecord[]): InstanceRecord[] {
  return records.filter(({ pid, startTime }) => isSameProcess(pid, startTime));
}
