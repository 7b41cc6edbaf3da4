import type { Cancel } from '../../clock.ts';
import type { ServerSpec } from '../../fleet/fleet.ts';
import type { InstanceState, InstanceView } from '../instance.ts';
import { type Effect, instanceTable, isRunning, type Signal } from '../instance-table.ts';
import type { InstanceRecord } from '../record.ts';
import { handleDeath } from './dying.ts';
import { signalFamily } from './end-processes.ts';
import { watchHealth } from './health-watch.ts';
import type { RunnerInside, RunnerNeeds } from './inside.ts';
import { openInstance } from './opening.ts';
import { asleepWhy, deadlineWhy, newRun, type Run, recordOf, viewOf, waitSettled } from './run.ts';
import { endInstance } from './stopping.ts';

/** Runs one instance of one server along the instance table. */
export interface Runner {
  readonly run: Run;
  view(): InstanceView;
  /** What must outlive the daemon; undefined when no process runs. */
  record(): InstanceRecord | undefined;
  start(why: string): void;
  stop(why: string): void;
  restart(why: string): void;
  /** Ends its process until it is started again; it stays wanted. */
  sleep(why: string): void;
  /** New settings that need no restart; also those used from the next start on. */
  setSpec(spec: ServerSpec, baseDir: string): void;
  /** Forgets the process of an earlier daemon it was to take up. */
  disinherit(): void;
  /** Resolves when it is ready, stopped or failed, or has died since the call. */
  settled(): Promise<void>;
}

/** How long a killed process is waited for before it is killed again. */
const killAgainMs = 250;

