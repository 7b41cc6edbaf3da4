import { Problem } from '../../errors.ts';
import type { ServerSpec } from '../../fleet/fleet.ts';
import type { InstanceView, Metered } from '../instance.ts';
import { isRunning } from '../instance-table.ts';
import { type PoolRules, poolRules, whyOnlyOne } from '../pool.ts';
import type { InstanceRecord } from '../record.ts';
import { signalFamily } from './end-processes.ts';
import type { RunnerNeeds } from './inside.ts';
import { createMembers, isResting } from './members.ts';
import { createPoolKeeper } from './pool-keeper.ts';
import { meteredOf } from './run.ts';
import type { Runner } from './runner.ts';

/** All instances of one server; what is asked of the server is done to each. */
export interface Team {
  spec(): ServerSpec;
  views(): InstanceView[];
  metered(): Metered[];
  /** Of the leaders of its processes. */
  pids(): number[];
  records(): InstanceRecord[];
  /** Whether a process of an earlier daemon waits to be taken up. */
  hasInherited(): boolean;
  /** It is wanted, and will be started when what it depends on allows. */
  want(why: string): void;
  /** Whether nobody asked to stop it since. */
  isWanted(): boolean;
  /** Starts it as the fleet file wants it: one that may sleep, and whose lists are known, waits for its first call. */
  begin(why: string): void;
  start(why: string): void;
  stop(why: string): void;
  restart(why: string): void;
  setSpec(spec: ServerSpec, baseDir: string): void;
  /** Forgets processes of an earlier daemon it was to take up. */
  disinherit(): void;
  /** Resolves when each instance is where it stays, or has died since the call. */
  settled(): Promise<void>;
  /**
   * Runs this many instances from now on, or (undefined) as many as are asked for; resolves when they are there and
   * those too many are gone.
   */
  scale(fixed: number | undefined, why: string): Promise<void>;
  /** The rules of its size, and what `scale` fixed it at. */
  pool(): PoolRules & { readonly fixed: number | undefined };
  /** What is asked of it changed. */
  look(): void;
  /** It left the fleet. */
  dismiss(): void;
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
    /** What `scale` fixed its size at. */
    readonly fixed: number | undefined;
    readonly inherited: readonly InstanceRecord[];
  },
): Team {
  let { spec, baseDir, fixed } = first;
  /** A reload has one more than wanted for a while; its size is nobody else's business then. */
  let isReloading = false;
  const rules = () => poolRules(spec, fixed);
  const members = createMembers(needs, {
    ...{ spec: () => spec, baseDir: () => baseDir, rules, inherited: first.inherited },
    onChange: look,
  });
  const { inOrder, retire } = members;
  const keeper = createPoolKeeper(needs, {
    ...{ server: spec.name, rules },
    phases: members.phases,
    grow: members.grow,
    retire: members.retireAll,
    sleep: (why) => inOrder()[0]?.sleep(why),
  });

  function isUp(): boolean {
    return inOrder().some(({ run }) => run.wanted === 'running');
  }

  function look(): void {
    if (isUp() && !isReloading) keeper.look();
    else keeper.rest();
  }

  /** One after the other, so that at most one more process than wanted runs at a time. */
  async function replace(old: Runner, why: string): Promise<void> {
    const fresh = members.recruit();
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

  function mayWaitForCalls(): boolean {
    const hasProcess = inOrder().some(({ run }) => run.inherited !== undefined || !isResting(run));
    return rules().min === 0 && !hasProcess && needs.conversations.remembers(spec.name);
  }

  const staying = () => inOrder().filter((runner) => !members.isRetiring(runner));

  const settled = async (): Promise<void> => {
    await Promise.all(inOrder().map((runner) => runner.settled()));
  };

  return {
    spec: () => spec,
    views: () => inOrder().map((runner) => runner.view()),
    metered: () => inOrder().map(({ run }) => meteredOf(run)),
    pids: () => inOrder().flatMap(({ run }) => run.body?.family.pid ?? []),
    records: () => inOrder().flatMap((runner) => runner.record() ?? []),
    hasInherited: () => inOrder().some(({ run }) => run.inherited !== undefined),
    want(why) {
      members.trim();
      for (const { run } of staying()) {
        run.wanted = 'running';
        if (run.state === 'stopped') run.why = why;
      }
    },
    isWanted: isUp,
    begin(why) {
      members.trim();
      members.fill();
      if (mayWaitForCalls()) inOrder()[0]?.sleep('nobody has called it yet');
      else for (const runner of staying()) runner.start(why);
    },
    start(why) {
      members.trim();
      members.fill();
      for (const runner of staying()) runner.start(why);
    },
    stop(why) {
      for (const runner of inOrder()) runner.stop(why);
    },
    restart(why) {
      members.trim();
      members.fill();
      for (const runner of staying()) runner.restart(why);
    },
    setSpec(next, nextBaseDir) {
      spec = next;
      baseDir = nextBaseDir;
      for (const runner of inOrder()) runner.setSpec(next, nextBaseDir);
      look();
    },
    disinherit() {
      for (const runner of inOrder()) runner.disinherit();
    },
    settled,
    async scale(wanted, why) {
      if (wanted !== undefined) requireManyPossible(spec, wanted);
      fixed = wanted;
      for (const runner of isUp() ? staying() : [])
        if (runner.run.state === 'waiting' || runner.run.state === 'failed') runner.start(why);
      if (isUp()) look();
      else {
        members.trim();
        members.fill();
      }
      await members.retired();
      await settled();
    },
    pool: () => ({ ...rules(), fixed }),
    look,
    dismiss: keeper.rest,
    async reload(why) {
      requireManyPossible(spec, 2);
      isReloading = true;
      try {
        for (const runner of staying()) {
          if (isRunning(runner.run.state)) await replace(runner, why);
          else runner.start(why);
        }
        await settled();
      } finally {
        isReloading = false;
        look();
      }
    },
    write: (text) => inOrder().filter(({ run }) => run.body?.write(text) === true).length,
    signal: (name) =>
      inOrder().filter(
        ({ run }) => run.body !== undefined && signalFamily(run.body.family, name) > 0,
      ).length,
  };
}

function requireManyPossible(spec: ServerSpec, count: number): void {
  const why = count <= 1 ? undefined : whyOnlyOne(spec);
  if (why !== undefined) throw new Problem('not_supported', why);
}
