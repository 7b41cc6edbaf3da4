import type { Clock } from '../../clock.ts';
import type { Append } from '../../journal/events.ts';
import type { Journal } from '../../journal/journal.ts';
import type { Conversations, ConversationTarget } from '../../supervisor/conversation.ts';
import type { Identity } from '../bridge.ts';
import type { Reading } from '../cache-hints.ts';
import { noLists, type ServerLists } from '../catalogue.ts';
import type { RememberedEra } from '../era.ts';
import { type Failure, failure } from '../messages.ts';
import { type ListKind, listKinds } from '../protocol.ts';
import type { StoredCall } from '../stored-session.ts';
import type { Call, Calls, Holder } from './calls.ts';
import { createConversations } from './conversations.ts';
import { createHeirs } from './heirs.ts';
import { createLink, type Link } from './link.ts';
import { hasSameItems, mergedLists } from './listing.ts';

/** Bytes a server may leave unread before new calls are refused: it has stopped reading. */
const unreadBytesMax = 64 * 1_048_576;

/** What the gateway knows of one server, over all its lives. */
export interface Upstream {
  readonly server: string;
  readonly links: Map<number, Link>;
  /** Calls that came while no instance could take them, oldest first. */
  readonly waiting: Set<Call>;
  lists: ServerLists;
  /** When each list was read, and for how long it may be kept. */
  readonly readings: Partial<Record<ListKind, Reading>>;
  /** The first start is over, well or badly: lists no longer wait for it. */
  settled: boolean;
  expected: 'back' | 'gone';
  /** Why it is not running, or what it is about to do. */
  why: string;
  limits: { readonly waitMs: number; readonly maxInFlight: number };
}

/** The servers behind the gateway, as those who route calls see them. */
export interface Upstreams {
  readonly conversations: Conversations;
  get(server: string): Upstream | undefined;
  /** Sends the call to an instance, or lets it wait, or ends it with the reason. */
  dispatch(call: Call): void;
  /** Lets a call of an earlier life of the daemon wait until the process it was sent to is adopted. */
  awaitReply(call: Call, at: StoredCall): void;
  /** Makes the table hold exactly these servers. */
  keep(servers: readonly { readonly name: string; readonly limits: Upstream['limits'] }[]): void;
}

