import type { ServerSpec } from '../fleet/fleet.ts';

/** How many processes a server may have, after what a person asked for with `scale`. */
export interface PoolRules {
  /** Kept running; 0 lets the server sleep until it is called. */
  readonly min: number;
  /** Most processes that load alone brings. */
  readonly loadMax: number;
  /** Most processes at all, those that belong to one client each included. */
  readonly max: number;
  /** A process above `min` that nobody used for this long ends. */
  readonly idleStopMs: number;
}

/** One process of a pool, as far as its size depends on it. */
export interface PoolMember {
  readonly index: number;
  /**
   * `coming` is on its way or waits for its next try; `stillborn` waits for it too, and was never ready; `failed` has its
   * place, but may not come back; `leaving` has a process that is about to end; `down` has none, and none is on its way.
   */
  readonly phase: 'ready' | 'coming' | 'stillborn' | 'failed' | 'leaving' | 'down';
  readonly inFlight: number;
  /** `spent`: it belonged to a client that is gone, and must serve no other. */
  readonly use: 'free' | 'leased' | 'spent';
  /** Undefined while it works or belongs to somebody. */
  readonly idleSinceTickMs: number | undefined;
}

/** How long calls take now, and how long one takes that has the process for itself. */
export interface Pace {
  readonly p50Ms: number;
  readonly baselineMs: number;
  /** Calls answered since the pool was looked at before. */
  readonly answered: number;
}

/** Everything the size of a pool depends on. */
export interface PoolFacts {
  readonly rules: PoolRules;
  readonly members: readonly PoolMember[];
  /** Calls that wait for any process. */
  readonly waiting: number;
  /** Clients that wait for a process of their own. */
  readonly leasesWanted: number;
  readonly pace: Pace | undefined;
}

/** What must be remembered from one look to the next. */
export interface PoolMemory {
  readonly overloadedSinceTickMs: number | undefined;
  readonly grownAtTickMs: number | undefined;
  /** Calls answered in a second before it grew for load the last time. */
  readonly rateBefore: number | undefined;
  readonly lookedAtTickMs: number;
}

/** What to do about the size of a pool; `why` is a clause for people and for the journal. */
export type PoolDecision =
  | { readonly kind: 'stay' }
  | { readonly kind: 'grow'; readonly count: number; readonly why: string }
  | { readonly kind: 'retire'; readonly indexes: readonly number[]; readonly why: string }
  | { readonly kind: 'sleep'; readonly why: string };

/** A decision, what to remember, and when to look again without being asked; undefined: only when asked. */
export interface PoolVerdict {
  readonly decision: PoolDecision;
  readonly memory: PoolMemory;
  readonly againInMs: number | undefined;
}

/** Calls in flight at each shared process from which on it counts as busy; see decisions/0012. */
export const busyDepth = 4;
/** How many times longer than alone calls take when a process is overloaded. */
const slowFactor = 2;
/** Clocks tell whole milliseconds, so a shorter baseline says nothing. */
const baselineMinMs = 1;
/** Load must last this long before it brings a process: a burst is over sooner than a start. */
export const overloadMs = 1_000;
/** Pause after growing for load: the newcomer must show first what it changes. */
export const growPauseMs = 3_000;
/** A process that brought less than this was not what was missing; none follows for `futileMs`. */
const gainMin = 1.1;
const futileMs = 60_000;
/** Between two looks at a pool that is under load. */
const lookMs = 250;
/** Between two looks at one that is larger than it must be. */
const idleLookMinMs = 10;

/** Nothing known yet. */
export const freshMemory: PoolMemory = {
  overloadedSinceTickMs: undefined,
  grownAtTickMs: undefined,
  rateBefore: undefined,
  lookedAtTickMs: 0,
};

/**
 * How the size of a pool follows what is asked of it: at once for those who wait for a process, after a while for load,
 * and down only when a process was idle for long. Never above `max`, never below `min`.
 */
export function decidePool(facts: PoolFacts, before: PoolMemory, tickMs: number): PoolVerdict {
  const memory = { ...before, overloadedSinceTickMs: overloadedSince(facts, before, tickMs) };
  const decision = forced(facts) ?? wanted(facts) ?? loaded(facts, memory, tickMs);
  if (decision !== undefined) return verdict(facts, decision, memory, tickMs);
  return verdict(facts, idle(facts, tickMs) ?? { kind: 'stay' }, memory, tickMs);
}

/** Members that run or will. */
function alive({ members }: PoolFacts): readonly PoolMember[] {
  return members.filter(({ phase }) => phase !== 'down' && phase !== 'leaving');
}

/** On its way, or about to try again. */
const isComing = ({ phase }: PoolMember) => phase === 'coming' || phase === 'stillborn';

