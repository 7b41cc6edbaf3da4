import type { Clock } from '../../clock.ts';
import type { Append } from '../../journal/events.ts';
import type { Journal } from '../../journal/journal.ts';
import {
  buildCatalogue,
  type Catalogue,
  noLists,
  singleCatalogue,
  viewCatalogue,
} from '../catalogue.ts';
import type { JsonObject } from '../messages.ts';
import type { ListKind } from '../protocol.ts';
import { noRules, type ServerRules, type ViewRules } from '../rules.ts';
import { createToolSearch, type ToolSearch } from '../tool-search.ts';
import { namedView, serverView, type View, wholeFleet } from '../view.ts';
import { createNameOwners } from './name-owners.ts';
import { wholeLists } from './upstream.ts';
import type { Upstreams } from './upstream-table.ts';

/** Changes that come together are announced once. */
const announceDelayMs = 20;

/** The three things clients can be told have changed. */
export type Changed = 'tools' | 'resources' | 'prompts';

/** The catalogues clients read, always current, and the news about them. */
export interface Shelf {
  catalogue(view: View): Catalogue;
  /** What a list shows: the definitions, or in a view with tool search the two tools for that. */
  shown(view: View, kind: ListKind): readonly JsonObject[];
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
  /** What a server calls what is known by this plain name; undefined when clients of the view may not use it. */
  ownName(
    view: View,
    of: { readonly server: string; readonly kind: ListKind; readonly plain: string },
  ): string | undefined;
  /** The search of a view whose clients find tools by it. */
  search(view: View): ToolSearch | undefined;
  /** A server's lists or standing changed. */
  refresh(server: string): void;
  setServers(fleet: ShownFleet): void;
}

/** What the fleet file says of the catalogue. */
export interface ShownFleet {
  /** In the order of the file. */
  readonly servers: readonly { readonly name: string; readonly rules: ServerRules }[];
  readonly views: ReadonlyMap<string, ViewRules>;
  /** Whether clients of all servers find tools by search. */
  readonly search: boolean;
  /** How long the first list waits for servers that start. */
  readonly waitMs: number;
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
  let fleet: ShownFleet = { servers: [], views: new Map(), search: false, waitMs: 0 };
  let rulesOf: ReadonlyMap<string, ServerRules> = new Map();
  let revision = 0;
  let whole: Catalogue | undefined;
  const others = new Map<string, Catalogue>();
  const texts = new Map<string, string>();
  const searches = new Map<string, ToolSearch>();
  const owners = createNameOwners({ ...needs, isServer: (server) => rulesOf.has(server) });
  const firstSeenTickMs = new Map<string, number>();
  const announced = new Map<string, Readonly<Record<Changed, string>>>();
  const touched = new Set<string>();
  let allReady = false;
  let waiters: { readonly view: View; readonly then: () => void }[] = [];

  function listsOf(server: string) {
    const upstream = needs.upstreams().get(server);
    return upstream === undefined ? noLists : wholeLists(upstream);
  }

  /** Built when next looked at: a fleet that starts changes many times before anybody looks. */
  function outdate(): void {
    revision += 1;
    whole = undefined;
    for (const kept of [texts, others, searches]) kept.clear();
  }

  function build(): Catalogue {
    const listed = fleet.servers.map(({ name: server, rules }) => ({
      ...{ server, rules },
      lists: listsOf(server),
    }));
    const built = buildCatalogue(listed, owners.of);
    // Until all had their time to start, the order of the fleet is not known to be the order of owners.
    if (isReady(wholeFleet)) owners.settle(built);
    return built.catalogue;
  }

  function isReadyNow(server: string, nowTickMs: number): boolean {
    const upstream = needs.upstreams().get(server);
    if (upstream === undefined || upstream.settled) return true;
    return nowTickMs - (firstSeenTickMs.get(server) ?? 0) >= fleet.waitMs;
  }

  /** A view waits for all servers, as its names are those of the whole fleet. */
  function isReady(view: View): boolean {
    // Asked on every call, and once true it stays so until servers are added.
    if (allReady && view.kind !== 'server') return true;
    const nowTickMs = clock.tickMs();
    if (view.kind === 'server') return isReadyNow(view.server, nowTickMs);
    allReady = fleet.servers.every(({ name }) => isReadyNow(name, nowTickMs));
    return allReady;
  }

