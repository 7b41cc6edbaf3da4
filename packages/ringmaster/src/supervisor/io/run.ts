import type { ServerSpec } from '../../fleet/fleet.ts';
import type { Negotiated } from '../conversation.ts';
import { describeExit } from '../exit.ts';
import type { Death, Exit, InstanceState, InstanceView, Metered } from '../instance.ts';
import { isRunning } from '../instance-table.ts';
import type { InstanceRecord } from '../record.ts';
import type { LimitInForce } from '../resources.ts';
import type { Body } from './body.ts';
import type { Probe } from './probes.ts';
import type { Sampler } from './sampler.ts';

/** Everything one instance is; only this room's hands see and change it. */
export interface Run {
  spec: ServerSpec;
  /** Its place in the pool of its server, from 0. */
  readonly index: number;
  /** Folder that relative paths of the fleet file start from. */
  baseDir: string;
  wanted: 'running' | 'stopped';
  state: InstanceState;
  why: string;
  sinceMs: number;
  generation: number;
  body: Body | undefined;
  launchHash: string;
  port: number | undefined;
  url: string | undefined;
  /** Besides its protocol's own. */
  probes: readonly Probe[];
  startedAtMs: number | undefined;
  /** When it got ready first in this generation, in the clock's ticks. */
  readySinceTickMs: number | undefined;
  /** Whether any generation of it got ready. */
  wasReady: boolean;
  /** When this generation began to start, in the clock's ticks. */
  startTickMs: number;
  adopted: boolean;
  negotiated: Negotiated | undefined;
  /** A process of an earlier daemon to take up at the next start. */
  inherited: InstanceRecord | undefined;
  /** The same while it is being taken up or ended, so that it stays on record. */
  claimed: InstanceRecord | undefined;
  /** Processes started in this life of the daemon; one that was taken up from an earlier life counts too. */
  starts: number;
  deathsInARow: number;
  lastDeath: Death | undefined;
  nextTryAtMs: number | undefined;
  nextDelayMs: number;
  /** The newest failure while it starts or is sick, for the reason of what follows. */
  trouble: string | undefined;
  /** It cannot be used until somebody signs in to it. */
  awaitsSignIn: boolean;
  /** Why it is being stopped: as asked or because nobody calls it (no deaths), or because of trouble (counts as one). */
  stopCause: 'asked' | 'idle' | 'trouble';
  /** In words. */
  stopWhy: string;
  /** Aborted when this generation did not stop in time and was killed. */
  kill: AbortController;
  /** Limits of its process, and by what each is kept. */
  limits: readonly LimitInForce[];
  /** In words: what it used too much of, when it was killed for that. */
  excessWhy: string | undefined;
  /** How its leader ended while the rest of its family is still being stopped. */
  pendingExit: Exit | undefined;
}

/** An instance that has not run yet. */
export function newRun(
  first: {
    readonly spec: ServerSpec;
    readonly index: number;
    readonly baseDir: string;
    readonly inherited?: InstanceRecord;
  },
  { nowMs, decided }: { readonly nowMs: number; readonly decided: unknown },
): Run {
  return {
    spec: first.spec,
    index: first.index,
    baseDir: first.baseDir,
    wanted: 'stopped',
    state: 'stopped',
    why:
      decided === 'stopped'
        ? 'stays stopped: it was stopped on request before'
        : 'not started since the daemon started',
    sinceMs: nowMs,
    generation: first.inherited?.generation ?? 0,
    body: undefined,
    launchHash: '',
    port: first.inherited?.port,
    url: undefined,
    probes: [],
    startedAtMs: undefined,
    readySinceTickMs: undefined,
    wasReady: false,
    startTickMs: 0,
    adopted: false,
    negotiated: undefined,
    inherited: first.inherited,
    claimed: undefined,
    starts: first.inherited === undefined ? 0 : 1,
    deathsInARow: 0,
    lastDeath: undefined,
    nextTryAtMs: undefined,
    nextDelayMs: 0,
    trouble: undefined,
    awaitsSignIn: false,
    stopCause: 'asked',
    stopWhy: '',
    kill: new AbortController(),
    limits: [],
    excessWhy: undefined,
    pendingExit: undefined,
  };
}

