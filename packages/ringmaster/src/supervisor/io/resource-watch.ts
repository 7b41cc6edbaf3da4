import type { Cancel, Clock } from '../../clock.ts';
import {
  describeExcess,
  type Excess,
  judgeUse,
  noLooksAbove,
  type ResourceLimits,
} from '../resources.ts';
import { signalFamily } from './end-processes.ts';
import type { RunnerInside } from './inside.ts';
import { memoryKills } from './leaf.ts';
import { createSampler, type Sample } from './sampler.ts';

/** Looks at the process trees whose limits the kernel does not keep, all of them together. */
export interface ResourceWatch {
  /** Calls back with each look, until that says that it is done. The sample is undefined while there is no process. */
  add(leader: number, look: (sample: Sample | undefined) => 'again' | 'done'): void;
  close(): void;
}

/** The operators of pm2, which looks every 30 s, find the machine dead before (Unitech/pm2#2391, #4238). */
const lookEveryMs = 1_000;
/** New children count after this time at most. */
const treesKeptMs = 5_000;

/** A watch that looks at nothing, and costs nothing, until something is added. */
export function createResourceWatch(clock: Clock): ResourceWatch {
  const sampler = createSampler(clock.tickMs, { treesKeptMs });
  const looks = new Map<number, (sample: Sample | undefined) => 'again' | 'done'>();
  let cancel: Cancel | undefined;

  function lookAtAll(): void {
    sampler.take([...looks.keys()]);
    for (const [leader, look] of looks)
      if (look(sampler.latest(leader)) === 'done') looks.delete(leader);
    cancel = looks.size === 0 ? undefined : clock.after(lookEveryMs, lookAtAll);
  }

  return {
    add(leader, look) {
      looks.set(leader, look);
      cancel ??= clock.after(lookEveryMs, lookAtAll);
    },
    close() {
      cancel?.();
      sampler.close();
    },
  };
}

/** Watches the process of the current generation; what it uses too much of is told, and then ends it. */
export function watchResources(inside: RunnerInside): void {
  const { needs, run } = inside;
  const { body } = run;
  const limits: ResourceLimits = Object.fromEntries(
    run.limits
      .filter(({ means }) => means === 'sampling')
      .map(({ resource, limit }) => [resource, limit]),
  );
  if (body === undefined || Object.keys(limits).length === 0) return;
  let above = noLooksAbove;
  needs.resourceWatch.add(body.family.pid, (sample) => {
    if (run.body !== body) return 'done';
    if (sample === undefined) return 'again';
    const { memoryBytes, cpuPercent, processCount } = sample;
    const judged = judgeUse(limits, { memoryBytes, cpuPercent, processes: processCount }, above);
    above = judged.above;
    for (const excess of judged.found) follow(inside, excess);
    return 'again';
  });
}

function follow({ needs, run, signal }: RunnerInside, excess: Excess): void {
  const { action } = excess;
  const isEnding = run.state === 'stopping' || run.excessWhy !== undefined;
  if (action === 'restarted' ? isEnding : action === 'killed' && run.excessWhy !== undefined)
    return;
  const { resource, value, limit } = excess;
  const why = describeExcess(excess);
  needs.append({
    ...{ atMs: needs.clock.nowMs(), kind: 'instance.overLimit', subject: run.spec.name },
    ...{ index: run.index, generation: run.generation, resource, value, limit, action, why },
  });
  if (action === 'restarted') signal('exceeded', `it ${why}`);
  if (action !== 'killed' || run.body === undefined) return;
  run.excessWhy = `killed, as it ${why}`;
  signalFamily(run.body.family, 'SIGKILL');
}

/** Tells of the kernel's own verdict on a process that is gone: killed for the memory of its control group. */
export function noteMemoryKill({ needs, run }: RunnerInside): void {
  const limit = run.spec.resources.memoryBytes;
  const cgroup = run.body?.family.cgroup;
  if (limit === undefined || cgroup === undefined || memoryKills(cgroup) === 0) return;
  const why = describeExcess({ resource: 'memoryBytes', value: limit, limit, action: 'killed' });
  needs.append({
    ...{ atMs: needs.clock.nowMs(), kind: 'instance.overLimit', subject: run.spec.name },
    ...{ index: run.index, generation: run.generation, resource: 'memoryBytes' },
    ...{ value: limit, limit, action: 'killed', why },
  });
  run.excessWhy = `killed by the kernel, as it ${why}`;
}