  function wake(): void {
    if (!allReady && isReady(wholeFleet)) outdate();
    const ready = waiters.filter(({ view }) => isReady(view));
    if (ready.length === 0) return;
    waiters = waiters.filter((one) => !ready.includes(one));
    for (const { then } of ready) then();
  }

  function announceChanges(): void {
    const views = [
      wholeFleet,
      ...[...touched].map(serverView),
      ...[...fleet.views.keys()].map(namedView),
    ];
    touched.clear();
    for (const view of views) {
      const now = summary(view);
      const before = announced.get(view.key) ?? emptySummary;
      const changed = changedKinds.filter((kind) => now[kind] !== before[kind]);
      if (changed.length === 0) continue;
      announced.set(view.key, now);
      needs.announce(view, changed);
      if (view.kind === 'all') noteChange();
    }
  }

  function noteChange(): void {
    const { tools, resources, templates, prompts } = shelf.catalogue(wholeFleet).items;
    needs.append({
      atMs: clock.nowMs(),
      kind: 'catalogue.changed',
      subject: 'fleet',
      tools: tools.length,
      resources: resources.length + templates.length,
      prompts: prompts.length,
    });
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

  function otherCatalogue(view: Exclude<View, { kind: 'all' }>): Catalogue {
    if (view.kind === 'server') {
      return singleCatalogue(view.server, listsOf(view.server), rulesOf.get(view.server));
    }
    const rules = fleet.views.get(view.name);
    return rules === undefined ? nothing : viewCatalogue(shelf.catalogue(wholeFleet), rules);
  }

  function isSearched(view: View): boolean {
    if (view.kind === 'all') return fleet.search;
    return view.kind === 'view' && fleet.views.get(view.name)?.entry.search === true;
  }

  const shelf: Shelf = {
    catalogue(view) {
      if (view.kind === 'all') {
        whole ??= build();
        return whole;
      }
      const known = others.get(view.key) ?? otherCatalogue(view);
      others.set(view.key, known);
      return known;
    },
    shown: (view, kind) =>
      (kind === 'tools' ? shelf.search(view)?.tools : undefined) ??
      shelf.catalogue(view).items[kind].map(({ shown }) => shown),
    listText(view, kind) {
      const key = `${kind} ${view.key}`;
      const text = texts.get(key) ?? JSON.stringify(shelf.shown(view, kind));
      texts.set(key, text);
      return text;
    },
    revision: () => revision,
    isReady,
    whenReady(view, then) {
      if (isReady(view)) then();
      else waiters.push({ view, then });
    },
    ownerOf: owners.of,
    ownName(view, { server, kind, plain }) {
      const rules = rulesOf.get(server) ?? noRules;
      const own = view.kind === 'server' ? plain : rules.ownName(kind, plain);
      if (own === undefined || rules.hiddenBy(kind, own) !== undefined) return undefined;
      if (view.kind !== 'view') return own;
      const part = fleet.views.get(view.name);
      return part !== undefined && part.hiddenBy(kind, server, own) === undefined ? own : undefined;
    },
    search(view) {
      if (!isSearched(view)) return undefined;
      const known = searches.get(view.key) ?? createToolSearch(shelf.catalogue(view).items.tools);
      searches.set(view.key, known);
      return known;
    },
    refresh(server) {
      outdate();
      wake();
      touch(server);
    },
    setServers(next) {
      const nowTickMs = clock.tickMs();
      fleet = next;
      rulesOf = new Map(next.servers.map(({ name, rules }) => [name, rules]));
      allReady = false;
      for (const { name } of next.servers) {
        // Its rules may have changed although it is the same.
        touch(name);
        if (firstSeenTickMs.has(name)) continue;
        firstSeenTickMs.set(name, nowTickMs);
        clock.after(next.waitMs + 1, wake);
      }
      for (const server of [...firstSeenTickMs.keys()]) {
        if (rulesOf.has(server)) continue;
        firstSeenTickMs.delete(server);
        announced.delete(serverView(server).key);
        touch(server);
      }
      outdate();
      wake();
    },
  };
  return shelf;
}

const nothing = buildCatalogue([], () => undefined).catalogue;
const changedKinds: readonly Changed[] = ['tools', 'resources', 'prompts'];
const emptySummary: Readonly<Record<Changed, string>> = {
  tools: '[]',
  resources: '[][]',
  prompts: '[]',
};