/** What everybody else may know of it. */
export function viewOf(run: Run, sampler: Sampler): InstanceView {
  const { pid, restarts } = meteredOf(run);
  const sample = pid === undefined ? undefined : sampler.latest(pid);
  return {
    server: run.spec.name,
    index: run.index,
    kind: run.spec.kind,
    wanted: run.wanted,
    state: run.state,
    why: run.why,
    sinceMs: run.sinceMs,
    generation: run.generation,
    pid,
    port: run.port,
    url: run.url,
    startedAtMs: run.startedAtMs,
    adopted: run.adopted,
    restarts,
    lastDeath: run.lastDeath,
    nextTryAtMs: run.nextTryAtMs,
    limits: run.body === undefined ? [] : run.limits,
    memoryBytes: sample?.memoryBytes,
    cpuPercent: sample?.cpuPercent,
    processCount: sample?.processCount,
  };
}

/** The same, as far as it is told at every sample. */
export function meteredOf(run: Run): Metered {
  const { spec, body, startedAtMs, starts } = run;
  const pid = body?.family.pid;
  return { server: spec.name, pid, startedAtMs, restarts: Math.max(0, starts - 1) };
}

/** What must outlive the daemon; undefined when no process runs. */
export function recordOf(run: Run): InstanceRecord | undefined {
  const { body, spec } = run;
  if (body === undefined) return run.claimed ?? run.inherited;
  return {
    server: spec.name,
    index: run.index,
    kind: spec.kind,
    generation: run.generation,
    pid: body.family.pid,
    startTime: body.family.startTime,
    mark: body.family.mark,
    startedAtMs: run.startedAtMs ?? 0,
    launchHash: run.launchHash,
    pipes: body.pipes,
    ...(body.family.cgroup === undefined ? {} : { cgroup: body.family.cgroup }),
    ...(run.port === undefined ? {} : { port: run.port }),
    graceMs: spec.stop.graceMs,
    ...(run.negotiated === undefined ? {} : { negotiated: run.negotiated }),
  };
}

/** Why a deadline struck, in one sentence; `noise` is what it sent first that is no message. */
export function deadlineWhy(run: Run, noise: string | undefined): string {
  const sent = noise === undefined ? '' : `: what it sent is no MCP: ${JSON.stringify(noise)}`;
  const trouble = run.trouble === undefined ? sent : `: ${run.trouble}`;
  switch (run.state) {
    case 'starting':
      return `not ready within ${run.spec.start.timeoutMs} ms${trouble}`;
    case 'sick':
      return `sick for ${run.spec.health.sickMs} ms${trouble}`;
    case 'stopping':
      return `did not stop within ${run.spec.stop.graceMs} ms, killed`;
    default:
      if (run.stopCause !== 'trouble') return run.stopWhy;
      return `tried again, after: ${run.lastDeath?.why ?? 'nothing known'}`;
  }
}

/** Why a server sleeps, in one sentence. */
export function asleepWhy(run: Run): string {
  return `asleep until called: ${run.stopWhy}`;
}

/** Why a process is gone, in one sentence. */
export function deathWhy(run: Run, exit: Exit): string {
  const how = describeExit(exit);
  if (exit.kind === 'spawnFailed') return how;
  if (run.excessWhy !== undefined) return `${run.excessWhy} (${how})`;
  if (run.state === 'stopping' && run.stopCause === 'trouble') return `${run.stopWhy} (${how})`;
  if (run.state !== 'stopping') return `died by itself (${how})`;
  if (run.kill.signal.aborted) return `killed, as it did not stop in time (${how})`;
  return `stopped (${how})`;
}

/**
 * Resolves when the instance is ready, stopped or failed, or has died since the call and waits for its next try.
 * `waiters` is called at every change of state.
 */
export function waitSettled(run: Run, waiters: Set<() => void>): Promise<void> {
  const deathBefore = run.lastDeath;
  const isSettled = () => {
    if (run.state === 'ready') return true;
    if (run.state === 'waiting')
      return run.lastDeath !== deathBefore && run.stopCause === 'trouble';
    return !isRunning(run.state);
  };
  if (isSettled()) return Promise.resolve();
  return new Promise((resolve) => {
    const look = () => {
      if (!isSettled()) return;
      waiters.delete(look);
      resolve();
    };
    waiters.add(look);
  });
}
