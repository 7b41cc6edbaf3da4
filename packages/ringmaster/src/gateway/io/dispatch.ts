import type { Clock } from '../../clock.ts';
import type { Owner } from '../owner.ts';
import type { Call, Calls, Holder } from './calls.ts';
import type { Link } from './instance-link.ts';
import { createLeasing, type Leasing, type LeasingNeeds } from './leasing.ts';
import { allTaken, busy, isServing, notRunning, type Upstream } from './upstream.ts';

/** Bytes a server may leave unread before new calls are refused: it has stopped reading. */
const unreadBytesMax = 64 * 1_048_576;

/** Brings calls to processes. */
export interface Dispatch {
  readonly leasing: Leasing;
  /** Sends the call to a process, or lets it wait, or ends it with the reason. */
  dispatch(call: Call): void;
  /** Sends waiting calls to who can take them now, oldest first. */
  flush(upstream: Upstream): void;
}

/** Calls that no process can take yet wait at their server, never past their deadline. */
export function createDispatch(
  needs: Omit<LeasingNeeds, 'flush'> & {
    readonly calls: Calls;
    readonly clock: Clock;
    readonly get: (server: string) => Upstream | undefined;
    /** Frees a process that a call of the same client keeps which it was asked in, and left. */
    readonly giveWay: (server: string, owner: Owner) => void;
    /** A call is about to go out. */
    readonly onSend: (link: Link, call: Call) => void;
  },
): Dispatch {
  const { calls, clock, get, demand } = needs;
  const leasing = createLeasing({ ...needs, flush });

  const queue: Holder = {
    release(call) {
      const upstream = get(call.server);
      upstream?.waiting.delete(call);
      if (upstream?.reserved !== undefined) flush(upstream);
    },
    lateFailure(call) {
      const upstream = get(call.server);
      const waitedMs = Math.round(clock.tickMs() - call.startedTickMs);
      if (upstream !== undefined && isServing(upstream)) return allTaken(upstream, waitedMs);
      return notRunning(call.server, `${upstream?.why ?? 'unknown'}, waited ${waitedMs} ms`);
    },
  };

  function dispatch(call: Call): void {
    const upstream = get(call.server);
    if (upstream === undefined) {
      calls.fail(call, 'error', notRunning(call.server, 'it is not in the fleet any more'));
      return;
    }
    const withheld =
      upstream.looked.extras.size > 0 ? needs.looking.withheld(upstream, call) : undefined;
    if (withheld !== undefined) {
      calls.answer(call, withheld, undefined);
      return;
    }
    const link = leasing.choose(upstream, call);
    if (link !== undefined) {
      send(upstream, link, call);
      return;
    }
    if (upstream.expected === 'gone' && upstream.links.size === 0) {
      calls.fail(call, 'error', notRunning(call.server, upstream.why));
    } else if (upstream.waiting.size >= upstream.limits.maxInFlight) {
      calls.fail(call, 'error', busy(call.server, `${upstream.waiting.size} calls wait for it`));
    } else {
      call.holder = queue;
      upstream.waiting.add(call);
      calls.due(call, clock.tickMs() + upstream.limits.waitMs);
      demand(upstream);
      if (leasing.isFull(upstream, call)) needs.giveWay(call.server, call.caller.owner);
    }
  }

  function send(upstream: Upstream, link: Link, call: Call): void {
    const { conversation, target } = link;
    const inFlight = conversation.inFlight();
    if (inFlight >= target.limits.maxInFlight) {
      calls.fail(call, 'error', busy(call.server, `${inFlight} calls are in flight`));
    } else if (conversation.waitingBytes() > unreadBytesMax) {
      calls.fail(call, 'error', busy(call.server, 'it does not read its input'));
    } else {
      upstream.waiting.delete(call);
      call.dueTickMs = call.deadlineTickMs;
      needs.onSend(link, call);
      link.send(call);
      if (inFlight === 0) link.aloneId = call.upstreamId;
    }
    if (conversation.inFlight() > 0) leasing.used(upstream, link);
    // Refused before it was sent: whose the process became with it must not wait for its end.
    else if (link.lease !== undefined) leasing.becameQuiet(upstream, link);
  }

  function flush(upstream: Upstream): void {
    // Who still waits for a process of its own has it reserved anew.
    upstream.reserved = undefined;
    for (const call of [...upstream.waiting]) {
      const link = upstream.waiting.has(call) ? leasing.choose(upstream, call) : undefined;
      if (link === undefined) continue;
      upstream.waiting.delete(call);
      calls.due(call, call.deadlineTickMs);
      send(upstream, link, call);
    }
  }

  return { leasing, dispatch, flush };
}
