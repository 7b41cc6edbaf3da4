import type { Clock } from '../../clock.ts';
import { type Identity, modernResult } from '../bridge.ts';
import { announcesChanges, type CacheHints, mergedHints, promiseOf } from '../cache-hints.ts';
import type { Catalogue, Item } from '../catalogue.ts';
import {
  type Beyond,
  beyondShared,
  type ExtraTools,
  extrasFor,
  neededFor,
} from '../extra-tools.ts';
import { type JsonObject, type Reply, type RpcError, refused } from '../messages.ts';
import { toolForSessions } from '../older-clients.ts';
import type { Owner } from '../owner.ts';
import { type ListKind, listFields, listMethods, rpcCodes } from '../protocol.ts';
import { makesTasks } from '../tasks.ts';
import type { View } from '../view.ts';
import type { Cursors } from './cursors.ts';
import { type KeptText, keptText, type Spliced } from './kept-text.ts';
import type { Shelf } from './shelf.ts';
import type { Upstream } from './upstream.ts';
import type { Upstreams } from './upstream-table.ts';

/**
 * Items of a list in one reply; longer lists come in pages. More than any known server lists at once: many clients read
 * the first page and no other.
 */
const pageSize = 5_000;
/** How long modern clients may keep what we put together; those that listen hear of changes at once. */
export const listTtlMs = 5_000;
/** A server that announces no changes is asked again for a list no more often than this, and only when it is read. */
const rereadAfterMs = 2_000;

/** Answers the list methods from memory. */
export interface Lists {
  /** One page as the result, or why there is none. */
  page(asker: ListAsker, kind: ListKind, cursor: unknown): Spliced | Reply;
}

/** Who asks for a list, and where. */
interface ListAsker {
  readonly owner: Owner;
  readonly view: View;
}