/** How many may be added; what is about to end still has its process. */
function roomOf({ members, rules }: PoolFacts): number {
  return rules.max - members.filter(({ phase }) => phase !== 'down').length;
}

/** What nobody may use any more, what is too many, what is missing. */
function forced(facts: PoolFacts): PoolDecision | undefined {
  const { rules } = facts;
  const spent = alive(facts).filter(({ use }) => use === 'spent');
  if (spent.length > 0) {
    const why = 'it was for one client alone, and is not needed any more';
    return { kind: 'retire', indexes: spent.map(({ index }) => index), why };
  }
  const here = alive(facts);
  const surplus = here.length - rules.max;
  if (surplus > 0) {
    const leaving = [...here].sort((a, b) => worth(a) - worth(b) || b.index - a.index);
    const indexes = leaving.slice(0, surplus).map(({ index }) => index);
    return { kind: 'retire', indexes, why: `at most ${rules.max} may run` };
  }
  const missing = Math.min(rules.min - here.length, roomOf(facts));
  if (missing <= 0) return undefined;
  return { kind: 'grow', count: missing, why: `${rules.min} are to be kept running` };
}

/** Whom it costs most to take a process from. */
function worth(member: PoolMember): number {
  if (member.phase === 'failed') return 0;
  if (isComing(member)) return 1;
  if (member.use === 'leased') return 4;
  return member.inFlight === 0 ? 2 : 3;
}

/** Somebody waits for a process; nothing is to be gained by waiting longer. */
function wanted(facts: PoolFacts): PoolDecision | undefined {
  const { leasesWanted, waiting } = facts;
  const here = alive(facts);
  const room = roomOf(facts);
  const coming = here.filter((one) => isComing(one) && one.use === 'free').length;
  const missing = Math.min(leasesWanted - coming, room);
  if (missing > 0) {
    const what = leasesWanted === 1 ? 'a process is' : `${leasesWanted} processes are`;
    return { kind: 'grow', count: missing, why: `${what} wanted for one client alone` };
  }
  if (waiting === 0 || room <= 0 || here.some(({ use }) => use === 'free')) return undefined;
  const what = waiting === 1 ? 'a call waits' : `${waiting} calls wait`;
  return { kind: 'grow', count: 1, why: what };
}

function sharing({ members }: PoolFacts): readonly PoolMember[] {
  return members.filter(({ phase, use }) => phase === 'ready' && use === 'free');
}

/** Mean calls in flight at the shared processes. */
function depthOf(facts: PoolFacts): number {
  const shared = sharing(facts);
  const inFlight = shared.reduce((sum, member) => sum + member.inFlight, 0);
  return shared.length === 0 ? 0 : inFlight / shared.length;
}

/** Both many calls at once and slow ones: many alone may just wait for something else, side by side. */
function overloadedSince(facts: PoolFacts, before: PoolMemory, tickMs: number): number | undefined {
  const { pace } = facts;
  if (depthOf(facts) < busyDepth || pace === undefined) return undefined;
  const isSlow = pace.p50Ms >= slowFactor * Math.max(baselineMinMs, pace.baselineMs);
  // Nothing answered in a whole look, with a queue: slower than anything that could be measured.
  if (!isSlow && pace.answered > 0) return undefined;
  return before.overloadedSinceTickMs ?? tickMs;
}

function loaded(facts: PoolFacts, memory: PoolMemory, tickMs: number): PoolDecision | undefined {
  const { overloadedSinceTickMs: sinceMs, grownAtTickMs } = memory;
  if (sinceMs === undefined || tickMs - sinceMs < overloadMs) return undefined;
  const here = alive(facts);
  if (here.length >= facts.rules.loadMax || roomOf(facts) <= 0) return undefined;
  if (here.some(isComing)) return undefined;
  const pauseMs = grownAtTickMs === undefined ? Infinity : tickMs - grownAtTickMs;
  if (pauseMs < growPauseMs || (pauseMs < futileMs && isFutile(facts, memory, tickMs)))
    return undefined;
  const { p50Ms = 0, baselineMs = 0 } = facts.pace ?? {};
  const depth = Math.round(depthOf(facts));
  const pace = `half of the calls take over ${p50Ms} ms, ${baselineMs} ms when alone`;
  return { kind: 'grow', count: 1, why: `${depth} calls at once at each process; ${pace}` };
}

/** The process that came last changed next to nothing: what is short is something else. */
function isFutile(facts: PoolFacts, memory: PoolMemory, tickMs: number): boolean {
  if (memory.rateBefore === undefined) return false;
  return rateOf(facts, memory, tickMs) < gainMin * memory.rateBefore;
}

