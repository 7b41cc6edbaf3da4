import type { LimitInForce, LimitMeans, Resource, ResourceLimits } from '../resources.ts';
import { findLimiter } from './gate.ts';
import { isPopulated, limitsOfLeaf } from './leaf.ts';

/**
 * What limits a process that runs now, and by which means, as the kernel says of its control group; in the order of the
 * schema.
 */
export function limitsInForce(
  limits: ResourceLimits,
  cgroup: string | undefined,
): readonly LimitInForce[] {
  const kept = cgroup === undefined || !isPopulated(cgroup) ? [] : limitsOfLeaf(cgroup);
  return (['memoryBytes', 'cpuPercent', 'processes', 'openFiles'] as const).flatMap((resource) => {
    const limit = limits[resource];
    const means = kept.includes(resource) ? 'cgroup' : meansFor(resource);
    return limit === undefined ? [] : [{ resource, limit, means }];
  });
}

function meansFor(resource: Resource): LimitMeans {
  if (resource !== 'openFiles') return 'sampling';
  return findLimiter() === undefined ? 'nothing' : 'rlimit';
}
