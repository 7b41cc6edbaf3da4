import type { Clock } from '../../clock.ts';
import type { Append } from '../../journal/events.ts';
import type { Journal } from '../../journal/journal.ts';
import { busyDepth, type PoolRules } from '../../supervisor/pool.ts';
import {
  canBeAsked,
  endsWithLease,
  freshLease,
  isKnownLease,
  type Lease,
  leaseFor,
  visitIdleMs,
} from '../leases.ts';
import type { Owner } from '../owner.ts';
import type { Call } from './calls.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { Link } from './instance-link.ts';
import type { Looking } from './looking.ts';
import type { Upstream } from './upstream.ts';

/** Knows which process may serve which call, and whose each process is. */
export interface Leasing {
  /** The process that serves the call now; undefined when it has to wait for one. */
  choose(upstream: Upstream, call: Call): Link | undefined;
  /** Whether a call waits for a process of its own where all there may be are taken. */
  isFull(upstream: Upstream, call: Call): boolean;
  /** A process is about to be spoken with: it belongs to who waits for one, or to whose it was before. */
  assign(upstream: Upstream, link: Link): void;
  /** Ends the lease of a process, with the reason. */
  release(upstream: Upstream, link: Link, why: string): void;
  /** A call was sent to it. */
  used(upstream: Upstream, link: Link): void;
  /** Nothing is in flight at it any more. */
  becameQuiet(upstream: Upstream, link: Link): void;
  /** A session is over: what was its own is free again, or must end. */
  endSession(upstream: Upstream, session: string): void;
  /** How many clients wait for a process of their own, and how many calls for any. */
  waitingFor(upstream: Upstream): { readonly leasesWanted: number; readonly waiting: number };
}

/** What leases need of the table of servers. */
export interface LeasingNeeds {
  readonly clock: Clock;
  readonly append: Append;
  readonly recall: Journal['recall'];
  readonly remember: Journal['remember'];
  readonly rulesOf: (upstream: Upstream) => PoolRules;
  /** Whether a server is known to ask its clients. */
  readonly asks: (upstream: Upstream) => boolean;
  readonly looking: Looking;
  /** Who a session is, as long as there is one of this label. */
  readonly ownerOfSession: (session: string) => Owner | undefined;
  /** Finds out whether the client of a session is there, though it calls nothing. */
  readonly askPresence: Heartbeat;
  /** Sends waiting calls to who can take them now. */
  readonly flush: (upstream: Upstream) => void;
  /** The supervisor is to look at the load of the server. */
  readonly demand: (upstream: Upstream) => void;
}

/** While calls queue up, the supervisor is told so this often at most; between it looks by itself. */
const tellAgainMs = 1_000;

