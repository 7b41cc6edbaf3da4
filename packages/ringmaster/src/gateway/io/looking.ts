import type { Journal } from '../../journal/journal.ts';
import type { PoolRules } from '../../supervisor/pool.ts';
import { needsClause, refusal } from '../asks.ts';
import {
  type Beyond,
  beyondShared,
  capabilitiesWith,
  differenceOf,
  extrasFor,
  forEverybody,
  namesOf,
  neededFor,
} from '../extra-tools.ts';
import type { Lease } from '../leases.ts';
import { isObject, type JsonObject, type Reply } from '../messages.ts';
import { type Owner, operator } from '../owner.ts';
import type { Call } from './calls.ts';
import type { Link } from './instance-link.ts';
import type { ReadLists } from './listing.ts';
import type { ToldTools } from './looked.ts';
import { isServing, type Upstream } from './upstream.ts';

/** Longest JSON text of the tools that is written down; more is looked for again in the next life of the daemon. */
const keptLengthMax = 50_000;

/**
 * Finds the tools a server offers only to clients that can more than is told to shared processes, by a process that is
 * told so, listed and ended: once for each server and kind of client, and remembered. Only where there is a sign that
 * it may make a difference, as most servers offer everybody the same.
 */
export interface Looking {
  /** What a client declares that shared processes of the server are not told. */
  beyondOf(server: string, owner: Owner): Beyond;
  /** A client of this kind reads the tools. */
  want(upstream: Upstream, beyond: Beyond): void;
  /** Whether a process about to be spoken with is to look, and as whom. */
  take(
    upstream: Upstream,
    link: Link,
  ): { readonly lease: Lease; readonly owner: Owner } | undefined;
  /** Lists just read, as everybody may see them; undefined from the process that looks, which has done so now. */
  read(upstream: Upstream, link: Link, read: ReadLists): ReadLists | undefined;
  /**
   * A process is gone, `link` undefined when it was never spoken with; had it to look, none is started for that again in
   * this life of the daemon.
   */
  lost(upstream: Upstream, link: Link | undefined): void;
  /** Whether a call is of a tool that is offered only to clients like the one that makes it. */
  needsOwn(upstream: Upstream, call: Call): boolean;
  /** What a client hears that calls a tool which is only for others. */
  withheld(upstream: Upstream, call: Call): Reply | undefined;
}