/** A runner that has not started anything yet. */
export function createRunner(
  needs: RunnerNeeds,
  first: {
    readonly spec: ServerSpec;
    readonly index: number;
    readonly baseDir: string;
    readonly inherited?: InstanceRecord;
  },
): Runner {
  const { clock, append, conversations } = needs;
  const run = newRun(first, { nowMs: clock.nowMs(), decided: needs.decided(first.spec.name) });
  const waiters = new Set<() => void>();
  let cancelDeadline: Cancel = () => {};
  let stopWatching: Cancel = () => {};
  const name = () => run.spec.name;
  const facts = () => ({
    atMs: clock.nowMs(),
    subject: name(),
    index: run.index,
    generation: run.generation,
  });
  const inside: RunnerInside = {
    needs,
    run,
    isCurrent: (generation) => generation === run.generation,
    signal,
    died: (exit, why) => handleDeath(inside, exit, why),
    arm,
    beginAgain(why) {
      run.why = why;
      beginGeneration();
      announce('start');
      armFor('starting');
    },
  };

  function arm(delayMs: number): void {
    cancelDeadline();
    const generation = run.generation;
    cancelDeadline = clock.after(delayMs, () => {
      if (generation === run.generation) signal('deadline', deadlineWhy(run, noise()));
    });
  }

  function noise(): string | undefined {
    return run.state === 'starting' ? conversations.noise(name(), run.index) : undefined;
  }

  function signal(kind: Signal, why: string): void {
    const cell = instanceTable[run.state][kind];
    if (cell === 'stay') return;
    if (cell === 'impossible') {
      const what = `signal ${kind} in state ${run.state}: ${why}`;
      append({ ...facts(), kind: 'invariant.broken', what });
      return;
    }
    const isTrouble = kind === 'deadline' || kind === 'exceeded';
    if (isTrouble && cell.to === 'stopping' && run.state !== 'stopping') run.stopCause = 'trouble';
    if (cell.to === 'stopping' && run.state !== 'stopping') run.stopWhy = why;
    if (cell.effects.includes('spawn')) beginGeneration();
    run.state = cell.to;
    run.why = why;
    run.sinceMs = clock.nowMs();
    run.nextTryAtMs = undefined;
    announce(kind);
    if (cell.to !== 'sick') stopWatching();
    for (const effect of cell.effects) perform(effect);
    needs.onChange();
    for (const wake of [...waiters]) wake();
  }

  /** A process of an earlier daemon keeps its generation, and taking it up is no start. */
  function beginGeneration(): void {
    run.kill = new AbortController();
    run.excessWhy = undefined;
    run.stopCause = 'trouble';
    if (run.inherited !== undefined) return;
    run.generation = needs.nextGeneration(run.spec.name, run.index, run.generation);
    run.starts += 1;
  }

  function announce(kind: Signal): void {
    const { state, why } = run;
    if (state === 'starting' && run.inherited === undefined)
      append({ ...facts(), kind: 'instance.starting', isRestart: run.starts > 1, why });
    if (state === 'stopping' && kind !== 'deadline')
      append({ ...facts(), kind: 'instance.stopping', why });
    if (state === 'sick') append({ ...facts(), kind: 'instance.sick', why });
    if (state === 'stopped') append({ ...facts(), kind: 'instance.stopped', why });
    if (state === 'asleep') append({ ...facts(), kind: 'instance.asleep', why });
    if (state === 'ready') {
      const tookMs = Math.round(clock.tickMs() - run.startTickMs);
      const pid = run.body?.family.pid;
      run.readySinceTickMs ??= clock.tickMs();
      run.wasReady = true;
      append({ ...facts(), kind: 'instance.ready', ...(pid === undefined ? {} : { pid }), tookMs });
    }
  }

  function perform(effect: Effect): void {
    switch (effect) {
      case 'spawn':
        return void openInstance(inside);
      case 'terminate':
        return void endInstance(inside);
      case 'kill':
        if (run.body !== undefined) signalFamily(run.body.family, 'SIGKILL');
        run.kill.abort();
        return;
      case 'arm':
        return armFor(run.state);
      case 'clear':
        return cancelDeadline();
      case 'publish':
        stopWatching = watchHealth(inside);
        return;
      case 'withdraw':
        return conversations.expect(name(), 'gone', run.why);
      case 'rest':
        return conversations.expect(name(), 'back', run.why);
      case 'raise':
        append({ ...facts(), kind: 'instance.failed', why: run.why, nextTryInMs: run.nextDelayMs });
        return;
    }
  }

  function armFor(state: InstanceState): void {
    const { spec } = run;
    if (state === 'starting') return arm(spec.start.timeoutMs);
    if (state === 'sick') return arm(spec.health.sickMs);
    if (state === 'stopping') return arm(run.kill.signal.aborted ? killAgainMs : stopDeadlineMs());
    run.nextTryAtMs = clock.nowMs() + run.nextDelayMs;
    return arm(run.nextDelayMs);
  }

  function stopDeadlineMs(): number {
    const busy = conversations.inFlight(name(), run.index) > 0;
    return run.spec.stop.graceMs + (busy ? run.spec.stop.drainMs : 0);
  }

  return {
    run,
    view: () => viewOf(run, needs.sampler),
    record: () => recordOf(run),
    start(why) {
      run.wanted = 'running';
      run.deathsInARow = 0;
      if (run.stopCause === 'idle') run.stopCause = 'asked';
      signal('start', why);
    },
    stop(why) {
      run.wanted = 'stopped';
      run.stopCause = 'asked';
      signal('stop', why);
    },
    restart(why) {
      run.wanted = 'running';
      run.deathsInARow = 0;
      run.stopCause = 'asked';
      if (isRunning(run.state)) signal('stop', why);
      else signal('start', why);
    },
    sleep(why) {
      run.wanted = 'running';
      if (run.state === 'stopped') run.stopWhy = why;
      else if (isRunning(run.state) && run.state !== 'stopping') run.stopCause = 'idle';
      signal('sleep', run.state === 'stopped' ? asleepWhy(run) : why);
    },
    setSpec(spec, baseDir) {
      run.spec = spec;
      run.baseDir = baseDir;
      needs.logs.setLimits(spec.name, spec.logs);
    },
    disinherit() {
      run.inherited = undefined;
    },
    settled: () => waitSettled(run, waiters),
  };
}