function rateOf({ pace }: PoolFacts, { lookedAtTickMs }: PoolMemory, tickMs: number): number {
  return ((pace?.answered ?? 0) * 1_000) / Math.max(1, tickMs - lookedAtTickMs);
}

/** Those that failed, or may never come, beside others; then one at a time, the one idle for longest. */
function idle(facts: PoolFacts, tickMs: number): PoolDecision | undefined {
  const { rules } = facts;
  const here = alive(facts);
  const surplus = here.length - rules.min;
  if (surplus <= 0) return undefined;
  const isNeedless = facts.leasesWanted === 0 && here.some(({ phase }) => phase === 'ready');
  const isFailed = ({ phase }: PoolMember) =>
    phase === 'failed' || (phase === 'stillborn' && isNeedless);
  const failed = here.filter(isFailed);
  if (failed.length > 0 && failed.length < here.length && facts.waiting === 0) {
    const indexes = failed.slice(-surplus).map(({ index }) => index);
    return { kind: 'retire', indexes, why: 'it failed, and nobody waits for it' };
  }
  const [longest] = here
    .filter(({ use, idleSinceTickMs }) => use === 'free' && idleSinceTickMs !== undefined)
    .sort((a, b) => (a.idleSinceTickMs ?? 0) - (b.idleSinceTickMs ?? 0) || b.index - a.index);
  if (longest?.idleSinceTickMs === undefined) return undefined;
  if (tickMs - longest.idleSinceTickMs < rules.idleStopMs) return undefined;
  const why = `nobody used it for ${rules.idleStopMs} ms`;
  if (here.length === 1) return { kind: 'sleep', why };
  return { kind: 'retire', indexes: [longest.index], why };
}

function verdict(
  facts: PoolFacts,
  decision: PoolDecision,
  memory: PoolMemory,
  tickMs: number,
): PoolVerdict {
  const isForLoad = decision.kind === 'grow' && memory.overloadedSinceTickMs !== undefined;
  const grown = isForLoad
    ? {
        grownAtTickMs: tickMs,
        rateBefore: rateOf(facts, memory, tickMs),
        overloadedSinceTickMs: undefined,
      }
    : {};
  return {
    decision,
    memory: { ...memory, ...grown, lookedAtTickMs: tickMs },
    againInMs: againInMs(facts, memory, tickMs),
  };
}

/** A pool at its smallest, without load, need not be looked at until somebody asks. */
function againInMs(facts: PoolFacts, memory: PoolMemory, tickMs: number): number | undefined {
  const { rules } = facts;
  const here = alive(facts);
  const isPressed = memory.overloadedSinceTickMs !== undefined || depthOf(facts) >= busyDepth;
  if (isPressed && here.length < rules.loadMax) return lookMs;
  if (here.length <= rules.min) return undefined;
  const sinceMs = here.map(({ idleSinceTickMs }) => idleSinceTickMs ?? tickMs);
  return Math.max(idleLookMinMs, Math.min(...sinceMs) + rules.idleStopMs - tickMs);
}

/** What the size of a server's pool depends on, of its entry. */
export type PoolSpec = Pick<ServerSpec, 'name' | 'kind' | 'port' | 'pool'>;

/** The rules of a server: its `pool` section, or exactly as many as a person fixed with `scale`. */
export function poolRules(spec: PoolSpec, fixed: number | undefined): PoolRules {
  const { pool } = spec;
  const { idleStopMs } = pool;
  if (whyOnlyOne(spec) !== undefined) {
    const min = fixed === undefined ? Math.min(1, pool.min) : 1;
    const max = spec.kind === 'remote' && fixed === undefined ? poolMax(pool) : 1;
    return { min, loadMax: 1, max, idleStopMs };
  }
  // Nobody calls a service: its number never changes by itself.
  const number = fixed ?? (spec.kind === 'service' ? pool.min : undefined);
  if (number !== undefined) return { min: number, loadMax: number, max: number, idleStopMs };
  const max = poolMax(pool);
  return { min: pool.min, loadMax: pool.max ?? Math.max(1, pool.min), max, idleStopMs };
}

/** Two processes cannot listen on one port, and one we only connect to has none: just conversations. */
export function whyOnlyOne(spec: PoolSpec): string | undefined {
  if (spec.kind === 'remote') return `Server "${spec.name}" is only connected to, not run here`;
  if (typeof spec.port !== 'number') return undefined;
  return `Server "${spec.name}" has the fixed port ${spec.port}, so only one instance can run; port: auto allows more`;
}

/** Most processes of a pool whose `max` is left out. */
const defaultMax = 8;

/** Most processes of a server at all. */
export function poolMax(pool: { readonly min: number; readonly max?: number | undefined }): number {
  return pool.max ?? Math.max(defaultMax, pool.min);
}
