/** What the order of starting needs to know of a server. */
export interface Dependent {
  readonly name: string;
  readonly dependsOn: readonly string[];
}

/**
 * Levels of names: every server stands in a later level than all it depends on; within a level the given order
 * stays. A dependency that is not among `servers` is ignored. Servers in a circle, which `resolveFleet` refuses,
 * end up together in the last level, so that none is lost.
 */
export function startOrder(servers: readonly Dependent[]): string[][] {
  const known = new Set(servers.map((server) => server.name));
  const placed = new Set<string>();
  const levels: string[][] = [];
  let left = servers;
  while (left.length > 0) {
    const level = left.filter((server) =>
      server.dependsOn.every((name) => placed.has(name) || !known.has(name)),
    );
    const next = level.length > 0 ? level : left;
    levels.push(next.map((server) => server.name));
    for (const server of next) placed.add(server.name);
    left = left.filter((server) => !placed.has(server.name));
  }
  return levels;
}

/** Levels in which to stop: what depends on others goes first. */
export function stopOrder(servers: readonly Dependent[]): string[][] {
  return startOrder(servers).reverse();
}

/** The first circle of dependencies found, as `a`, `b`, `a`; undefined when there is none. */
export function findCycle(servers: readonly Dependent[]): string[] | undefined {
  const byName = new Map(servers.map((server) => [server.name, server]));
  const finished = new Set<string>();
  for (const { name } of servers) {
    const trail: { readonly name: string; next: number }[] = [{ name, next: 0 }];
    while (trail.length > 0) {
      const top = trail[trail.length - 1];
      if (top === undefined) break;
      const child = finished.has(top.name)
        ? undefined
        : byName.get(top.name)?.dependsOn[top.next++];
      if (child === undefined) {
        finished.add(top.name);
        trail.pop();
        continue;
      }
      const start = trail.findIndex((step) => step.name === child);
      if (start >= 0) return [...trail.slice(start).map((step) => step.name), child];
      if (byName.has(child)) trail.push({ name: child, next: 0 });
    }
  }
  return undefined;
}
