import type { LimitInForce, LimitMeans, Resource, ResourceLimits } from '../resources.ts';
import { findLimiter } from './gate.ts';

/** What limits a process that runs now, and by which means; in the order of the schema. */
export function limitsInForce(limits: ResourceLimits): readonly LimitInForce[] {
  return (['memoryBytes', 'cpuPercent', 'processes', 'openFiles'] as const).flatMap((resource) => {
    const limit = limits[resource];
    return limit === undefined ? [] : [{ resource, limit, means: meansFor(resource) }];
  });
}

/** What this machine has for each. */
export function meansFor(resource: Resource): LimitMeans {
  if (resource !== 'openFiles') return 'sampling';
  return findLimiter() === undefined ? 'nothing' : 'rlimit';
}
