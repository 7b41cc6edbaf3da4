import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createAlertDesk } from './alerting/io/alert-desk.ts';
import type { Clock } from './clock.ts';
import { ownVersion } from './doors/cli/version.ts';
import { createControl } from './doors/control/door.ts';
import { createFront } from './doors/http/front.ts';
import { actualServers } from './fleet/actual.ts';
import type { Fleet } from './fleet/fleet.ts';
import { withoutServers, withServer } from './fleet/io/edit-fleet.ts';
import { createFleetKeeper } from './fleet/io/keeper.ts';
import { readFleet } from './fleet/io/read-fleet.ts';
import { readFleetVariables, readVariables } from './fleet/io/read-variables.ts';
import type { ServerEntryInput } from './fleet/schema.ts';
import { callbackPath, createSignIns } from './gateway/io/auth/sign-ins.ts';
import { createVault } from './gateway/io/auth/vault.ts';
import { createGateway } from './gateway/io/gateway.ts';
import { createListener } from './gateway/io/listener.ts';
import type { Append, NewEvent } from './journal/events.ts';
import { openJournal } from './journal/io/journal.ts';
import { openDatabase } from './journal/io/sqlite.ts';
import { createStandingsKeeper } from './journal/io/standings-keeper.ts';
import type { Journal } from './journal/journal.ts';
import { alertSources } from './operations/io/alert-sources.ts';
import { createHandlers } from './operations/io/handlers.ts';
import { recordHealthHourly } from './operations/io/hourly-health.ts';
import { performOperation } from './operations/perform.ts';
import { type OperationName, routes } from './operations/routes.ts';
import { createShelf } from './reporting/io/shelf.ts';
import { createScheduler } from './scheduler/io/scheduler.ts';
import { approvalHash } from './supervisor/io/approval.ts';
import { defaultDataDir, writeDaemonRecord } from './supervisor/io/daemon-file.ts';
import { absolutePaths, createSpawnGate } from './supervisor/io/gate.ts';
import { lockDataDir } from './supervisor/io/lock.ts';
import { createMetering } from './supervisor/io/metering.ts';
import { portHolder } from './supervisor/io/ports.ts';
import { reopen } from './supervisor/io/reopen.ts';
import { createProgramRunner } from './supervisor/io/run-program.ts';
import { pssBytesOf } from './supervisor/io/sampler.ts';
import { runPaths } from './supervisor/io/state-file.ts';
import { createSupervisor } from './supervisor/io/supervisor.ts';
import { createTelemetry } from './telemetry/io/telemetry.ts';

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
  tickMs: () => performance.now(),
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
  const first = await read(1);
  const { listen, orphanGraceMs } = first.fleet;
  const dataDir = resolve(options.dataDir ?? defaultDataDir(first.fleet.name));
  const paths = runPaths(dataDir);
  mkdirSync(paths.run, { recursive: true, mode: 0o700 });
  const lock = lockDataDir(dataDir, openDatabase);
  const report = (sentence: string) => void process.stderr.write(`ringmaster: ${sentence}\n`);
  const journal = await openJournal({
    ...{ path: join(dataDir, 'journal.db'), clock, report },
    ...first.fleet.journal,
  });
  const append: Append = (event) => {
    journal.append(event);
    telemetry.tally.take(event);
    if (event.kind !== 'call.finished') options.onProgress?.(event);
  };
  const version = ownVersion();
  const variables = () => readFleetVariables(keeper.fleet(), process.env);
  const families = () => front.families();
  const telemetry = createTelemetry({ clock, append, version, variables, families });
  const signIns = createSignIns({
    ...{ clock, append },
    vault: createVault({ folder: dataDir, report }),
    secret: () => randomBytes(32).toString('base64url'),
    callbackUrl: () => `${listener.url}${callbackPath}`,
    onChange: (server, how) => void reopen(supervisor, server, how),
  });
  const gateway = createGateway({
    ...{ clock, append, version, authorizerFor: signIns.authorizerFor },
    ...{ fleet: first.fleet, beginTrace: telemetry.beginTrace },
    ...{ recall: journal.recall, recallAll: journal.recallAll, remember: journal.remember },
    flushWithin: journal.flushWithin,
  });
  const gate = createSpawnGate({
    ...{ clock, append },
    policy: () => absolutePaths(keeper.fleet()),
    approved: (server) => textOr(journal.recall('approved', server)),
    remember: (server, hash) => journal.remember('approved', server, hash),
  });
  const supervisor = createSupervisor({
    ...{ dataDir, clock, append },
    conversations: gateway.conversations,
    chance: Math.random,
    variables: (spec) => readVariables(keeper.fleet(), spec, process.env),
    orphanGraceMs,
    onIntent(server, wanted, by) {
      journal.remember('wanted', server, wanted);
      append({ atMs: clock.nowMs(), kind: 'instance.wanted', subject: server, wanted, by });
    },
    gate,
    scaleOf(server) {
      const count = journal.recall('scale', server);
      return typeof count === 'number' ? count : undefined;
    },
  });
  const metering = createMetering({
    ...{ clock, dataDir, record: journal.record },
    ...{ views: supervisor.views, latestSample: supervisor.latestSample, pssBytesOf },
  });
  let stopping: Promise<void> | undefined;
  let resolveClosed: () => void = () => {};
  const closed = new Promise<void>((done) => {
    resolveClosed = done;
  });
  const startedAtMs = clock.nowMs();

  const keeper = createFleetKeeper({
    ...{ file, clock, append, first, read },
    profile: options.profile,
    actual: (fleet) =>
      actualServers({
        fleet,
        instances: supervisor.views(),
        specOf: supervisor.specOf,
        decided: journal.recallAll('wanted'),
      }),
    async perform(fleet, actions, by) {
      gateway.setFleet(fleet);
      signIns.keep(fleet.servers.map(({ name }) => name));
      forgetGone(journal, fleet);
      metering.setSampleMs(fleet.metrics.sampleMs);
      scheduler.setFleet(fleet);
      alerting.setSettings(fleet.alerts);
      telemetry.setFleet(fleet);
      await supervisor.execute(fleet, actions, by);
    },
  });

  function stop(why: string): Promise<void> {
    stopping ??= stopNow(why);
    return stopping;
  }

  async function stopNow(why: string): Promise<void> {
    keeper.end();
    scheduler.stop();
    alerting.stop();
    endHourly();
    metering.stop();
    await supervisor.shutdown(why);
    append({ atMs: clock.nowMs(), kind: 'daemon.stopped', subject: 'daemon', why });
    await gateway.close();
    await telemetry.close();
    for (const one of [front, control]) one.close();
    await listener.close();
    await journal.close();
    rmSync(paths.daemon, { force: true });
    lock.release();
    resolveClosed();
  }

  const handlers = createHandlers({
    ...{ supervisor, gateway, journal, metering, clock, signIns },
    standings: createStandingsKeeper({ journal, clock }),
    shelf: createShelf(join(dataDir, 'reports')),
    scheduler: () => scheduler,
    alerting: () => alerting,
    daemon: {
      ...{ version, pid: process.pid, life: supervisor.life, startedAtMs, dataDir },
      profile: options.profile,
      url: () => `${listener.url}/mcp`,
      addServer: (name, entry) => {
        const comment = 'added with ringmaster add';
        const added = { name, entry: entry as ServerEntryInput, comment };
        return keeper.edit((text) => withServer(text, file, added), 'ringmaster add');
      },
      removeServers: (names) =>
        keeper.edit((text) => withoutServers(text, file, names), 'ringmaster remove'),
      approve(server) {
        const spec = supervisor.specOf(server);
        if (spec !== undefined) journal.remember('approved', server, approvalHash(spec));
      },
      requestShutdown: () => void setImmediate(() => void stop('asked to shut down')),
      currentFleet: () => ({ fleet: keeper.fleet(), file }),
      lastRejected: keeper.lastRejected,
      fleetFile: keeper,
      applyFleet: (dryRun) => keeper.apply(dryRun, 'ringmaster apply'),
    },
  });
  const scheduler = createScheduler({
    ...{ clock, append, recall: journal.recall, remember: journal.remember },
    isOperation: (name) => Object.hasOwn(routes, name),
    perform: (name, input) => performOperation(handlers, name as OperationName, input),
  });
  const alerting = createAlertDesk({
    ...{ clock, append, journal, newId: randomUUID, ...alertSources(handlers) },
    recent: metering.recent,
    fleet: () => keeper.fleet().name,
    everyMs: () => keeper.fleet().metrics.sampleMs,
    variables,
    run: createProgramRunner(gate, () => keeper.fleet().baseDir),
  });
  const endHourly = recordHealthHourly({ clock, append, check: handlers['daemon.health'] });
  const control = createControl({ handlers, journal, clock, version });
  const front = createFront({
    ...{ handlers, journal, clock, version, tally: telemetry.tally, views: supervisor.views },
    prometheus: () => keeper.fleet().metrics.prometheus,
    kept: (server) => Math.max(1, supervisor.poolOf(server).min),
    more: { [callbackPath]: signIns.callback, '/control/mcp': control.door },
  });
  const listener = await createListener({
    ...listen,
    holderOf: portHolder,
    handlers: { mcp: gateway.handle, sse: gateway.handleSse, others: front.door },
  }).catch(async (error: unknown) => {
    metering.stop();
    await abandon(journal, supervisor, lock.release);
    throw error;
  });
  writeDaemonRecord(dataDir, { host: listen.host, port: listener.port, version, file });
  const { life } = supervisor;
  append({
    ...{ atMs: startedAtMs, kind: 'daemon.started', subject: 'daemon' },
    ...{ pid: process.pid, version, life, port: listener.port },
  });
  keeper.begin();
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

/**
 * Decisions about servers that left the fleet are forgotten: a new entry of that name starts afresh.
 * Approvals are kept: otherwise removing an entry and adding it again, changed, would pass as a
 * server seen for the first time.
 */
function forgetGone(journal: Journal, fleet: Fleet): void {
  const names = new Set(fleet.servers.map(({ name }) => name));
  for (const kind of ['wanted', 'scale'])
    for (const server of journal.recallAll(kind).keys())
      if (!names.has(server)) journal.remember(kind, server, undefined);
}

function textOr(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
