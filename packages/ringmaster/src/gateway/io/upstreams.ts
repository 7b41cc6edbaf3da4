import type { Clock } from '../../clock.ts';
import type { ServerSpec } from '../../fleet/fleet.ts';
import type { Append } from '../../journal/events.ts';
import type { Journal } from '../../journal/journal.ts';
import type { ConversationTarget, PoolLoad } from '../../supervisor/conversation.ts';
import { type PoolRules, poolRules } from '../../supervisor/pool.ts';
import type { Identity } from '../bridge.ts';
import { noLists } from '../catalogue.ts';
import type { RememberedEra } from '../era.ts';
import { endsWithLease } from '../leases.ts';
import type { JsonObject } from '../messages.ts';
import type { Owner } from '../owner.ts';
import { createPaceMeter } from '../pace.ts';
import type { ListKind } from '../protocol.ts';
import type { Asks } from './asks.ts';
import type { Authorizer } from './auth/authorizer.ts';
import type { Calls } from './calls.ts';
import { createConversations } from './conversations.ts';
import { createDispatch } from './dispatch.ts';
import { createHeirs } from './heirs.ts';
import type { Link } from './instance-link.ts';
import type { LeasingNeeds } from './leasing.ts';
import { createLink, type LinkNeeds } from './link.ts';
import { nothingLooked } from './looked.ts';
import { createLooking } from './looking.ts';
import { createRefusals } from './refusals.ts';
import { createRememberedLists, type RememberedLists } from './remembered-lists.ts';
import {
  linkLoads,
  newUpstream,
  noLoad,
  notRunning,
  takeLists,
  toolNamed,
  type Upstream,
} from './upstream.ts';
import type { Upstreams } from './upstream-table.ts';

/** What each conversation gets as it is. */
type Passed = Pick<
  LinkNeeds,
  'subscriptions' | 'logging' | 'tasks' | 'taskNews' | 'tellSession' | 'startTrace'
>;

