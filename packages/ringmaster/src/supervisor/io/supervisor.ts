import type { Clock } from '../../clock.ts';
import { Problem } from '../../errors.ts';
import type { Fleet, ServerSpec } from '../../fleet/fleet.ts';
import { startOrder, stopOrder } from '../../fleet/start-order.ts';
import type { Append } from '../../journal/events.ts';
import type { Conversations } from '../conversation.ts';
import type { InstanceRecord } from '../record.ts';
import { firstRequestId } from '../record.ts';
import type { FleetAction, Supervisor } from '../supervisor.ts';
import { endOrphans } from './end-orphans.ts';
import { linkGuardian } from './guardian-link.ts';
import { createLogCapture } from './log-capture.ts';
import { createPipeShop } from './pipes.ts';
import { isSameProcess } from './process-table.ts';
import { readLog } from './read-log.ts';
import { createRunner, type Runner, type RunnerNeeds } from './runner.ts';
import { createSampler } from './sampler.ts';
import { ownerOf, readOwner, readRunRecord, runPaths, writeRunRecord } from './state-file.ts';

/** Collaborators of the supervisor. */
export interface SupervisorNeeds {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly append: Append;
  readonly conversations: Conversations;
  /** 0 … 1; spreads restarts. */
  readonly chance: () => number;
  /** What a server's `${VAR}` are looked up in, read anew at each start. */
  readonly variables: RunnerNeeds['variables'];
  readonly orphanGraceMs: number;
  /** A person or program decided; it holds across restarts of the daemon. */
  readonly onIntent: (server: string, wanted: 'running' | 'stopped', by: string) => void;
}

/** A Supervisor, and what only the daemon needs of it. */
export interface SupervisorHands extends Supervisor {
  /** Starts of the daemon on this data directory, this one included. */
  readonly life: number;
  /** What a server was started with, or would be. */
  specOf(server: string): ServerSpec | undefined;
  /** Lets go of everything without stopping a server: for a daemon that could not start. */
  detach(): Promise<void>;
}

/** Resources are sampled, and the guardian is looked at, this often; a status asks for a fresh sample sooner. */
const housekeepingMs = 10_000;
const sampleAgeMaxMs = 1_000;
/** Pipes of one stdio server. */
const pipesPerServer = 3;

