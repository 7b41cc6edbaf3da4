import { Problem } from '../errors.ts';
import type { UpstreamView } from '../gateway/gateway.ts';
import type { SignInView } from '../gateway/sign-in.ts';
import type { ServerTotals } from '../journal/journal.ts';
import { worstFirst } from '../journal/standings.ts';
import type { InstanceState, InstanceView } from '../supervisor/instance.ts';
import { type Described, docsUrlOf, urlOf } from './addresses.ts';
import type { ServerView } from './servers.ts';

/** Where the figures of a row come from, besides the instances themselves. */
export interface RowSources {
  readonly nowMs: number;
  totals(server: string): ServerTotals;
  inFlight(server: string, index: number): number;
  upstream(server: string, index: number): UpstreamView | undefined;
  signIn(server: string): SignInView | undefined;
  spec(server: string): Described | undefined;
  pool(server: string): ServerView['pool'];
}

/**
 * One row a server, in the order of the instances. Of a pool the worst instance tells the state, and what several
 * instances use, do and went through is added up.
 */
export function serverRows(instances: readonly InstanceView[], sources: RowSources): ServerView[] {
  const servers = new Map<string, InstanceView[]>();
  for (const instance of instances) {
    const pool = servers.get(instance.server);
    if (pool === undefined) servers.set(instance.server, [instance]);
    else pool.push(instance);
  }
  return [...servers.values()].map((pool) => serverRow(pool, sources));
}

/** Nobody watches a server that is not there: that is no state of an instance. */
const showFirst: readonly InstanceState[] = worstFirst.filter((one) => one !== 'away');
/** Of a pool that has all it must have, and grows or shrinks beside them. */
const showReadyFirst: readonly InstanceState[] = [
  ...showFirst.slice(0, 3),
  'ready',
  ...showFirst.slice(3).filter((state) => state !== 'ready'),
];

function serverRow(pool: readonly InstanceView[], sources: RowSources): ServerView {
  const rules = sources.pool(pool[0]?.server ?? '');
  const readyInstances = pool.filter(({ state }) => state === 'ready').length;
  const order = readyInstances >= Math.max(1, rules.min) ? showReadyFirst : showFirst;
  const first = [...pool].sort(
    (one, other) =>
      order.indexOf(one.state) - order.indexOf(other.state) || one.index - other.index,
  )[0];
  if (first === undefined) throw new Problem('bug', 'A pool without instances has no row');
  const { server } = first;
  const totals = sources.totals(server);
  const spec = sources.spec(server);
  const upstreams = pool.map((instance) => sources.upstream(server, instance.index));
  const upstream = upstreams.find((known) => known !== undefined);
  return {
    server,
    kind: first.kind,
    wanted: first.wanted,
    state: first.state,
    why: [first.why, ...(upstream?.refuses === undefined ? [] : [upstream.refuses])].join('; '),
    sinceMs: first.sinceMs,
    generation: first.generation,
    pid: first.pid,
    port: first.port,
    url: urlOf(spec, first),
    startedAtMs: first.startedAtMs,
    uptimeMs: uptimeMs(first, sources.nowMs),
    adopted: first.adopted,
    instances: pool.length,
    readyInstances,
    pool: rules,
    restarts: totals.restarts,
    lastDeath: lastDeath(pool),
    nextTryAtMs: first.nextTryAtMs,
    limits: [...(pool.find(({ limits }) => (limits?.length ?? 0) > 0)?.limits ?? [])],
    memoryBytes: sum(pool.map((instance) => instance.memoryBytes)),
    cpuPercent: sum(pool.map((instance) => instance.cpuPercent)),
    processCount: sum(pool.map((instance) => instance.processCount)),
    calls: totals.calls,
    failedCalls: totals.failedCalls,
    inFlight: sum(pool.map((instance) => sources.inFlight(server, instance.index))) ?? 0,
    tools: upstream?.tools ?? 0,
    protocolVersion: upstream?.protocolVersion,
    signIn: signInOf(sources.signIn(server)),
    description: spec?.description,
    docsUrl: docsUrlOf(spec, first),
    features: [...(spec?.features ?? [])],
  };
}

function signInOf(view: SignInView | undefined): ServerView['signIn'] {
  return view === undefined ? undefined : { ...view, scopes: [...view.scopes] };
}

/** Undefined when nothing runs: a process that died may still tell when it was started. */
function uptimeMs(instance: InstanceView, nowMs: number): number | undefined {
  const { startedAtMs, state } = instance;
  const isRunning =
    state !== 'stopped' && state !== 'asleep' && state !== 'waiting' && state !== 'failed';
  return isRunning && startedAtMs !== undefined ? Math.max(0, nowMs - startedAtMs) : undefined;
}

function lastDeath(pool: readonly InstanceView[]): ServerView['lastDeath'] {
  const deaths = pool.map((instance) => instance.lastDeath).filter((death) => death !== undefined);
  const [newest] = deaths.sort((one, other) => other.atMs - one.atMs);
  return newest === undefined ? undefined : { ...newest, lastLines: [...newest.lastLines] };
}

/** Undefined when none of the figures is known. */
function sum(figures: readonly (number | undefined)[]): number | undefined {
  const known = figures.filter((figure) => figure !== undefined);
  return known.length === 0 ? undefined : known.reduce((total, figure) => total + figure, 0);
}
