import { asProblem, messageChain, Problem } from '../../errors.ts';
import type { ConversationTarget } from '../conversation.ts';
import { type InstanceRecord, markOf } from '../record.ts';
import { speaksMcp } from '../speaks-mcp.ts';
import { adoptBody, spawnBody } from './body.ts';
import { leaderIsAlive, signalFamilySoon, waitForFamily } from './end-processes.ts';
import type { Permit } from './gate.ts';
import type { RunnerInside } from './inside.ts';
import { type ConcreteLaunch, makeLaunch } from './launch.ts';
import { limitsInForce } from './limits-in-force.ts';
import { watchResources } from './over-limit.ts';
import { passGate, permitProbe } from './permits.ts';
import { freePort, requireFreePort } from './ports.ts';
import { tcpProbe } from './probes.ts';
import { probesOf, waitUntilReady } from './readiness.ts';

/** Pause between two attempts to open a conversation with an HTTP server that listens but is not ready to talk. */
const openAgainMs = 250;
/** Longest wait for a killed process to go. */
const killWaitMs = 2_000;

/**
 * Starts (or takes up) the process of the current generation and brings it to ready; every outcome is a signal.
 */
export async function openInstance(inside: RunnerInside): Promise<void> {
  const { run } = inside;
  let generation = run.generation;
  const isWanted = () => inside.isCurrent(generation) && run.state === 'starting';
  run.trouble = undefined;
  run.pendingExit = undefined;
  run.adopted = false;
  run.startTickMs = inside.needs.clock.tickMs();
  run.awaitsSignIn = false;
  try {
    const inherited = run.inherited;
    run.inherited = undefined;
    let opened = inherited === undefined ? undefined : await adoptOrEnd(inside, inherited);
    if (inherited !== undefined && opened === undefined) {
      if (!isWanted()) return;
      inside.beginAgain('the process an earlier daemon left was not what is wanted now');
      generation = run.generation;
    }
    opened ??= await begin(inside, isWanted);
    if (opened === undefined || !isWanted()) return;
    watchResources(inside);
    await becomeReady(inside, opened, isWanted);
    if (!isWanted()) return;
    if (run.adopted) report(inside, 'instance.adopted');
    inside.signal('opened', run.adopted ? 'taken up from an earlier daemon' : readyWhy(inside));
  } catch (error) {
    const message = messageChain(asProblem(error));
    if (!isWanted()) return;
    run.trouble = message;
    run.awaitsSignIn = error instanceof Problem && error.code === 'sign_in_needed';
    if (run.awaitsSignIn) inside.died({ kind: 'spawnFailed', message }, message);
    else if (run.body === undefined) inside.died({ kind: 'spawnFailed', message });
    else inside.signal('deadline', message);
  }
}

function readyWhy({ run }: RunnerInside): string {
  if (run.spec.kind === 'service') return 'its probes pass';
  const version = run.negotiated?.protocolVersion;
  return version === undefined ? 'it answers' : speaksMcp(version);
}

function report({ needs, run }: RunnerInside, kind: 'instance.adopted' | 'instance.spawned'): void {
  const pid = run.body?.family.pid;
  if (pid === undefined) return;
  const { generation, index, spec } = run;
  needs.append({ atMs: needs.clock.nowMs(), kind, subject: spec.name, index, generation, pid });
}

/** What a process was started with, and leave to run its health command. */
interface Opened {
  readonly launch: ConcreteLaunch;
  readonly probe: Permit | undefined;
}

/** The process of an earlier daemon is taken up or ended; nothing in between, whatever goes wrong. */
async function adoptOrEnd(
  inside: RunnerInside,
  record: InstanceRecord,
): Promise<Opened | undefined> {
  let launch: Opened | undefined;
  inside.run.claimed = record;
  try {
    launch = await adopt(inside, record);
  } finally {
    if (launch === undefined) await endInherited(inside, record);
    inside.run.claimed = undefined;
  }
  return launch;
}

/** Takes up the process of an earlier daemon if it is still the same and still what is wanted. */
async function adopt(inside: RunnerInside, record: InstanceRecord): Promise<Opened | undefined> {
  const { needs, run } = inside;
  const { spec } = run;
  const variables = await needs.variables(spec);
  const launch = makeLaunch(spec, {
    ...{ baseDir: run.baseDir, port: record.port, mark: record.mark, variables },
  });
  const canResume = spec.kind === 'service' || record.negotiated !== undefined;
  if (record.launchHash !== launch.hash || !leaderIsAlive(record) || !canResume) return undefined;
  const probe = permitProbe(needs.gate, spec, launch, variables);
  const { generation } = record;
  const body = adoptBody(needs, { spec, record }, (exit) => gone(inside, generation, exit));
  if (body === undefined) return undefined;
  run.body = body;
  run.port = record.port;
  run.url = launch.url;
  run.launchHash = record.launchHash;
  run.startedAtMs = record.startedAtMs;
  run.negotiated = record.negotiated;
  run.adopted = true;
  run.limits = limitsInForce(spec.resources, body.family.cgroup);
  return { launch, probe };
}