/** Reads what an earlier daemon left, and is ready to execute a plan; nothing is started or stopped yet. */
export function createSupervisor(needs: SupervisorNeeds): SupervisorHands {
  const { dataDir, clock } = needs;
  const paths = runPaths(dataDir);
  const past = readRunRecord(dataDir);
  const life = (past?.life ?? 0) + 1;
  const isFirstLife = readOwner(dataDir) === undefined;
  const owner = ownerOf(dataDir);
  const inherited = new Map(
    aliveOf(past?.instances ?? []).map((record) => [record.server, record]),
  );
  const runners = new Map<string, Runner>();
  const sampler = createSampler();
  let sampledAtMs = 0;
  let orphanGraceMs = needs.orphanGraceMs;
  let saveIsDue = false;
  let hasSettledPast = false;
  let isShutDown = false;

  const pipeShop = createPipeShop(paths.pipes, life);
  pipeShop.sweep(new Set([...inherited.values()].flatMap(({ pipes }) => Object.values(pipes))));
  const logs = createLogCapture(paths.logs);
  const guardian = linkGuardian(dataDir, orphanGraceMs);
  const runnerNeeds: RunnerNeeds = {
    ...{ clock, pipeShop, guardian, logs, sampler, owner },
    append: needs.append,
    conversations: needs.conversations,
    chance: needs.chance,
    variables: needs.variables,
    firstRequestId: firstRequestId(life),
    onChange: saveSoon,
  };
  save();
  const housekeeping = setInterval(keepHouse, housekeepingMs);
  housekeeping.unref();

  function save(): void {
    saveIsDue = false;
    const own = [...runners.values()].flatMap((runner) => runner.record() ?? []);
    const waiting = [...inherited.values()];
    writeRunRecord(dataDir, { life, orphanGraceMs, instances: [...own, ...waiting] });
  }

  /** One write for all changes of a turn; a process that is not on record yet would be found by its mark. */
  function saveSoon(): void {
    if (saveIsDue || isShutDown) return;
    saveIsDue = true;
    setImmediate(() => saveIsDue && save());
  }

  function keepHouse(): void {
    guardian.check();
    sample();
  }

  function sample(): void {
    sampledAtMs = clock.nowMs();
    const pids = [...runners.values()].flatMap(({ run }) => run.body?.family.pid ?? []);
    if (pids.length > 0) sampler.take(pids, sampledAtMs);
  }

  function hasUnsampled(): boolean {
    return [...runners.values()].some(
      ({ run }) => run.body !== undefined && sampler.latest(run.body.family.pid) === undefined,
    );
  }

  function runnerOf(server: string): Runner {
    const runner = runners.get(server);
    if (runner === undefined)
      throw new Problem('server_not_found', `No server is named "${server}"`);
    return runner;
  }

  function add(spec: ServerSpec, baseDir: string): Runner {
    const record = inherited.get(spec.name);
    const first = { spec, baseDir, ...(record === undefined ? {} : { inherited: record }) };
    const runner = createRunner(runnerNeeds, first);
    runners.set(spec.name, runner);
    return runner;
  }

  /** Ends what an earlier daemon left and nobody wants now; returns when only wanted processes are left. */
  async function settlePast(toStart: ReadonlySet<string>): Promise<void> {
    if (hasSettledPast || isFirstLife) return;
    hasSettledPast = true;
    for (const [server, record] of [...inherited]) {
      if (toStart.has(server)) continue;
      const why = 'left by an earlier daemon, and not wanted now';
      const { pid } = record;
      needs.append({
        atMs: clock.nowMs(),
        kind: 'instance.orphanEnded',
        subject: server,
        pid,
        why,
      });
      inherited.delete(server);
      const runner = runners.get(server);
      if (runner !== undefined) runner.run.inherited = undefined;
    }
    const spareMarks = new Set([...inherited.values()].map(({ mark }) => mark));
    const { ended } = await endOrphans(dataDir, { spareMarks });
    const why = 'a process of an earlier daemon that was not on record';
    for (const { server, pid } of ended)
      needs.append({
        atMs: clock.nowMs(),
        kind: 'instance.orphanEnded',
        subject: server,
        pid,
        why,
      });
  }

  async function startInOrder(server: string, why: string, before: readonly Promise<void>[]) {
    await Promise.all(before);
    const runner = runnerOf(server);
    runner.start(why);
    inherited.delete(server);
    await runner.settled();
  }

  /**
   * Starts level by level: a server waits until all it depends on is ready, or known not to get there. What is taken
   * up from an earlier daemon does not wait for the end of what is not (`past`).
   */
  async function startAll(actions: readonly FleetAction[], past: Promise<void>): Promise<void> {
    const wanted = new Map(actions.map((action) => [action.server, action.why]));
    const specs = [...wanted.keys()].map((server) => runnerOf(server).run.spec);
    pipeShop.prepare(specs.length * pipesPerServer);
    const started = new Map<string, Promise<void>>();
    for (const server of startOrder(specs).flat()) {
      const dependencies = specs.find(({ name }) => name === server)?.dependsOn ?? [];
      const before = dependencies.flatMap((name) => started.get(name) ?? []);
      if (!inherited.has(server)) before.push(past);
      started.set(server, startInOrder(server, wanted.get(server) ?? '', before));
    }
    await Promise.all(started.values());
  }

  async function stopOne(server: string, why: string): Promise<void> {
    const runner = runners.get(server);
    if (runner === undefined) return;
    runner.stop(why);
    await runner.settled();
  }

  /** Stops level by level, dependents first. */
  async function stopAll(
    servers: readonly string[],
    why: (server: string) => string,
  ): Promise<void> {
    const specs = servers.flatMap((server) => runners.get(server)?.run.spec ?? []);
    for (const level of stopOrder(specs))
      await Promise.all(level.map((server) => stopOne(server, why(server))));
  }

  async function execute(fleet: Fleet, actions: readonly FleetAction[], by: string): Promise<void> {
    const of = (kind: FleetAction['action']) => actions.filter(({ action }) => action === kind);
    const reasons = new Map(actions.map(({ server, why }) => [server, `${why} (${by})`]));
    orphanGraceMs = fleet.orphanGraceMs;
    guardian.setGrace(orphanGraceMs);
    const starting = new Set(of('start').map(({ server }) => server));
    await stopAll(
      of('stop').map(({ server }) => server),
      (server) => reasons.get(server) ?? by,
    );
    for (const { server } of of('remove')) runners.delete(server);
    for (const spec of fleet.servers) {
      const runner = runners.get(spec.name);
      if (runner === undefined) add(spec, fleet.baseDir);
      else runner.setSpec(spec, fleet.baseDir);
    }
    orderRunners(fleet);
    const past = settlePast(starting);
    const restarts = of('restart').map(async ({ server }) => {
      runnerOf(server).restart(reasons.get(server) ?? by);
      await runnerOf(server).settled();
    });
    await Promise.all([past, startAll(of('start'), past), ...restarts]);
    save();
  }

  /** Views follow the order of the file. */
  function orderRunners(fleet: Fleet): void {
    const entries = fleet.servers.flatMap(({ name }) => {
      const runner = runners.get(name);
      return runner === undefined ? [] : [[name, runner] as const];
    });
    runners.clear();
    for (const [name, runner] of entries) runners.set(name, runner);
  }

  async function letGo(): Promise<void> {
    isShutDown = true;
    clearInterval(housekeeping);
    if (inherited.size === 0) guardian.dismiss();
    await logs.close();
  }

  return {
    life,
    specOf: (server) => runners.get(server)?.run.spec,
    views() {
      if (clock.nowMs() - sampledAtMs > sampleAgeMaxMs || hasUnsampled()) sample();
      return [...runners.values()].map((runner) => runner.view());
    },
    execute,
    async start(server, by) {
      const runner = runnerOf(server);
      needs.onIntent(server, 'running', by);
      runner.start(`started by ${by}`);
      await runner.settled();
    },
    stop: (server, by) => {
      runnerOf(server);
      needs.onIntent(server, 'stopped', by);
      return stopOne(server, `stopped by ${by}`);
    },
    async restart(server, by) {
      const runner = runnerOf(server);
      needs.onIntent(server, 'running', by);
      runner.restart(`restarted by ${by}`);
      await runner.settled();
    },
    async readLog(server, query) {
      runnerOf(server);
      await logs.flush();
      return readLog(logs.pathOf(server), query);
    },
    async shutdown(why) {
      await stopAll([...runners.keys()], () => why);
      save();
      await letGo();
    },
    detach: letGo,
  };
}

/** Records whose process still is the one recorded. */
function aliveOf(records: readonly InstanceRecord[]): InstanceRecord[] {
  return records.filter(({ pid, startTime }) => isSameProcess(pid, startTime));
}