/** Leases of the processes of all servers. */
export function createLeasing(needs: LeasingNeeds): Leasing {
  const { clock, append } = needs;
  /** Links with a timer for the end of their lease. */
  const timed = new WeakSet<Link>();
  const callNumbers = new WeakMap<Call, number>();
  let callCount = 0;

  /** Asked for every call: what most servers and clients need comes first, and costs next to nothing. */
  function leaseOf(upstream: Upstream, call: Call): Lease | undefined {
    const { mode } = upstream.pool;
    const { owner } = call.caller;
    if (mode === 'shared') return undefined;
    if (upstream.looked.extras.size > 0 && needs.looking.needsOwn(upstream, call))
      return ownLease(upstream, owner, numberOf(call));
    if (mode === 'auto' && !canBeAsked(owner)) return undefined;
    return leaseFor(mode, owner, needs.asks(upstream) ? numberOf(call) : undefined);
  }

  function numberOf(call: Call): number {
    const known = callNumbers.get(call);
    if (known !== undefined) return known;
    callCount += 1;
    callNumbers.set(call, callCount);
    return callCount;
  }

  function leastBusy(upstream: Upstream): Link | undefined {
    let chosen: Link | undefined;
    for (const link of upstream.links.values()) {
      if (link.state !== 'open' || link.lease !== undefined || link === upstream.reserved) continue;
      const busier = chosen === undefined || workAt(chosen) > workAt(link);
      if (busier) chosen = link;
    }
    return chosen;
  }

  function ownOrFree(upstream: Upstream, lease: Lease, owner: Owner): Link | undefined {
    let free: Link | undefined;
    for (const link of upstream.links.values()) {
      if (link.lease?.key === lease.key && link.state !== 'draining')
        return link.state === 'open' ? link : undefined;
      const isFree = link.lease === undefined && workAt(link) === 0;
      if (link.state === 'open' && isFree) free ??= link;
    }
    if (lease.isFresh === true) return undefined;
    if (free !== undefined) give(upstream, free, lease, owner);
    else reserve(upstream);
    return free;
  }

  /** Where no more processes may come, the next that falls quiet is kept for who waits for one of its own. */
  function reserve(upstream: Upstream): void {
    if (upstream.reserved !== undefined) return;
    if (upstream.links.size < needs.rulesOf(upstream).max) return;
    upstream.reserved = leastBusy(upstream);
  }

  function give(upstream: Upstream, link: Link, lease: Lease, owner: Owner): void {
    link.lease = lease;
    link.owner = owner;
    if (upstream.reserved === link) upstream.reserved = undefined;
    if (lease.kind === 'call' && lease.isFresh !== true) return;
    const { server } = upstream;
    const { index, generation } = link.target;
    const session = lease.session === undefined ? {} : { session: lease.session };
    append({ atMs: clock.nowMs(), kind: 'lease.began', subject: server, index, ...session });
    needs.remember('lease', factKey(upstream, link), { generation, ...lease });
  }

  function end(upstream: Upstream, link: Link, why: string): void {
    const { lease } = link;
    if (lease === undefined) return;
    // What somebody had for itself may keep what it was told; one that only was asked is as before.
    if (endsWithLease(lease)) link.state = 'draining';
    else link.lease = undefined;
    noteEnd(upstream, link, lease, why);
    needs.flush(upstream);
    needs.demand(upstream);
  }

  function noteEnd(upstream: Upstream, link: Link, lease: Lease, why: string): void {
    const wasOwned = link.owner !== undefined;
    link.owner = undefined;
    if ((lease.kind === 'call' && lease.isFresh !== true) || !wasOwned) return;
    const session = lease.session === undefined ? {} : { session: lease.session };
    const about = { subject: upstream.server, index: link.target.index, ...session, why };
    append({ atMs: clock.nowMs(), kind: 'lease.ended', ...about });
    needs.remember('lease', factKey(upstream, link), undefined);
  }

  /** One timer a lease, however many calls it serves. */
  function watch(upstream: Upstream, link: Link, delayMs: number): void {
    if (timed.has(link)) return;
    timed.add(link);
    clock.after(delayMs, () => {
      timed.delete(link);
      const { lease, quietSinceTickMs } = link;
      if (lease === undefined || quietSinceTickMs === undefined || link.state !== 'open') return;
      const idleMs = idleMsOf(upstream, lease);
      const leftMs = quietSinceTickMs + idleMs - clock.tickMs();
      if (leftMs > 0) watch(upstream, link, leftMs);
      else if (lease.kind === 'stay' && lease.session !== undefined)
        needs.askPresence(lease.session, (isThere) => {
          // It was used meanwhile, or is nobody's any more.
          if (link.lease !== lease || link.quietSinceTickMs !== quietSinceTickMs) return;
          if (isThere) watch(upstream, link, idleMs);
          else end(upstream, link, `unused for ${idleMs} ms, and its client is not there`);
        });
      else end(upstream, link, `unused for ${idleMs} ms`);
    });
  }

  function idleMsOf(upstream: Upstream, { kind }: Lease): number {
    return kind === 'visit' ? visitIdleMs : upstream.pool.idleStopMs;
  }

  return {
    choose(upstream, call) {
      const own = call.instance === undefined ? undefined : upstream.links.get(call.instance);
      if (own?.state === 'open' || own?.state === 'draining') return own;
      const lease = leaseOf(upstream, call);
      if (lease === undefined) return leastBusy(upstream);
      return ownOrFree(upstream, lease, call.caller.owner);
    },
    isFull(upstream, call) {
      if (upstream.links.size < needs.rulesOf(upstream).max) return false;
      if (leaseOf(upstream, call) === undefined) return false;
      return [...upstream.links.values()].every(
        ({ lease, conversation }) => lease !== undefined || conversation.inFlight() > 0,
      );
    },
    assign(upstream, link) {
      const known = needs.recall('lease', factKey(upstream, link));
      if (isKnownLease(known) && known.generation === link.target.generation) {
        const { session } = known;
        const owner = session === undefined ? undefined : needs.ownerOfSession(session);
        const { key, kind, isFresh = false } = known;
        link.lease = { key, session, kind, isFresh };
        link.owner = owner;
        if (owner === undefined) {
          needs.remember('lease', factKey(upstream, link), undefined);
          end(upstream, link, 'its client did not outlive the daemon');
        } else watch(upstream, link, idleMsOf(upstream, link.lease));
        return;
      }
      if (known !== undefined) needs.remember('lease', factKey(upstream, link), undefined);
      if (link.target.resume !== undefined) return;
      const held = new Set([...upstream.links.values()].map((one) => one.lease?.key));
      for (const call of upstream.waiting) {
        const lease = leaseOf(upstream, call);
        if (lease === undefined || held.has(lease.key)) continue;
        give(upstream, link, lease, call.caller.owner);
        return;
      }
      const look = needs.looking.take(upstream, link);
      if (look !== undefined) give(upstream, link, look.lease, look.owner);
    },
    release: end,
    used(upstream, link) {
      link.quietSinceTickMs = undefined;
      if (upstream.pace === undefined || link.conversation.inFlight() < busyDepth) return;
      const tickMs = clock.tickMs();
      if (tickMs - upstream.pressedAtTickMs < tellAgainMs) return;
      upstream.pressedAtTickMs = tickMs;
      needs.demand(upstream);
    },
    becameQuiet(upstream, link) {
      if (link.holds.count() > 0 && link.state !== 'lost') return;
      link.quietSinceTickMs = clock.tickMs();
      if (link.state === 'lost') {
        needs.looking.lost(upstream, link);
        if (link.lease !== undefined) noteEnd(upstream, link, link.lease, 'its process ended');
      } else if (link.lease?.kind === 'call') end(upstream, link, 'its call is over');
      else if (link.lease !== undefined) watch(upstream, link, idleMsOf(upstream, link.lease));
      else if (upstream.waiting.size > 0) needs.flush(upstream);
    },
    endSession(upstream, session) {
      for (const link of [...upstream.links.values()]) {
        if (link.lease?.session !== session || link.state === 'draining') continue;
        // A visit with calls under way ends a moment after them.
        if (link.lease.kind === 'stay' || link.conversation.inFlight() === 0)
          end(upstream, link, 'its session is over');
      }
    },
    waitingFor(upstream) {
      const held = new Set([...upstream.links.values()].map((link) => link.lease?.key));
      const wanted = new Set<string>();
      let waiting = 0;
      for (const call of upstream.waiting) {
        const lease = leaseOf(upstream, call);
        if (lease === undefined) waiting += 1;
        else if (!held.has(lease.key)) wanted.add(lease.key);
      }
      const { wanted: looks, by } = upstream.looked;
      if (looks !== undefined && by === undefined) wanted.add(`look ${looks}`);
      return { leasesWanted: wanted.size, waiting };
    },
  };
}

/** Where a client has a process to itself anyway, that one, if it was opened for it. */
function ownLease({ pool, links }: Upstream, owner: Owner, callNumber: number): Lease {
  const regular = leaseFor(pool.mode, owner, undefined);
  const own = freshLease(owner, callNumber);
  if (regular === undefined) return own;
  const holder = [...links.values()].find(({ lease }) => lease?.key === regular.key);
  const isItsOwn = holder === undefined || holder.toldTools.isOwn;
  return isItsOwn ? { ...regular, isFresh: true } : own;
}

/** Calls in flight, and tasks that are waited for. */
function workAt({ conversation, holds }: Link): number {
  return conversation.inFlight() + holds.count();
}

function factKey({ server }: Upstream, { target }: Link): string {
  return `${server}/${target.index}`;
}
