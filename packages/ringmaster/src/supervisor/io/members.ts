import type { ServerSpec } from '../../fleet/fleet.ts';
import type { Conversations } from '../conversation.ts';
import type { PoolMember, PoolRules } from '../pool.ts';
import type { InstanceRecord } from '../record.ts';
import type { RunnerNeeds } from './inside.ts';
import type { Run } from './run.ts';
import { createRunner, type Runner } from './runner.ts';

/** The instances of one server: how they join and leave its pool. */
export interface Members {
  /** By index. */
  inOrder(): readonly Runner[];
  /** Where each is in its life. */
  phases(): readonly Pick<PoolMember, 'index' | 'phase'>[];
  /** One more, at the first free index. */
  recruit(): Runner;
  /** As many as the rules keep running, and at least one, so that there is always something to show. */
  fill(): void;
  /** Lets go of stopped ones that a pool had grown by: they are not started again with it. */
  trim(): void;
  grow(count: number, why: string): void;
  /** Stops one and lets it go; resolves when it is gone. */
  retire(runner: Runner, why: string): Promise<void>;
  /** Of a server that is wanted one always stays: should all go, the first comes back, or sleeps. */
  retireAll(indexes: readonly number[], why: string): void;
  isRetiring(runner: Runner): boolean;
  /** Resolves when those that were to go are gone. */
  retired(): Promise<void>;
}

/** No members but those `inherited` from an earlier daemon, and as many as are kept running. */
export function createMembers(
  needs: RunnerNeeds,
  of: {
    readonly spec: () => ServerSpec;
    readonly baseDir: () => string;
    readonly rules: () => PoolRules;
    readonly inherited: readonly InstanceRecord[];
    /** Something about a member changed. */
    readonly onChange: () => void;
  },
): Members {
  const runners = new Map<number, Runner>();
  const retirements = new Map<Runner, Promise<void>>();
  const inOrder = () => {
    const all = [...runners.values()];
    return all.length < 2 ? all : all.sort((a, b) => a.run.index - b.run.index);
  };
  for (const record of of.inherited) join(record.index, record);
  fill();

  function join(index: number, inherited?: InstanceRecord): Runner {
    const own = { ...needs, conversations: speakingForAll(index), onChange: changed };
    const runner = createRunner(own, {
      ...{ spec: of.spec(), baseDir: of.baseDir(), index },
      ...(inherited === undefined ? {} : { inherited }),
    });
    runners.set(index, runner);
    return runner;
  }

  /** What becomes of one instance is the server's fate only when no other goes on. */
  function speakingForAll(index: number): Conversations {
    const { conversations } = needs;
    const isLast = () => !inOrder().some(({ run }) => run.index !== index && goesOn(run));
    return {
      ...conversations,
      expect(server, expected, why) {
        if (expected === 'back' || isLast()) conversations.expect(server, expected, why);
      },
      close(ended) {
        const expected = isLast() ? ended.expected : 'back';
        conversations.close({ ...ended, expected });
      },
    };
  }

  function changed(): void {
    needs.onChange();
    // One that sleeps beside others has nothing to wake for.
    const sleepers = inOrder().filter(({ run }) => run.state === 'asleep');
    const spare = sleepers.length === runners.size ? sleepers.slice(1) : sleepers;
    for (const { run } of spare) runners.delete(run.index);
    of.onChange();
  }

  function recruit(): Runner {
    let index = 0;
    while (runners.has(index)) index += 1;
    return join(index);
  }

  function size(): number {
    return Math.max(1, of.rules().min);
  }

  function fill(): void {
    while (runners.size < size()) recruit();
  }

  function retire(runner: Runner, why: string): Promise<void> {
    const known = retirements.get(runner);
    if (known !== undefined) return known;
    const retirement = leave(runner, why);
    retirements.set(runner, retirement);
    return retirement;
  }

  async function leave(runner: Runner, why: string): Promise<void> {
    do {
      runner.stop(why);
      await runner.settled();
      // Whoever started it again in between did not know that it was to leave.
    } while (!isResting(runner.run));
    retirements.delete(runner);
    if (runners.get(runner.run.index) === runner) runners.delete(runner.run.index);
    of.onChange();
  }

  return {
    inOrder,
    phases: () =>
      inOrder().map((runner) => ({
        index: runner.run.index,
        phase: phaseOf(runner.run, retirements.has(runner)),
      })),
    recruit,
    fill,
    trim() {
      for (const { run } of inOrder().slice(size()))
        if (run.state === 'stopped' && run.inherited === undefined) runners.delete(run.index);
    },
    grow(count, why) {
      const sleepers = inOrder().filter(({ run }) => run.state === 'asleep');
      for (let started = 0; started < count; started += 1)
        (sleepers[started] ?? recruit()).start(why);
    },
    retire,
    retireAll(indexes, why) {
      const leaving = indexes.flatMap((index) => runners.get(index) ?? []);
      const isLeft = (one: Runner) => !leaving.includes(one) && !retirements.has(one);
      const [face] = inOrder().some(isLeft) ? [] : leaving;
      for (const runner of leaving) {
        if (runner !== face) void retire(runner, why);
        else if (of.rules().min === 0) face.sleep(why);
        else face.restart(why);
      }
    },
    isRetiring: (runner) => retirements.has(runner),
    async retired() {
      await Promise.all(retirements.values());
    },
  };
}

function phaseOf(run: Run, isRetiring: boolean): PoolMember['phase'] {
  if (run.state === 'asleep') return 'down';
  if (isRetiring || (run.state === 'stopping' && run.stopCause === 'idle')) return 'leaving';
  if (run.state === 'ready' || run.state === 'sick') return 'ready';
  if (run.state === 'waiting' && run.wanted === 'running' && !run.wasReady) return 'stillborn';
  // One whose restart policy lets it rest keeps its place: nothing is started instead of it.
  return run.wanted === 'stopped' || run.state === 'failed' ? 'failed' : 'coming';
}

/** Nothing runs, and nothing will by itself. */
export function isResting({ state }: Run): boolean {
  return state === 'stopped' || state === 'asleep';
}

/** It serves, or will again by itself. */
function goesOn(run: Run): boolean {
  return run.wanted === 'running' && run.state !== 'failed' && !isResting(run);
}