/** The table of servers behind the gateway; `onChange` hears of every change of lists or of their standing. */
export function createUpstreams(needs: {
  readonly calls: Calls;
  readonly clock: Clock;
  readonly identity: Identity;
  readonly append: Append;
  readonly recall: Journal['recall'];
  readonly remember: Journal['remember'];
  readonly onChange: (server: string) => void;
}): Upstreams {
  const { calls, clock, identity } = needs;
  const table = new Map<string, Upstream>();
  const heirs = createHeirs(calls);

  const queue: Holder = {
    release(call) {
      table.get(call.server)?.waiting.delete(call);
    },
    lateFailure(call) {
      const upstream = table.get(call.server);
      const waitedMs = Math.round(clock.tickMs() - call.startedTickMs);
      return notRunning(call.server, `${upstream?.why ?? 'unknown'}, waited ${waitedMs} ms`);
    },
  };

  function dispatch(call: Call): void {
    const upstream = table.get(call.server);
    if (upstream === undefined) {
      calls.fail(call, 'error', notRunning(call.server, 'it is not in the fleet any more'));
      return;
    }
    const link = leastBusy(upstream);
    if (link !== undefined) {
      send(upstream, link, call);
      return;
    }
    if (upstream.expected === 'gone') {
      calls.fail(call, 'error', notRunning(call.server, upstream.why));
    } else if (upstream.waiting.size >= upstream.limits.maxInFlight) {
      calls.fail(call, 'error', busy(call.server, `${upstream.waiting.size} calls wait for it`));
    } else {
      call.holder = queue;
      upstream.waiting.add(call);
      calls.due(call, clock.tickMs() + upstream.limits.waitMs);
    }
  }

  function send(upstream: Upstream, link: Link, call: Call): void {
    const { conversation, target } = link;
    if (conversation.inFlight() >= target.limits.maxInFlight) {
      calls.fail(
        call,
        'error',
        busy(call.server, `${conversation.inFlight()} calls are in flight`),
      );
    } else if (conversation.waitingBytes() > unreadBytesMax) {
      calls.fail(call, 'error', busy(call.server, 'it does not read its input'));
    } else {
      upstream.waiting.delete(call);
      call.dueTickMs = call.deadlineTickMs;
      conversation.send(call);
    }
  }

  function flush(upstream: Upstream): void {
    for (const call of [...upstream.waiting]) {
      const link = leastBusy(upstream);
      if (link === undefined) return;
      upstream.waiting.delete(call);
      calls.due(call, call.deadlineTickMs);
      send(upstream, link, call);
    }
  }

  function expect(upstream: Upstream, expected: 'back' | 'gone', why: string): void {
    upstream.expected = expected;
    upstream.why = why;
    if (expected === 'back' || upstream.links.size > 0) return;
    heirs.disinherit(upstream.server);
    for (const call of upstream.waiting) {
      calls.fail(call, 'error', notRunning(upstream.server, why));
    }
    upstream.waiting.clear();
    upstream.lists = noLists;
    upstream.settled = true;
    needs.onChange(upstream.server);
  }

  function ensure(server: string, limits: Upstream['limits']): Upstream {
    const known = table.get(server);
    if (known !== undefined) {
      known.limits = limits;
      return known;
    }
    const upstream: Upstream = {
      server,
      links: new Map(),
      waiting: new Set(),
      lists: noLists,
      readings: {},
      settled: false,
      expected: 'back',
      why: 'it has not started yet',
      limits,
    };
    table.set(server, upstream);
    return upstream;
  }

  function linkFor(upstream: Upstream, target: ConversationTarget): Link {
    const { launchHash } = target;
    return createLink({
      target,
      calls,
      clock,
      identity,
      recallEra: () => needs.recall('era', launchHash),
      rememberEra(era, guessed) {
        const verdict: RememberedEra | undefined =
          era === undefined ? undefined : { era, guessed, atMs: clock.nowMs() };
        needs.remember('era', launchHash, verdict);
      },
      onOpen: () => flush(upstream),
      onRefusedTool(tool, why) {
        const atMs = clock.nowMs();
        needs.append({ atMs, kind: 'tool.refused', subject: upstream.server, tool, why });
      },
      toolNamed: (name) => upstream.lists.tools.find((tool) => tool['name'] === name),
      onLists(read) {
        const before = upstream.lists;
        upstream.lists = mergedLists(before, read.lists);
        for (const kind of listKinds) {
          if (read.lists[kind] === undefined) continue;
          upstream.readings[kind] = { readAtMs: clock.tickMs(), hints: read.hints[kind] };
        }
        const isNews = !upstream.settled || !hasSameItems(before, upstream.lists);
        upstream.settled = true;
        if (isNews) needs.onChange(upstream.server);
      },
    });
  }

  const conversations = createConversations({
    table,
    clock,
    identity,
    onChange: needs.onChange,
    ensure,
    expect,
    linkFor,
    inherit: heirs.inherit,
    dispatch,
  });

  return {
    conversations,
    get: (server) => table.get(server),
    dispatch,
    awaitReply: heirs.awaitReply,
    keep(servers) {
      for (const { name, limits } of servers) ensure(name, limits);
      const names = new Set(servers.map(({ name }) => name));
      for (const upstream of [...table.values()]) {
        if (names.has(upstream.server)) continue;
        // One with a process still has calls to finish; the supervisor drains it, then closes it.
        if (upstream.links.size > 0) continue;
        expect(upstream, 'gone', 'it left the fleet');
        table.delete(upstream.server);
      }
    },
  };
}

function leastBusy(upstream: Upstream): Link | undefined {
  let chosen: Link | undefined;
  for (const link of upstream.links.values()) {
    if (link.state !== 'open') continue;
    const busier =
      chosen === undefined || chosen.conversation.inFlight() > link.conversation.inFlight();
    if (busier) chosen = link;
  }
  return chosen;
}

function notRunning(server: string, why: string): Failure {
  return failure('server_down', `Server "${server}" is not running: ${why}`, { server });
}

function busy(server: string, why: string): Failure {
  return failure('server_busy', `Server "${server}" takes no more calls: ${why}`, { server });
}
