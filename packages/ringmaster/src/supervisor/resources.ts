/** The `resources` section of a server. */
export interface ResourceLimits {
  readonly memoryBytes?: number | undefined;
  readonly cpuPercent?: number | undefined;
  readonly processes?: number | undefined;
  readonly openFiles?: number | undefined;
}

/** What can be limited, in the order of the schema. */
export type Resource = keyof ResourceLimits;

/**
 * By what a limit is kept: `rlimit` and `cgroup` by the kernel, so that it is never passed; `sampling` by looking once a
 * second, so that it may be passed for a moment; `nothing` where this machine has no means.
 */
export type LimitMeans = 'rlimit' | 'cgroup' | 'sampling' | 'nothing';

/** A limit in force. */
export interface LimitInForce {
  readonly resource: Resource;
  readonly limit: number;
  readonly means: LimitMeans;
}

/** What a tree of processes uses at one look. */
export interface ResourceUse {
  readonly memoryBytes: number;
  /** Since the look before; undefined at the first. */
  readonly cpuPercent: number | undefined;
  readonly processes: number;
}

/** How many looks in a row found each resource above its limit. */
export type LooksAbove = Readonly<Record<SampledResource, number>>;

/** Those that looking can judge. */
export type SampledResource = 'memoryBytes' | 'cpuPercent' | 'processes';

/** A limit that was passed, and what follows. */
export interface Excess {
  readonly resource: SampledResource;
  readonly value: number;
  readonly limit: number;
  readonly action: 'told' | 'restarted' | 'killed';
}

/** Nothing was above its limit yet. */
export const noLooksAbove: LooksAbove = { memoryBytes: 0, cpuPercent: 0, processes: 0 };

/** Looks in a row: a server that frees its memory at once is only told of. */
const looksUntilRestart = 3;
/** At so many times its limit a server is killed without a grace: the machine may not have that long. */
const killAtTimes = 2;
/** A busy half minute is what computing looks like; restarting would not make it less. */
const looksUntilBusy = 30;

/** What follows from one look, a second after the one before. */
export function judgeUse(
  limits: ResourceLimits,
  use: ResourceUse,
  before: LooksAbove,
): { readonly above: LooksAbove; readonly found: readonly Excess[] } {
  const above: Record<SampledResource, number> = { ...noLooksAbove };
  const found: Excess[] = [];
  for (const resource of ['memoryBytes', 'cpuPercent', 'processes'] as const) {
    const [limit, value] = [limits[resource], use[resource]];
    if (limit === undefined || value === undefined || value <= limit) continue;
    above[resource] = before[resource] + 1;
    const action = actionOf({ resource, limit, value }, above[resource]);
    if (action !== undefined) found.push({ resource, value, limit, action });
  }
  return { above, found };
}

function actionOf(excess: Omit<Excess, 'action'>, looks: number): Excess['action'] | undefined {
  if (excess.resource === 'cpuPercent') return looks === looksUntilBusy ? 'told' : undefined;
  if (excess.value >= excess.limit * killAtTimes) return 'killed';
  if (looks >= looksUntilRestart) return 'restarted';
  return looks === 1 ? 'told' : undefined;
}

/** `used 620 MB of memory, its limit is 500 MB`. */
export function describeExcess({ resource, value, limit }: Excess): string {
  switch (resource) {
    case 'memoryBytes':
      return `used ${megabytes(value)} of memory, resources.memoryBytes allows ${megabytes(limit)}`;
    case 'cpuPercent':
      return `used ${Math.round(value)} % of a core, resources.cpuPercent allows ${limit} %`;
    case 'processes':
      return `ran ${value} processes, resources.processes allows ${limit}`;
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 1 : 0)} MB`;
}
