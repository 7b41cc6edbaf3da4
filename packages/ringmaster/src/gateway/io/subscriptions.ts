import { isObject, type JsonObject, type RpcError } from '../messages.ts';
import type { Owner } from '../owner.ts';
import { metaKeys, rpcCodes } from '../protocol.ts';
import type { View } from '../view.ts';
import type { Link } from './instance-link.ts';
import type { Shelf } from './shelf.ts';
import type { Upstreams } from './upstream-table.ts';

/** Resources one client may be told of, and all clients together. */
const perSubscriberMax = 1_000;
const allMax = 100_000;

/** A client that wants to be told when resources change. */
export interface Subscriber {
  readonly owner: () => Owner;
  readonly view: View;
  /** `params` are the server's, with the URI the client knows. */
  updated(params: JsonObject): void;
}

/** Who is told of which resource, and what servers are asked to tell of. */
export interface Subscriptions {
  /** Resolves with why not, or with nothing once the client will be told. */
  subscribe(subscriber: Subscriber, uri: string): Promise<RpcError | undefined>;
  unsubscribe(subscriber: Subscriber, uri: string): void;
  /** The client is gone, and does not come back as this subscriber. */
  drop(subscriber: Subscriber): void;
  /** What a link is to watch when it opens. */
  wantedOf(link: Link): readonly string[];
  /** A server says that a resource changed. */
  updated(link: Link, params: JsonObject): void;
  /** Resources may have changed unseen: everybody is told to look again. */
  missed(link: Link): void;
}

interface Entry {
  readonly server: string;
  readonly uri: string;
  /** With the URI each knows it by. */
  readonly subscribers: Map<Subscriber, string>;
  /** The server's answer to the first of them. */
  asked: Promise<RpcError | undefined>;
}

/**
 * Counts who wants to be told of a resource: the first makes the server watch it, the last lets it go. Every instance
 * of a server is asked, as any of them may change it; one that belongs to an owner only for that owner.
 */