/** Ends a process of an earlier daemon that cannot be taken up. */
async function endInherited({ needs, run }: RunnerInside, record: InstanceRecord): Promise<void> {
  const { nextSight } = needs;
  const killAtMs = needs.clock.tickMs() + run.spec.stop.graceMs;
  const isAfter = (atMs: number) => () => needs.clock.tickMs() > atMs;
  await signalFamilySoon(record, 'SIGTERM', nextSight);
  if (await waitForFamily(record, isAfter(killAtMs), { nextSight })) return;
  await signalFamilySoon(record, 'SIGKILL', nextSight);
  await waitForFamily(record, isAfter(killAtMs + killWaitMs), { nextSight });
}

/** Starts a new process; for a URL server there is none. */
async function begin(inside: RunnerInside, isWanted: () => boolean): Promise<Opened | undefined> {
  const { needs, run } = inside;
  const { spec } = run;
  const generation = run.generation;
  const variables = await needs.variables(spec);
  if (spec.port === 'auto') run.port = await freePort(run.port);
  else {
    run.port = spec.port;
    if (spec.port !== undefined && spec.command !== undefined) await requireFreePort(spec.port);
  }
  if (!inside.isCurrent(generation) || run.state !== 'starting') return undefined;
  const mark = markOf(needs.owner, spec.name, run.index, generation);
  const made = makeLaunch(spec, { baseDir: run.baseDir, port: run.port, mark, variables });
  const passed = passGate(needs.gate, spec, made, variables);
  const { launch, permit, probe } = passed;
  run.launchHash = launch.hash;
  run.url = launch.url;
  run.startedAtMs = needs.clock.nowMs();
  if (permit === undefined) return { launch, probe };
  const what = { spec, launch, permit, mark };
  run.body = spawnBody(needs, what, (exit) => gone(inside, generation, exit));
  if (run.body === undefined) return undefined;
  run.limits = limitsInForce(spec.resources, run.body.family.cgroup);
  report(inside, 'instance.spawned');
  needs.onChange();
  return isWanted() ? { launch, probe } : undefined;
}

/** The leader ended: a death, unless its family is being stopped, which is over only when all of it is gone. */
function gone(
  inside: RunnerInside,
  generation: number,
  exit: Parameters<RunnerInside['died']>[0],
): void {
  if (!inside.isCurrent(generation)) return;
  if (inside.run.state === 'stopping') inside.run.pendingExit = exit;
  else inside.died(exit);
}

async function becomeReady(
  inside: RunnerInside,
  { launch, probe }: Opened,
  isWanted: () => boolean,
): Promise<void> {
  const { run } = inside;
  const { spec } = run;
  const probes = probesOf(spec, { launch, probe }, run.port);
  run.probes = probes;
  const isOver = () => !isWanted();
  if (spec.kind === 'http') {
    const { hostname, port, protocol } = new URL(launch.url ?? '');
    const portNumber = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
    await waitUntilReady([tcpProbe(portNumber, hostname)], spec.health.timeoutMs, isOver);
  }
  if (spec.kind !== 'service') await converse(inside, launch, isWanted);
  if (spec.kind === 'service' || probes.length > 0) {
    if (run.adopted && probes.length === 0) return;
    await waitUntilReady(probes, spec.health.timeoutMs, isOver);
  }
}

async function converse(
  inside: RunnerInside,
  launch: ConcreteLaunch,
  isWanted: () => boolean,
): Promise<void> {
  const { needs, run } = inside;
  const target = targetOf(inside, launch);
  for (;;) {
    try {
      run.negotiated = await needs.conversations.open(target);
      needs.onChange();
      return;
    } catch (error) {
      run.trouble = messageChain(error);
      // A server we started may listen before it can talk; its start deadline ends the attempts.
      if (run.spec.kind !== 'http' || !isWanted()) throw error;
      await new Promise((resolve) => setTimeout(resolve, openAgainMs));
    }
  }
}

function targetOf(inside: RunnerInside, launch: ConcreteLaunch): ConversationTarget {
  const { needs, run } = inside;
  const { spec } = run;
  if (spec.kind === 'service') throw new Problem('bug', 'A service has no conversation');
  return {
    server: spec.name,
    index: run.index,
    generation: run.generation,
    kind: spec.kind,
    channel: run.body?.channel,
    url: launch.url,
    headers: launch.headers,
    ...(spec.kind === 'remote' ? { auth: launch.auth } : {}),
    era: spec.era,
    launchHash: launch.hash,
    startTimeoutMs: spec.start.timeoutMs,
    resume: run.adopted ? run.negotiated : undefined,
    firstRequestId: needs.firstRequestId,
    limits: spec.limits,
  };
}
