import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Clock } from './clock.ts';
import { createApi } from './doors/http/api.ts';
import { createHealth } from './doors/http/health.ts';
import { Problem } from './errors.ts';
import type { Fleet } from './fleet/fleet.ts';
import { readFleet } from './fleet/io/read-fleet.ts';
import { readVariables } from './fleet/io/read-variables.ts';
import { watchFleet } from './fleet/io/watch-fleet.ts';
import { type PlannedAction, planFleet } from './fleet/plan.ts';
import { createGateway } from './gateway/io/gateway.ts';
import { createListener } from './gateway/io/listener.ts';
import type { Append, NewEvent } from './journal/events.ts';
import { openJournal } from './journal/io/journal.ts';
import { openDatabase } from './journal/io/sqlite.ts';
import type { Journal } from './journal/journal.ts';
import { createHandlers } from './operations/io/handlers.ts';
import type { InstanceState } from './supervisor/instance.ts';
import { lockDataDir } from './supervisor/io/lock.ts';
import { portHolder } from './supervisor/io/ports.ts';
import { startTimeOf } from './supervisor/io/process-table.ts';
import { replaceFile, runPaths } from './supervisor/io/state-file.ts';
import { createSupervisor } from './supervisor/io/supervisor.ts';

/** How to start a daemon. */
export interface DaemonOptions {
  /** The fleet file. */
  readonly file: string;
  /** Default: `$XDG_STATE_HOME/ringmaster/<fleet>`. */
  readonly dataDir?: string;
  /** Set over the file's. */
  readonly port?: number;
  readonly profile?: string;
  readonly lang?: string;
  /** Told every event but finished calls, as it happens. */
  readonly onProgress?: (event: NewEvent) => void;
}

/** A daemon that runs in this process. */
export interface RunningDaemon {
  /** Address of the endpoint for all servers. */
  readonly url: string;
  readonly dataDir: string;
  readonly pid: number;
  /** Stops every server, then the daemon. */
  stop(why: string): Promise<void>;
  /** Resolves when it has stopped, whoever asked. */
  readonly closed: Promise<void>;
}