export function createSubscriptions(needs: {
  readonly shelf: () => Shelf;
  readonly upstreams: () => Upstreams;
}): Subscriptions {
  const servers = new Map<string, Map<string, Entry>>();
  const held = new Map<Subscriber, Map<string, Entry>>();
  const gone = new WeakSet<Subscriber>();
  let count = 0;

  function linksOf(server: string): Link[] {
    const links = [...(needs.upstreams().get(server)?.links.values() ?? [])];
    return links.filter(({ state }) => state === 'open');
  }

  function target(view: View, uri: string): { server: string; uri: string } | undefined {
    const found = needs.shelf().catalogue(view).findUri(uri);
    if (found !== undefined) return found;
    if (view.kind !== 'server') return undefined;
    // A server may know more than it lists; what a rule hides stays hidden.
    const { server } = view;
    const own = needs.shelf().ownName(view, { server, kind: 'resources', plain: uri });
    return own === undefined ? undefined : { server, uri: own };
  }

  async function watch(server: string, uri: string): Promise<RpcError | undefined> {
    const links = linksOf(server).filter((link) => serves(link, entryOf(server, uri)));
    const refusals = await Promise.all(links.map((link) => link.watch.watch(uri)));
    return refusals.every((refusal) => refusal !== undefined) ? refusals[0] : undefined;
  }

  function entryOf(server: string, uri: string): Entry | undefined {
    return servers.get(server)?.get(uri);
  }

  function add(subscriber: Subscriber, of: { server: string; uri: string }, shown: string): Entry {
    const entries = servers.get(of.server) ?? new Map<string, Entry>();
    servers.set(of.server, entries);
    const known = entries.get(of.uri);
    const entry: Entry = known ?? {
      ...of,
      subscribers: new Map(),
      asked: Promise.resolve(undefined),
    };
    entries.set(of.uri, entry);
    entry.subscribers.set(subscriber, shown);
    const mine = held.get(subscriber) ?? new Map<string, Entry>();
    held.set(subscriber, mine.set(shown, entry));
    count += 1;
    // A link of this owner's own may not watch it yet, however many others are told already.
    entry.asked = watch(of.server, of.uri);
    return entry;
  }

  function remove(subscriber: Subscriber, shown: string): void {
    const mine = held.get(subscriber);
    const entry = mine?.get(shown);
    if (mine === undefined || entry === undefined) return;
    mine.delete(shown);
    if (mine.size === 0) held.delete(subscriber);
    count -= 1;
    entry.subscribers.delete(subscriber);
    const isLast = entry.subscribers.size === 0;
    if (isLast) servers.get(entry.server)?.delete(entry.uri);
    for (const link of linksOf(entry.server)) {
      if (isLast || !serves(link, entry)) link.watch.unwatch(entry.uri);
    }
  }

  function tell(link: Link, entry: Entry, params: JsonObject): void {
    const { uri } = params;
    if (typeof uri !== 'string') return;
    for (const [subscriber, shown] of entry.subscribers) {
      if (link.owner !== undefined && link.owner.key !== subscriber.owner().key) continue;
      // What a rule hides by now is not spoken of any more.
      if (target(subscriber.view, shown)?.server !== entry.server) continue;
      subscriber.updated({ ...withoutTag(params), uri: shown + uri.slice(entry.uri.length) });
    }
  }

  return {
    async subscribe(subscriber, uri) {
      const mine = held.get(subscriber);
      if (mine?.has(uri) === true) return undefined;
      if ((mine?.size ?? 0) >= perSubscriberMax || count >= allMax) {
        const message = `At most ${perSubscriberMax} resources can be subscribed to, ${allMax} by all`;
        return { code: rpcCodes.invalidParams, message };
      }
      // A client may be back before the servers are.
      await new Promise<void>((resolve) => needs.shelf().whenReady(subscriber.view, resolve));
      if (gone.has(subscriber)) return undefined;
      const found = target(subscriber.view, uri);
      if (found === undefined) return notFound(subscriber, uri);
      const refusal = await add(subscriber, found, uri).asked;
      if (refusal !== undefined) remove(subscriber, uri);
      return refusal;
    },
    unsubscribe: remove,
    drop(subscriber) {
      gone.add(subscriber);
      for (const uri of [...(held.get(subscriber)?.keys() ?? [])]) remove(subscriber, uri);
    },
    wantedOf: (link) =>
      [...(servers.get(link.target.server)?.values() ?? [])]
        .filter((entry) => serves(link, entry))
        .map(({ uri }) => uri),
    updated(link, params) {
      const { uri } = params;
      if (typeof uri !== 'string') return;
      const exact = entryOf(link.target.server, uri);
      if (exact !== undefined) tell(link, exact, params);
      else {
        for (const entry of servers.get(link.target.server)?.values() ?? []) {
          // A server may name a part of what was subscribed to (2025-06-18, resources).
          if (uri.startsWith(entry.uri)) tell(link, entry, params);
        }
      }
    },
    missed(link) {
      for (const entry of servers.get(link.target.server)?.values() ?? []) {
        tell(link, entry, { uri: entry.uri });
      }
    },
  };
}

/** Without the name of the stream it came on, which is nobody's here. */
function withoutTag(params: JsonObject): JsonObject {
  const { _meta: meta, ...rest } = params;
  if (!isObject(meta)) return rest;
  const { [metaKeys.subscriptionId]: _tag, ...kept } = meta;
  return Object.keys(kept).length === 0 ? rest : { ...rest, _meta: kept };
}

/** Whether anybody who wants the resource may be served by this link. */
function serves(link: Link, entry: Entry | undefined): boolean {
  if (entry === undefined) return false;
  const { owner } = link;
  if (owner === undefined) return true;
  return [...entry.subscribers.keys()].some((one) => one.owner().key === owner.key);
}

function notFound(subscriber: Subscriber, uri: string): RpcError {
  const isOld = subscriber.owner().era === 'legacy';
  const code = isOld ? rpcCodes.resourceNotFound : rpcCodes.invalidParams;
  return { code, message: 'Resource not found', data: { uri } };
}