/** Answers from the shelf as it is; how long an answer may be kept is what all servers in it allow. */
export function createLists(needs: {
  readonly shelf: Shelf;
  readonly upstreams: Upstreams;
  readonly cursors: Cursors;
  readonly clock: Clock;
  readonly identity: Identity;
}): Lists {
  const { shelf, upstreams, cursors, clock, identity } = needs;
  /** The items of pages as they were sent; a change makes another catalogue, so none is ever stale. */
  const pages = new WeakMap<Catalogue, Map<string, KeptText>>();
  /** When a list is looked through next for servers that are due to be asked again. */
  const lookAgainAtMs = new WeakMap<readonly Item[], number>();
  /** When clients that can more are seen to next, by what they can. */
  const lookForAtMs = new WeakMap<readonly Item[], Map<Beyond, number>>();
  /** Tools that are for some clients only; nearly always none. */
  const special = new WeakMap<readonly Item[], readonly Item[]>();
  const serversOf = new WeakMap<readonly Item[], readonly string[]>();
  const rereading = new Set<string>();

  /** The items a client sees: tools that servers offer to some clients only are for those. */
  function seenBy({ owner, view }: ListAsker, kind: ListKind): Seen {
    const { items } = shelf.catalogue(view);
    if (kind !== 'tools') return { items: items[kind], key: '' };
    const only = special.get(items.tools) ?? items.tools.filter(isExtra);
    special.set(items.tools, only);
    const hidden = only.filter(({ server, name }) => {
      const beyond = upstreams.looking.beyondOf(server, owner);
      return !extrasFor(upstreams.get(server)?.looked.extras ?? noExtras, beyond).has(name);
    });
    if (hidden.length === 0) return { items: items.tools, key: '' };
    const key = `without ${hidden.map(({ exposedAs }) => exposedAs).join()}`;
    return { items: items.tools.filter((item) => !hidden.includes(item)), key };
  }

  function isExtra({ server, name }: Item): boolean {
    const extras = upstreams.get(server)?.looked.extras ?? noExtras;
    return extras.size > 0 && neededFor(extras, name, '').length > 0;
  }

  /** Servers may have more for a client that can more: that is found out while it is there. */
  function lookFor({ owner }: ListAsker, items: readonly Item[]): void {
    // Whether it may be offered more than what is told to shared processes brings.
    const kind = beyondShared(owner.capabilities, false);
    if (kind === '') return;
    const nowMs = clock.tickMs();
    const dueMs = lookForAtMs.get(items) ?? new Map<Beyond, number>();
    if (nowMs < (dueMs.get(kind) ?? 0)) return;
    lookForAtMs.set(items, dueMs.set(kind, nowMs + rereadAfterMs));
    for (const server of serversIn(items)) {
      const upstream = upstreams.get(server);
      if (upstream !== undefined)
        upstreams.looking.want(upstream, upstreams.looking.beyondOf(server, owner));
    }
  }

  /** One page of items as clients of one era see it, made once a change. */
  function pageFrom(
    from: number,
    { owner, view }: ListAsker,
    kind: ListKind,
    seen: Seen,
  ): KeptText {
    const catalogue = shelf.catalogue(view);
    const known = pages.get(catalogue) ?? new Map<string, KeptText>();
    pages.set(catalogue, known);
    // Where tools are found by search, those listed are ours, and the same in every era.
    const isOlder = kind === 'tools' && owner.era === 'legacy' && !isSearched(view, kind);
    const key = `${kind} ${from} ${isOlder ? 'older' : ''} ${seen.key}`;
    const page = known.get(key) ?? keptText(pageText(from, { view, kind, isOlder, seen }));
    known.set(key, page);
    return page;
  }

  function pageText(
    from: number,
    of: {
      readonly view: View;
      readonly kind: ListKind;
      readonly isOlder: boolean;
      readonly seen: Seen;
    },
  ): string {
    const shown = shelf.shown(of.view, of.kind);
    const part = of.seen.items.slice(from, from + pageSize);
    const page = isSearched(of.view, of.kind)
      ? shown
      : part.map((item) => (of.isOlder ? toolOf(item) : item.shown));
    const isWhole = page.length === shown.length && page.every((one, at) => one === shown[at]);
    return isWhole ? shelf.listText(of.view, of.kind) : JSON.stringify(page);
  }

  function toolOf({ shown, server }: Item): JsonObject {
    const said = upstreams.get(server)?.negotiated?.result;
    const isModern = said !== undefined && 'supportedVersions' in said;
    return toolForSessions(shown, isModern && makesTasks(said));
  }

  function isSearched(view: View, kind: ListKind): boolean {
    return kind === 'tools' && shelf.search(view) !== undefined;
  }

  /** The servers a list is put together of; asked for again and again, so worked out once a change. */
  function serversIn(items: readonly Item[]): readonly string[] {
    const known = serversOf.get(items) ?? [...new Set(items.map(({ server }) => server))];
    serversOf.set(items, known);
    return known;
  }

  function hintsOf(view: View, kind: ListKind, items: readonly Item[]): CacheHints {
    const promises: CacheHints[] = [];
    for (const server of serversIn(items)) {
      const upstream = upstreams.get(server);
      if (upstream !== undefined) promises.push(promised(upstream, kind));
    }
    const hasNone = promises.length === 0;
    // Where servers come and go, a list is also ours, and changes with the fleet.
    if (view.kind !== 'server' || hasNone) {
      promises.push({ ttlMs: listTtlMs, cacheScope: hasNone ? 'private' : 'public' });
    }
    return mergedHints(promises) ?? { ttlMs: 0, cacheScope: 'private' };
  }

  function promised(upstream: Upstream, kind: ListKind): CacheHints {
    const reading = upstream.readings[kind];
    if (reading === undefined) return { ttlMs: 0, cacheScope: 'private' };
    const isAnnounced = announces(upstream, kind);
    const how = { ownTtlMs: listTtlMs, nowMs: clock.tickMs() };
    return promiseOf(reading, { announcesChanges: isAnnounced, ...how });
  }

  /** A client of one server hears what the server said; a list of several goes without it. */
  function refusalOf(view: View, kind: ListKind, items: readonly Item[]): RpcError | undefined {
    if (view.kind !== 'server' || items.length > 0) return undefined;
    return upstreams.get(view.server)?.refusals.of(kind);
  }

  /** Asks servers again that would not tell of changes; what they say is announced like any other change. */
  function rereadOld(items: readonly Item[], kind: ListKind): void {
    const nowMs = clock.tickMs();
    if (nowMs < (lookAgainAtMs.get(items) ?? 0)) return;
    let nextMs = nowMs + rereadAfterMs;
    for (const server of serversIn(items)) {
      const upstream = upstreams.get(server);
      const reading = upstream?.readings[kind];
      if (upstream === undefined || reading === undefined || announces(upstream, kind)) continue;
      const dueMs = reading.readAtMs + Math.max(rereadAfterMs, reading.hints?.ttlMs ?? 0);
      if (nowMs >= dueMs) reread(upstream, kind);
      else nextMs = Math.min(nextMs, dueMs);
    }
    lookAgainAtMs.set(items, nextMs);
  }

  function reread(upstream: Upstream, kind: ListKind): void {
    const key = `${kind} ${upstream.server}`;
    const link = [...upstream.links.values()].find(({ state }) => state === 'open');
    if (link === undefined || rereading.has(key)) return;
    rereading.add(key);
    void link.relist([kind]).finally(() => rereading.delete(key));
  }

  return {
    page({ owner, view }, kind, cursor) {
      const asker = { owner, view };
      // What is known from before shows at once.
      if (kind === 'tools') lookFor(asker, shelf.catalogue(view).items.tools);
      const seen = seenBy(asker, kind);
      const { items } = seen;
      const list = `${kind} ${view.key} ${owner.principal} ${shelf.revision()} ${seen.key}`;
      const from = cursor === undefined ? 0 : cursors.open(list, cursor);
      if (from === undefined || from > items.length) {
        return refused(rpcCodes.invalidParams, 'The cursor is not one of this list as it is now');
      }
      const refusal = refusalOf(view, kind, items);
      if (refusal !== undefined) return { kind: 'error', error: refusal };
      const all = shelf.catalogue(view).items[kind];
      rereadOld(all, kind);
      const next = from + pageSize;
      const hasMore = next < items.length && !isSearched(view, kind);
      const around: JsonObject = hasMore ? { nextCursor: cursors.seal(list, next) } : {};
      const shaped =
        owner.era === 'modern'
          ? modernResult({ ...around, ...hintsOf(view, kind, all) }, listMethods[kind], {
              ...identity,
            })
          : around;
      const rest = JSON.stringify(shaped).slice(1);
      return {
        before: `{"${listFields[kind]}":`,
        kept: pageFrom(from, asker, kind, seen),
        after: rest === '}' ? rest : `,${rest}`,
      };
    },
  };
}

/** What one client sees of a list; clients with one key see the same. */
interface Seen {
  readonly items: readonly Item[];
  readonly key: string;
}

const noExtras: ExtraTools = new Map();

/** True also while a server is away: it is read again when it is back. */
function announces(upstream: Upstream, kind: ListKind): boolean {
  for (const { conversation } of upstream.links.values()) {
    if (conversation.negotiated !== undefined) {
      return announcesChanges(conversation.negotiated.result, kind);
    }
  }
  return true;
}
