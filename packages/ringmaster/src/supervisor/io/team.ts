import { Problem } from '../../errors.ts';
import type { ServerSpec } from '../../fleet/fleet.ts';
import type { InstanceView } from '../instance.ts';
import { isRunning } from '../instance-table.ts';
import type { InstanceRecord } from '../record.ts';
import { signalFamily } from './end-processes.ts';
import type { RunnerNeeds } from './inside.ts';
import { createRunner, type Runner } from './runner.ts';

/** All instances of one server; what is asked of the server is done to each. */
export interface Team {
  spec(): ServerSpec;
  views(): InstanceView[];
  records(): InstanceRecord[];
  /** Whether a process of an earlier daemon waits to be taken up. */
  hasInherited(): boolean;
  /** It is wanted, and will be started when what it depends on allows. */
  want(why: string): void;
  /** Whether nobody asked to stop it since. */
  isWanted(): boolean;
  start(why: string): void;
  stop(why: string): void;
  restart(why: string): void;
  setSpec(spec: ServerSpec, baseDir: string): void;
  /** Forgets processes of an earlier daemon it was to take up. */
  disinherit(): void;
  /** Resolves when each instance is where it stays, or has died since the call. */
  settled(): Promise<void>;
  /** Runs this many instances from now on; resolves when they are there and those too many are gone. */
  scale(count: number, why: string): Promise<void>;
  /**
   * Starts a new instance beside each old one and stops the old when the new is ready, so that no call is dropped.
   * Rejects with `reload_failed`, the old ones untouched, when a new one does not get ready.
   */
  reload(why: string): Promise<void>;
  /** Writes to the input of each instance; returns how many have one and took it. */
  write(text: string): number;
  /** Sends a signal to the leading process of each instance; returns how many took it. */
  signal(name: NodeJS.Signals): number;
}

/** A server without instances yet, but for those `inherited` from an earlier daemon. */
export function createTeam(
  needs: RunnerNeeds,
  first: {
    readonly spec: ServerSpec;
    readonly baseDir: string;
    readonly count: number;
    readonly inherited: readonly InstanceRecord[];
  },
): Team {
  const runners = new Map<number, Runner>();
  let { spec, baseDir, count } = first;
  for (const record of first.inherited) recruit(record.index, record);
  fill();

  function recruit(index: number, inherited?: InstanceRecord): Runner {
    const runner = createRunner(needs, {
      ...{ spec, baseDir, index },
      ...(inherited === undefined ? {} : { inherited }),
    });
    runners.set(index, runner);
    return runner;
  }

  function fill(): void {
    while (runners.size < count) recruit(freeIndex());
  }

  function freeIndex(): number {
    let index = 0;
    while (runners.has(index)) index += 1;
    return index;
  }

  const inOrder = () => [...runners.values()].sort((a, b) => a.run.index - b.run.index);
  const isUp = () => inOrder().some(({ run }) => run.wanted === 'running');

  async function retire(runner: Runner, why: string): Promise<void> {
    runner.stop(why);
    await runner.settled();
    runners.delete(runner.run.index);
  }

  /** One after the other, so that at most one more process than wanted runs at a time. */
  async function replace(old: Runner, why: string): Promise<void> {
    const fresh = recruit(freeIndex());
    fresh.start(why);
    await fresh.settled();
    if (fresh.run.state !== 'ready') {
      const reason = fresh.run.why;
      await retire(fresh, 'it did not get ready in a reload');
      throw new Problem(
        'reload_failed',
        `The new instance of "${spec.name}" is not ready: ${reason}`,
      );
    }
    await retire(old, why);
  }

  return {
    spec: () => spec,
    views: () => inOrder().map((runner) => runner.view()),
    records: () => inOrder().flatMap((runner) => runner.record() ?? []),
    hasInherited: () => inOrder().some(({ run }) => run.inherited !== undefined),
    want(why) {
      for (const { run } of inOrder()) {
        run.wanted = 'running';
        if (run.state === 'stopped') run.why = why;
      }
    },
    isWanted: isUp,
    start(why) {
      fill();
      for (const runner of inOrder()) runner.start(why);
    },
    stop(why) {
      for (const runner of inOrder()) runner.stop(why);
    },
    restart(why) {
      fill();
      for (const runner of inOrder()) runner.restart(why);
    },
    setSpec(next, nextBaseDir) {
      spec = next;
      baseDir = nextBaseDir;
      for (const runner of runners.values()) runner.setSpec(next, nextBaseDir);
    },
    disinherit() {
      for (const runner of runners.values()) runner.disinherit();
    },
    async settled() {
      await Promise.all(inOrder().map((runner) => runner.settled()));
    },
    async scale(wanted, why) {
      requireManyPossible(spec, wanted);
      count = wanted;
      const wasUp = isUp();
      const surplus = inOrder().slice(wanted);
      fill();
      const fresh = wasUp ? inOrder().filter(({ run }) => !isRunning(run.state)) : [];
      for (const runner of fresh) if (!surplus.includes(runner)) runner.start(why);
      await Promise.all(surplus.map((runner) => retire(runner, why)));
      await Promise.all(inOrder().map((runner) => runner.settled()));
    },
    async reload(why) {
      requireManyPossible(spec, 2);
      for (const runner of inOrder()) {
        if (isRunning(runner.run.state)) await replace(runner, why);
        else runner.start(why);
      }
      await Promise.all(inOrder().map((runner) => runner.settled()));
    },
    write: (text) => inOrder().filter(({ run }) => run.body?.write(text) === true).length,
    signal: (name) =>
      inOrder().filter(
        ({ run }) => run.body !== undefined && signalFamily(run.body.family, name) > 0,
      ).length,
  };
}

/** Two processes cannot listen on one port, and a server we only connect to has none. */
function requireManyPossible(spec: ServerSpec, count: number): void {
  if (count <= 1) return;
  if (spec.kind === 'remote')
    throw new Problem('not_supported', `Server "${spec.name}" is only connected to, not run here`);
  if (typeof spec.port === 'number')
    throw new Problem(
      'not_supported',
      `Server "${spec.name}" has the fixed port ${spec.port}, so only one instance can run; port: auto allows more`,
    );
}