const clock: Clock = {
  nowMs: () => Date.now(),
  after(delayMs, then) {
    const timer = setTimeout(then, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/**
 * Starts the daemon: the only place where the rooms meet. Returns when its endpoint answers; servers are still starting
 * then. Rejects with a Problem when the fleet file is wrong, the data directory is taken or the port is in use.
 */
export async function startDaemon(options: DaemonOptions): Promise<RunningDaemon> {
  const file = resolve(options.file);
  const overrides = {
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.profile === undefined ? {} : { profile: options.profile }),
  };
  const read = (revision: number) => readFleet(file, { revision, overrides });
  let { fleet, hash } = await read(1);
  const dataDir = resolve(options.dataDir ?? defaultDataDir(fleet.name));
  const paths = runPaths(dataDir);
  mkdirSync(paths.run, { recursive: true, mode: 0o700 });
  const lock = lockDataDir(dataDir, openDatabase);
  const journal = await openJournal({
    path: join(dataDir, 'journal.db'),
    clock,
    ...fleet.journal,
    report: (sentence) => process.stderr.write(`ringmaster: ${sentence}\n`),
  });
  const append: Append = (event) => {
    journal.append(event);
    if (event.kind !== 'call.finished') options.onProgress?.(event);
  };
  const version = ownVersion();
  const gateway = createGateway({
    ...{ clock, append, fleet, version },
    recall: journal.recall,
    remember: journal.remember,
  });
  const supervisor = createSupervisor({
    ...{ dataDir, clock, append },
    conversations: gateway.conversations,
    chance: Math.random,
    variables: (spec) => readVariables(fleet, spec, process.env),
    orphanGraceMs: fleet.orphanGraceMs,
    onIntent: (server, wanted, by) => remember(server, wanted, by),
    scaleOf(server) {
      const count = journal.recall('scale', server);
      return typeof count === 'number' ? count : undefined;
    },
  });
  let rejected: { readonly atMs: number; readonly problems: readonly string[] } | undefined;
  let stopping: Promise<void> | undefined;
  let applying: Promise<unknown> = Promise.resolve();
  let resolveClosed: () => void = () => {};
  const closed = new Promise<void>((done) => {
    resolveClosed = done;
  });
  const startedAtMs = clock.nowMs();

  function remember(server: string, wanted: 'running' | 'stopped', by: string): void {
    journal.remember('wanted', server, wanted);
    append({ atMs: clock.nowMs(), kind: 'instance.wanted', subject: server, wanted, by });
  }

  function plan(next: Fleet): PlannedAction[] {
    const wanted = journal.recallAll('wanted');
    // Of a pool, an instance that runs tells more than one that does not.
    const rows = [...supervisor.views()].sort((a, b) => rank(a.state) - rank(b.state));
    const views = new Map(rows.map((view) => [view.server, view]));
    // What a person decided in an earlier life holds in this one, although nothing of it runs yet.
    const decided = next.servers.filter(({ name }) => !views.has(name) && wanted.has(name));
    const actual = [
      ...[...views.values()].map(({ server, state, wanted: asked }) => ({
        ...{ name: server, state, wanted: asked },
        runningSpec: supervisor.specOf(server),
      })),
      ...decided.map((spec) => ({
        ...{ name: spec.name, state: 'stopped' as const, wanted: 'stopped' as const },
        runningSpec: spec,
      })),
    ];
    const servers = actual.map((server) => ({
      ...server,
      stoppedByPerson: wanted.get(server.name) === 'stopped',
      startedByPerson: wanted.get(server.name) === 'running',
    }));
    return planFleet({ fleet: next, profile: options.profile, servers });
  }

  async function execute(actions: readonly PlannedAction[], by: string): Promise<void> {
    gateway.setFleet(fleet);
    const names = new Set(fleet.servers.map(({ name }) => name));
    for (const server of journal.recallAll('wanted').keys())
      if (!names.has(server)) journal.remember('wanted', server, undefined);
    const done = actions.map(({ action, server, why }) => ({ action, server, why }));
    append({
      ...{ atMs: clock.nowMs(), kind: 'fleet.applied', subject: 'fleet' },
      ...{ revision: fleet.revision, file, actions: done },
    });
    await supervisor.execute(fleet, actions, by);
  }

  /** Reads the file again; the plan is only performed when it is not a dry run. One at a time. */
  async function applyNow(dryRun: boolean, by: string) {
    const next = await readAgain();
    const isChanged = next.hash !== hash;
    const revision = fleet.revision + (isChanged ? 1 : 0);
    const actions = plan({ ...next.fleet, revision });
    if (dryRun) return { revision, applied: false, actions };
    if (isChanged || actions.length > 0) {
      fleet = { ...next.fleet, revision };
      hash = next.hash;
      await execute(actions, by);
    }
    return { revision, applied: true, actions };
  }

  function apply(dryRun: boolean, by: string) {
    const result = applying.then(() => applyNow(dryRun, by));
    applying = result.catch(() => undefined);
    return result;
  }

  async function readAgain() {
    try {
      const next = await read(fleet.revision + 1);
      rejected = undefined;
      return next;
    } catch (error) {
      const problems = problemsOf(error);
      const atMs = clock.nowMs();
      rejected = { atMs, problems };
      append({ atMs, kind: 'fleet.rejected', subject: 'fleet', file, problems: [...problems] });
      throw error;
    }
  }

  function stop(why: string): Promise<void> {
    stopping ??= stopNow(why);
    return stopping;
  }

  async function stopNow(why: string): Promise<void> {
    stopWatching();
    await supervisor.shutdown(why);
    append({ atMs: clock.nowMs(), kind: 'daemon.stopped', subject: 'daemon', why });
    await gateway.close();
    await listener.close();
    await journal.close();
    rmSync(paths.daemon, { force: true });
    lock.release();
    resolveClosed();
  }

  const handlers = createHandlers({
    ...{ supervisor, gateway, journal, clock },
    daemon: {
      ...{ version, pid: process.pid, life: supervisor.life, startedAtMs, dataDir },
      profile: options.profile,
      url: () => `${listener.url}/mcp`,
      requestShutdown: () => void setImmediate(() => void stop('asked to shut down')),
      currentFleet: () => ({ fleet, file }),
      lastRejected: () => rejected,
      applyFleet: (dryRun) => apply(dryRun, 'ringmaster apply'),
    },
  });
  const listener = await createListener({
    ...fleet.listen,
    holderOf: portHolder,
    handlers: {
      mcp: gateway.handle,
      api: createApi(handlers),
      health: createHealth(supervisor.views),
    },
  }).catch(async (error: unknown) => {
    await abandon(journal, supervisor, lock.release);
    throw error;
  });
  const onFileChange = () => {
    void apply(false, 'the file changed').catch(() => {
      // Already in the journal and in `lastRejected`; the old fleet stays.
    });
  };
  const stopWatching = watchFleet(file, onFileChange, { clock, knownHash: hash });
  writeDaemonRecord(dataDir, { host: fleet.listen.host, port: listener.port, version, file });
  const { life } = supervisor;
  append({
    ...{ atMs: startedAtMs, kind: 'daemon.started', subject: 'daemon' },
    ...{ pid: process.pid, version, life, port: listener.port },
  });
  applying = execute(plan(fleet), 'start of the daemon');
  return { url: `${listener.url}/mcp`, dataDir, pid: process.pid, stop, closed };
}

/** A start that failed after servers may have been inherited: they go on, for the next daemon or the guardian. */
async function abandon(
  journal: Journal,
  supervisor: { detach(): Promise<void> },
  release: () => void,
): Promise<void> {
  await supervisor.detach();
  await journal.close();
  release();
}

function writeDaemonRecord(
  dataDir: string,
  facts: {
    readonly host: string;
    readonly port: number;
    readonly version: string;
    readonly file: string;
  },
): void {
  const startTime = startTimeOf(process.pid) ?? '';
  replaceFile(runPaths(dataDir).daemon, JSON.stringify({ pid: process.pid, startTime, ...facts }));
}

/** What runs, or is about to, comes last. */
function rank(state: InstanceState): number {
  return state === 'stopped' ? 0 : state === 'stopping' ? 1 : 2;
}

/** The sentences a rejected fleet file is remembered by. */
function problemsOf(error: unknown): readonly string[] {
  return (error instanceof Error ? error.message : String(error)).split('\n');
}

function defaultDataDir(fleet: string): string {
  const state = process.env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state');
  return join(state, 'ringmaster', fleet);
}

function ownVersion(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest)
    return String(manifest.version);
  throw new Problem('bug', 'Found no version in package.json');
}