/** Looks with processes of the pool, as many as it may have. */
export function createLooking(needs: {
  readonly recall: Journal['recall'];
  readonly remember: Journal['remember'];
  readonly rulesOf: (upstream: Upstream) => PoolRules;
  /** Whether the server is known to ask its clients. */
  readonly asks: (upstream: Upstream) => boolean;
  /** Whether its processes are told of folders of the fleet file. */
  readonly hasRoots: (server: string) => boolean;
  /** The supervisor is to look at the load of the server. */
  readonly demand: (upstream: Upstream) => void;
  readonly onChange: (server: string) => void;
}): Looking {
  function beyondOf(server: string, { capabilities }: Owner): Beyond {
    return beyondShared(capabilities, needs.hasRoots(server));
  }

  function keyOf({ launchHash, negotiated }: Upstream, beyond: Beyond): string {
    const info = negotiated?.result['serverInfo'];
    const version = isObject(info) ? info['version'] : undefined;
    return `${launchHash} ${String(version).slice(0, 100)} ${beyond}`;
  }

  function found(upstream: Upstream, beyond: Beyond, tools: readonly JsonObject[]): void {
    upstream.looked.extras = new Map(upstream.looked.extras).set(beyond, tools);
    if (tools.length > 0) needs.onChange(upstream.server);
  }

  function mayLook(upstream: Upstream): boolean {
    const { looked, links, negotiated, pool, spec } = upstream;
    // One that sleeps, or is down, is not started for that.
    if (looked.isGivenUp || !isServing(upstream)) return false;
    if (looked.firstTools === undefined || negotiated?.era !== 'legacy') return false;
    if (pool.mode === 'shared' || links.size >= needs.rulesOf(upstream).max) return false;
    const hasSeveral = pool.mode !== 'auto' || (spec?.pool.max ?? 1) > 1;
    return looked.isRestless || hasSeveral || needs.asks(upstream);
  }

  function learn(upstream: Upstream, beyond: Beyond, tools: readonly JsonObject[]): void {
    const { firstTools } = upstream.looked;
    const extras = tools.filter(({ name }) => firstTools?.has(name) === false);
    if (JSON.stringify(extras).length <= keptLengthMax)
      needs.remember('tools', keyOf(upstream, beyond), extras);
    found(upstream, beyond, extras);
  }

  function begin(upstream: Upstream, beyond: Beyond): void {
    upstream.looked.wanted = beyond;
    needs.demand(upstream);
  }

  /** The look is over, whatever it found. */
  function finish({ looked }: Upstream, by: ToldTools | undefined): Beyond | undefined {
    if (looked.by !== by) return undefined;
    const { wanted } = looked;
    looked.by = undefined;
    looked.wanted = undefined;
    return wanted;
  }

  function isExtra({ looked }: Upstream, { method, name }: Call): boolean {
    return method === 'tools/call' && neededFor(looked.extras, name, '').length > 0;
  }

  return {
    beyondOf,
    want(upstream, beyond) {
      const { looked } = upstream;
      if (beyond === '' || looked.extras.has(beyond) || looked.firstTools === undefined) return;
      if (looked.wanted === beyond || looked.next.has(beyond)) return;
      const known = needs.recall('tools', keyOf(upstream, beyond));
      if (Array.isArray(known)) found(upstream, beyond, known.filter(isObject));
      else if (looked.wanted !== undefined) looked.next.add(beyond);
      else if (mayLook(upstream)) begin(upstream, beyond);
    },
    take({ links, looked }, link) {
      const { wanted } = looked;
      // The first process is for everybody.
      const isFirst = ![...links.values()].some((one) => one !== link && one.state === 'open');
      if (wanted === undefined || looked.by !== undefined || isFirst) return undefined;
      looked.by = link.toldTools;
      const key = `look ${wanted}`;
      const owner = { ...operator, key, capabilities: capabilitiesWith(wanted) };
      return { lease: { key, session: undefined, kind: 'stay', isFresh: true }, owner };
    },
    read(upstream, { toldTools }, read) {
      const { tools } = read.lists;
      if (tools === undefined) return read;
      const looked = finish(upstream, toldTools);
      if (looked !== undefined) {
        learn(upstream, looked, tools);
        const [next] = upstream.looked.next;
        if (next !== undefined && upstream.looked.next.delete(next)) begin(upstream, next);
        return undefined;
      }
      const known = upstream.lists.tools;
      if (toldTools.isOwn && upstream.settled) toldTools.differs ??= differenceOf(known, tools);
      if (!toldTools.isOwn && !toldTools.isListed) {
        upstream.looked.firstTools = namesOf(tools);
        upstream.looked.isRestless = toldTools.isRestless;
      }
      toldTools.isListed = true;
      const { differs } = toldTools;
      if (differs === undefined) return read;
      return { ...read, lists: { ...read.lists, tools: forEverybody(known, tools, differs) } };
    },
    lost(upstream, link) {
      const beyond = finish(upstream, link?.toldTools);
      if (beyond === undefined) return;
      upstream.looked.isGivenUp = true;
      upstream.looked.next.clear();
    },
    needsOwn(upstream, call) {
      if (!isExtra(upstream, call)) return false;
      const beyond = beyondOf(upstream.server, call.caller.owner);
      return extrasFor(upstream.looked.extras, beyond).has(call.name);
    },
    withheld(upstream, call) {
      if (!isExtra(upstream, call)) return undefined;
      const { server, method, caller } = call;
      const { extras } = upstream.looked;
      const beyond = beyondOf(server, caller.owner);
      if (extrasFor(extras, beyond).has(call.name)) return undefined;
      const missing = neededFor(extras, call.name, beyond);
      const why = needsClause(missing, caller.reach === 'none' ? 'stream' : caller.reach);
      return refusal({ server, method, owner: caller.owner, why, missing });
    },
  };
}
