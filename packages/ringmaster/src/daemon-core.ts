import { randomBytes, randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createAlertDesk } from './alerting/io/alert-desk.ts';
import type { Claim, RunningDaemon } from './daemon-claim.ts';
import type { Office } from './daemon-office.ts';
import { ownVersion } from './doors/cli/version.ts';
import { actualServers } from './fleet/actual.ts';
import type { Fleet } from './fleet/fleet.ts';
import { createFleetKeeper } from './fleet/io/keeper.ts';
import { readFleetVariables, readVariables } from './fleet/io/read-variables.ts';
import { callbackPath, createSignIns } from './gateway/io/auth/sign-ins.ts';
import { createVault } from './gateway/io/auth/vault.ts';
import { createGateway } from './gateway/io/gateway.ts';
import { createListener } from './gateway/io/listener.ts';
import type { Append } from './journal/events.ts';
import { foldRepeats } from './journal/io/fold-repeats.ts';
import type { Journal } from './journal/journal.ts';
import { createApprovals } from './supervisor/io/approval.ts';
import { writeDaemonRecord } from './supervisor/io/daemon-file.ts';
import { absolutePaths, createSpawnGate } from './supervisor/io/gate.ts';
import { createMetering } from './supervisor/io/metering.ts';
import { portHolder } from './supervisor/io/ports.ts';
import { reopen } from './supervisor/io/reopen.ts';
import { createProgramRunner } from './supervisor/io/run-program.ts';
import { pssBytesOf } from './supervisor/io/sampler.ts';
import { runPaths } from './supervisor/io/state-file.ts';
import { createSupervisor } from './supervisor/io/supervisor.ts';
import { createTelemetry } from './telemetry/io/telemetry.ts';

/** Longest that the office waits for the first process, so that its loading does not hold it up. */
const firstProcessWaitMs = 50;

/**
 * Puts the rooms together that run servers and relay calls, and begins. Rejects with a Problem when the port is in use;
 * servers of an earlier daemon then go on, for the next one or the guardian. The lock is released
 * with the daemon.
 */
export async function runCore(claim: Claim): Promise<RunningDaemon> {
  const { file, first, dataDir, journal, clock, report } = claim;
  const { listen, orphanGraceMs } = first.fleet;
  const startedAtMs = clock.nowMs();
  const folding = foldRepeats({ append: journal.append, clock });
  const append: Append = (event) => {
    folding.append(event);
    telemetry.tally.take(event);
    if (event.kind !== 'call.finished') claim.onProgress?.(event);
    if (event.kind === 'instance.spawned' || event.kind === 'instance.adopted') resolveFirst();
  };
  let resolveFirst: () => void = () => {};
  const firstProcess = new Promise<void>((done) => {
    resolveFirst = done;
  });
  const version = ownVersion();
  const variables = () => readFleetVariables(keeper.fleet(), process.env);
  const families = async () => (await opening).families();
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
  const approvals = createApprovals({
    ...{ recall: journal.recall, remember: journal.remember },
    specOf: (server) => supervisor.specOf(server),
  });
  const gate = createSpawnGate({
    ...{ clock, append },
    policy: () => absolutePaths(keeper.fleet()),
    ...{ approved: approvals.approved, remember: approvals.remember },
  });
  const supervisor = createSupervisor({
    ...{ dataDir, clock, append, pipeShop: claim.pipeShop },
    conversations: gateway.conversations,
    chance: Math.random,
    variables: (spec) => readVariables(keeper.fleet(), spec, process.env),
    orphanGraceMs,
    decided: (server) => journal.recall('wanted', server),
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
    ...{ clock, dataDir, record: journal.record, sessions: gateway.sessionCount },
    ...{ sampleAll: supervisor.sampleAll, latestSample: supervisor.latestSample, pssBytesOf },
  });
  const alerting = createAlertDesk({
    ...{ clock, append, journal, newId: randomUUID, recent: metering.recent },
    servers: async () => (await opening).alertSources.servers(),
    logCounts: async (server, sinceMs) => (await opening).alertSources.logCounts(server, sinceMs),
    fleet: () => keeper.fleet().name,
    everyMs: () => keeper.fleet().metrics.sampleMs,
    variables,
    run: createProgramRunner(gate, () => keeper.fleet().baseDir),
  });
  const keeper = createFleetKeeper({
    ...{ file, clock, append, first, read: claim.read },
    profile: claim.profile,
    actual: (fleet) =>
      actualServers({
        fleet,
        instances: supervisor.views(),
        specOf: supervisor.specOf,
        decided: journal.recallAll('wanted'),
      }),
    async perform(fleet, actions, by) {
      if (!actions.some(({ action }) => action === 'start')) resolveFirst();
      gateway.setFleet(fleet);
      signIns.keep(fleet.servers.map(({ name }) => name));
      forgetGone(journal, fleet);
      office?.setFleet(fleet);
      await supervisor.execute(fleet, actions, by);
      metering.setSampleMs(fleet.metrics.sampleMs);
    },
  });

  let resolveClosed: () => void = () => {};
  const closed = new Promise<void>((done) => {
    resolveClosed = done;
  });
  let stopping: Promise<void> | undefined;
  function stop(why: string): Promise<void> {
    stopping ??= stopNow(why);
    return stopping;
  }

  async function stopNow(why: string): Promise<void> {
    keeper.end();
    const working = await opening;
    working.stop();
    alerting.stop();
    metering.stop();
    await supervisor.shutdown(why);
    append({ atMs: clock.nowMs(), kind: 'daemon.stopped', subject: 'daemon', why });
    await gateway.close();
    await telemetry.close();
    working.close();
    await listener.close();
    folding.close();
    await journal.close();
    rmSync(runPaths(dataDir).daemon, { force: true });
    claim.lock.release();
    resolveClosed();
  }

  let office: Office | undefined;
  async function openOffice(): Promise<Office> {
    const { createOffice } = await import('./daemon-office.ts');
    office = createOffice({
      ...{ claim, append, version, startedAtMs, url: () => `${listener.url}/mcp`, stop },
      ...{ supervisor, gateway, signIns, approvals, metering, alerting, keeper, telemetry },
    });
    office.setFleet(keeper.fleet());
    return office;
  }

  const listener = await createListener({
    ...listen,
    ...{ clock, onCut: gateway.noteCut, holderOf: portHolder },
    handlers: {
      mcp: gateway.handle,
      sse: gateway.handleSse,
      others: (request, response, url) =>
        void opening.then(({ door }) => door(request, response, url)),
      refuse: (response, problem) =>
        void import('./doors/http/answers.ts').then(({ answerProblem }) =>
          answerProblem(response, problem, () => {}),
        ),
    },
  }).catch(async (error: unknown) => {
    metering.stop();
    alerting.stop();
    await supervisor.detach();
    await journal.close();
    claim.lock.release();
    throw error;
  });
  writeDaemonRecord(dataDir, { host: listen.host, port: listener.port, version, file });
  append({
    ...{ atMs: startedAtMs, kind: 'daemon.started', subject: 'daemon' },
    ...{ pid: process.pid, version, life: supervisor.life, port: listener.port },
  });
  const opening = keeper.begin().then(() => {
    clock.after(firstProcessWaitMs, resolveFirst);
    return firstProcess.then(openOffice);
  });
  await opening;
  return { url: `${listener.url}/mcp`, dataDir, pid: process.pid, stop, closed };
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
