import type { Clock } from '../../clock.ts';
import type { Append } from '../../journal/events.ts';
import type { Journal } from '../../journal/journal.ts';
import { buildCatalogue, type Catalogue, noLists, singleCatalogue } from '../catalogue.ts';
import { type ListKind, listKinds } from '../protocol.ts';
import { serverView, type View, wholeFleet } from '../view.ts';
import type { Upstreams } from './upstreams.ts';

/** Changes that come together are announced once. */
const announceDelayMs = 20;

/** The three things clients can be told have changed. */
export type Changed = 'tools' | 'resources' | 'prompts';

/** The catalogues clients read, always current, and the news about them. */
export interface Shelf {
  catalogue(view: View): Catalogue;
  /** The definitions of one list as JSON text, made once a change. */
  listText(view: View, kind: ListKind): string;
  /** Rises with every change; cursors of another revision are stale. */
  revision(): number;
  /** True when every server of the view has been listed, or has failed to, or had its time. */
  isReady(view: View): boolean;
  /** Calls back as soon as the view is ready. */
  whenReady(view: View, then: () => void): void;
  /** Who has a name, also while its server is away. */
  ownerOf(kind: ListKind, name: string): string | undefined;
  /** A server's lists or standing changed. */
  refresh(server: string): void;
  setServers(servers: readonly string[], waitMs: number): void;
}

/** Puts the catalogues together, remembers who owns a name, and announces real changes. */
export function createShelf(needs: {
  readonly clock: Clock;
  readonly append: Append;
  readonly recall: Journal['recall'];
  readonly remember: Journal['remember'];
  readonly upstreams: () => Upstreams;
  readonly announce: (view: View, changed: readonly Changed[]) => void;
}): Shelf {
  const { clock } = needs;
  let order: readonly string[] = [];
  let waitMs = 0;
  let revision = 0;
  let all: Catalogue = buildCatalogue([], () => undefined).catalogue;
  const singles = new Map<string, Catalogue>();
  const texts = new Map<string, string>();
  const owners = new Map<string, string>();
  const firstSeenMs = new Map<string, number>();
  const collided = new Set<string>();
  const announced = new Map<string, Readonly<Record<Changed, string>>>();
  const touched = new Set<string>();
  let allReady = false;
  let waiters: { readonly view: View; readonly then: () => void }[] = [];

  function listsOf(server: string) {
    return needs.upstreams().get(server)?.lists ?? noLists;
  }

  function ownerOf(kind: ListKind, name: string): string | undefined {
    const key = `${kind}:${name}`;
    const owner = owners.get(key) ?? needs.recall('name', key);
    return typeof owner === 'string' && order.includes(owner) ? owner : undefined;
  }

  function rebuild(): void {
    revision += 1;
    texts.clear();
    singles.clear();
    const built = buildCatalogue(
      order.map((server) => ({ server, lists: listsOf(server) })),
      ownerOf,
    );
    all = built.catalogue;
    // Until all had their time to start, the order of the fleet is not known to be the order of owners.
    if (!isReady(wholeFleet)) return;
    for (const kind of listKinds) {
      for (const [name, owner] of built.newOwners[kind]) own(kind, name, owner);
    }
    for (const { kind, server, name, owner, exposedAs } of built.collisions) {
      const key = `${kind} ${server} ${name} ${owner}`;
      if (collided.has(key)) continue;
      collided.add(key);
      needs.remember('name', `${kind}:${name}`, owner);
      const event = {
        kind: 'name.collided',
        subject: server,
        tool: name,
        owner,
        exposedAs,
      } as const;
      needs.append({ atMs: clock.nowMs(), ...event });
    }
  }

  function own(kind: ListKind, name: string, owner: string): void {
    const key = `${kind}:${name}`;
    owners.set(key, owner);
    // Servers may list thousands of files: which has a URI is written down once two claim it.
    if (kind === 'resources' || kind === 'templates') return;
    if (needs.recall('name', key) !== owner) needs.remember('name', key, owner);
  }

  function isReadyNow(server: string, nowMs: number): boolean {
    const upstream = needs.upstreams().get(server);
    if (upstream === undefined || upstream.settled) return true;
    return nowMs - (firstSeenMs.get(server) ?? 0) >= waitMs;
  }

  function isReady(view: View): boolean {
    const nowMs = clock.tickMs();
    if (view.kind === 'server') return isReadyNow(view.server, nowMs);
    // Asked on every call, and once true it stays so until servers are added.
    allReady ||= order.every((server) => isReadyNow(server, nowMs));
    return allReady;
  }

  function wake(): void {
    if (!allReady && isReady(wholeFleet)) rebuild();
    const ready = waiters.filter(({ view }) => isReady(view));
    if (ready.length === 0) return;
    waiters = waiters.filter((one) => !ready.includes(one));
    for (const { then } of ready) then();
  }

  function announceChanges(): void {
    const views = [wholeFleet, ...[...touched].map(serverView)];
    touched.clear();
    for (const view of views) {
      const now = summary(view);
      const before = announced.get(view.key) ?? emptySummary;
      const changed = changedKinds.filter((kind) => now[kind] !== before[kind]);
      if (changed.length === 0) continue;
      announced.set(view.key, now);
      needs.announce(view, changed);
      if (view.kind === 'all') {
        needs.append({
          atMs: clock.nowMs(),
          kind: 'catalogue.changed',
          subject: 'fleet',
          tools: all.items.tools.length,
          resources: all.items.resources.length + all.items.templates.length,
          prompts: all.items.prompts.length,
        });
      }
    }
  }

  function summary(view: View): Record<Changed, string> {
    return {
      tools: shelf.listText(view, 'tools'),
      resources: shelf.listText(view, 'resources') + shelf.listText(view, 'templates'),
      prompts: shelf.listText(view, 'prompts'),
    };
  }

  function touch(server: string): void {
    if (touched.size === 0) clock.after(announceDelayMs, announceChanges);
    touched.add(server);
  }

  const shelf: Shelf = {
    catalogue(view) {
      if (view.kind !== 'server') return all;
      const { server } = view;
      const known = singles.get(server) ?? singleCatalogue(server, listsOf(server));
      singles.set(server, known);
      return known;
    },
    listText(view, kind) {
      const key = `${kind} ${view.key}`;
      const text =
        texts.get(key) ??
        JSON.stringify(shelf.catalogue(view).items[kind].map(({ shown }) => shown));
      texts.set(key, text);
      return text;
    },
    revision: () => revision,
    isReady,
    whenReady(view, then) {
      if (isReady(view)) then();
      else waiters.push({ view, then });
    },
    ownerOf,
    refresh(server) {
      rebuild();
      wake();
      touch(server);
    },
    setServers(servers, newWaitMs) {
      const nowMs = clock.tickMs();
      order = servers;
      allReady = false;
      waitMs = newWaitMs;
      for (const server of servers) {
        if (firstSeenMs.has(server)) continue;
        firstSeenMs.set(server, nowMs);
        clock.after(waitMs + 1, wake);
        touch(server);
      }
      for (const server of [...firstSeenMs.keys()]) {
        if (servers.includes(server)) continue;
        firstSeenMs.delete(server);
        announced.delete(serverView(server).key);
        touch(server);
      }
      rebuild();
      wake();
    },
  };
  return shelf;
}

const changedKinds: readonly Changed[] = ['tools', 'resources', 'prompts'];
const emptySummary: Readonly<Record<Changed, string>> = {
  tools: '[]',
  resources: '[][]',
  prompts: '[]',
};
