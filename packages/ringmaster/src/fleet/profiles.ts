import type { Fleet, ServerSpec } from './fleet.ts';

/**
 * The enabled servers of a profile with everything they depend on, in fleet order; without a profile all that
 * are enabled. Undefined when the fleet has no profile of that name.
 */
export function serversOfProfile(
  fleet: Pick<Fleet, 'servers' | 'profiles'>,
  profile: string | undefined,
): readonly ServerSpec[] | undefined {
  const enabled = fleet.servers.filter((server) => server.enabled);
  if (profile === undefined) return enabled;
  if (!Object.hasOwn(fleet.profiles, profile)) return undefined;
  const members = fleet.profiles[profile];
  if (members === undefined) return undefined;
  if (members === 'all') return enabled;
  const wanted = new Set<string>();
  const byName = new Map(enabled.map((server) => [server.name, server]));
  const queue = [...members];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    if (wanted.has(name)) continue;
    wanted.add(name);
    queue.push(...(byName.get(name)?.dependsOn ?? []));
  }
  return enabled.filter((server) => wanted.has(server.name));
}