/** The table of servers behind the gateway; `onChange` hears of every change of lists or of their standing. */
export function createUpstreams(
  needs: Passed & {
    readonly calls: Calls;
    readonly asks: Asks;
    /** The capabilities a server with a handshake is offered. */
    readonly offered: (server: string, owner: Owner | undefined) => JsonObject;
    /** Whether its processes are told of folders of the fleet file. */
    readonly hasRoots: (server: string) => boolean;
    readonly clock: Clock;
    readonly identity: Identity;
    readonly append: Append;
    readonly recall: Journal['recall'];
    readonly remember: Journal['remember'];
    readonly authorizerFor: (target: ConversationTarget) => Authorizer | undefined;
    readonly onChange: (server: string) => void;
    readonly ownerOfSession: LeasingNeeds['ownerOfSession'];
    readonly askPresence: LeasingNeeds['askPresence'];
  },
): Upstreams {
  const { calls, clock, identity } = needs;
  const table = new Map<string, Upstream>();
  const heirs = createHeirs(calls);
  const memory = createRememberedLists(needs);
  let look: (server: string) => void = () => {};
  const demand = ({ server }: Upstream): void => look(server);
  const rulesOf = (upstream: Upstream): PoolRules => rulesIn(needs.recall, upstream);
  const asks = ({ launchHash = '' }: Upstream): boolean =>
    needs.recall('asks', launchHash) !== undefined;
  const looking = createLooking({ ...needs, rulesOf, asks, demand });
  const { dispatch, flush, leasing } = createDispatch({
    ...{ ...needs, rulesOf, demand, asks, looking },
    get: (server) => table.get(server),
    giveWay: needs.asks.giveWay,
    onSend: needs.logging.prepare,
  });

  function expect(upstream: Upstream, expected: 'back' | 'gone', why: string): void {
    upstream.expected = expected;
    upstream.why = why;
    if (upstream.links.size > 0) return;
    if (expected === 'back') {
      if (!upstream.settled || upstream.lists === noLists) recallLists(upstream);
      return;
    }
    heirs.disinherit(upstream.server);
    for (const call of upstream.waiting) {
      calls.fail(call, 'error', notRunning(upstream.server, why));
    }
    upstream.waiting.clear();
    upstream.lists = noLists;
    upstream.negotiated = undefined;
    upstream.settled = true;
    needs.onChange(upstream.server);
  }

  function ensure(server: string, limits: Upstream['limits']): Upstream {
    const known = table.get(server);
    if (known !== undefined) {
      known.limits = limits;
      return known;
    }
    const relist = (kinds: readonly ListKind[]): Promise<void> | undefined => {
      const open = [...upstream.links.values()].find(({ state }) => state === 'open');
      return open?.relist(kinds);
    };
    const refusals = createRefusals({ server, clock, append: needs.append, relist });
    const upstream: Upstream = newUpstream(server, limits, refusals);
    table.set(server, upstream);
    return upstream;
  }

  function follow(spec: ServerSpec): void {
    const upstream = ensure(spec.name, spec.limits);
    upstream.spec = spec;
    upstream.pool = spec.pool;
    const { min, loadMax } = poolRules(spec, undefined);
    upstream.pace = loadMax > Math.max(1, min) ? (upstream.pace ?? createPaceMeter()) : undefined;
    if (upstream.links.size === 0 && !upstream.settled) recallLists(upstream);
  }

  /** What a server offered when it ran last is shown while it sleeps. */
  function recallLists(upstream: Upstream): void {
    const { spec } = upstream;
    const known = spec?.pool.min === 0 ? memory.load(spec) : undefined;
    if (known === undefined) return;
    upstream.lists = known.lists;
    upstream.negotiated = known.negotiated;
    upstream.settled = true;
    needs.onChange(upstream.server);
  }

  function loadOf(server: string): PoolLoad {
    const upstream = table.get(server);
    if (upstream === undefined) return noLoad;
    const links = linkLoads(upstream);
    return { ...leasing.waitingFor(upstream), links, pace: upstream.pace?.read() };
  }

  function linkFor(upstream: Upstream, target: ConversationTarget): Link {
    const { launchHash } = target;
    const link: Link = createLink({
      target,
      ...{ subscriptions: needs.subscriptions, logging: needs.logging },
      ...{ tasks: needs.tasks, taskNews: needs.taskNews, tellSession: needs.tellSession },
      startTrace: needs.startTrace,
      calls: {
        ...calls,
        answer(call, reply, line) {
          const tookMs = clock.tickMs() - call.startedTickMs - call.askedMs;
          upstream.pace?.note(tookMs, call.upstreamId === link.aloneId);
          calls.answer(call, reply, line);
        },
      },
      asks: needs.asks,
      offered: (owner) => needs.offered(target.server, owner),
      ...{ clock, identity, authorizer: needs.authorizerFor(target) },
      recallEra: () => needs.recall('era', launchHash),
      rememberEra(era, guessed) {
        const verdict: RememberedEra | undefined =
          era === undefined ? undefined : { era, guessed, atMs: clock.nowMs() };
        needs.remember('era', launchHash, verdict);
      },
      onOpen() {
        upstream.negotiated = link.conversation.negotiated;
        flush(upstream);
        if (link.conversation.inFlight() === 0) leasing.becameQuiet(upstream, link);
      },
      onQuiet: () => leasing.becameQuiet(upstream, link),
      onRefusedTool(tool, why) {
        const atMs = clock.nowMs();
        needs.append({ atMs, kind: 'tool.refused', subject: upstream.server, tool, why });
      },
      toolNamed: (name) => toolNamed(upstream, name),
      onLists(read) {
        const shared = looking.read(upstream, link, read);
        if (shared === undefined) {
          leasing.release(upstream, link, 'it was only to list its tools');
          return;
        }
        const isNews = takeLists(upstream, shared, clock.tickMs());
        noteLists(memory, upstream);
        if (isNews) needs.onChange(upstream.server);
      },
    });
    if (upstream.launchHash !== launchHash) Object.assign(upstream.looked, nothingLooked());
    upstream.launchHash = launchHash;
    leasing.assign(upstream, link);
    link.toldTools.isOwn = link.owner !== undefined && endsWithLease(link.lease);
    return link;
  }

  const conversations = createConversations({
    table,
    clock,
    identity,
    onChange: needs.onChange,
    ensure,
    expect,
    linkFor,
    onUnopened: (upstream) => looking.lost(upstream, undefined),
    inherit: heirs.inherit,
    dispatch,
    loadOf,
    remembers: (server) => {
      const spec = table.get(server)?.spec;
      return spec !== undefined && memory.load(spec) !== undefined;
    },
    onDemand(then) {
      look = then;
    },
  });

  return {
    conversations,
    get: (server) => table.get(server),
    looking,
    toolOf: ({ server, name }) => toolNamed(table.get(server), name),
    links: () => [...table.values()].flatMap(({ links }) => [...links.values()]),
    dispatch,
    awaitReply: heirs.awaitReply,
    keep(servers) {
      for (const spec of servers) follow(spec);
      const names = new Set(servers.map(({ name }) => name));
      for (const upstream of [...table.values()]) {
        if (names.has(upstream.server)) continue;
        // One with a process still has calls to finish; the supervisor drains it, then closes it.
        if (upstream.links.size > 0) continue;
        expect(upstream, 'gone', 'it left the fleet');
        table.delete(upstream.server);
      }
    },
    endSession(session) {
      for (const upstream of table.values()) {
        for (const call of [...upstream.waiting])
          if (call.caller.owner.session === session) calls.cancel(call, 'The session is over');
        leasing.endSession(upstream, session);
      }
    },
  };
}

function rulesIn(recall: Journal['recall'], { server, spec }: Upstream): PoolRules {
  const fixed = recall('scale', server);
  const unknown = { min: 1, max: 1, loadMax: 1, idleStopMs: Number.POSITIVE_INFINITY };
  return spec === undefined
    ? unknown
    : poolRules(spec, typeof fixed === 'number' ? fixed : undefined);
}

/** What a server offers that may sleep is shown meanwhile. */
function noteLists(memory: RememberedLists, { spec, lists, negotiated }: Upstream): void {
  if (spec?.pool.min === 0 && negotiated !== undefined) memory.save(spec, { lists, negotiated });
}
