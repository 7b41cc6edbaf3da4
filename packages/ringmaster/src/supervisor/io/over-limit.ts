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
