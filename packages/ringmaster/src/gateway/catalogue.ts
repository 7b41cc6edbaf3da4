import { withPageRenamed } from './app-pages.ts';
import type { JsonObject } from './messages.ts';
import {
  type Exposed,
  exposeNames,
  type Named,
  nameStyle,
  qualifiedName,
  uriStyle,
} from './names.ts';
import { type ListKind, listKinds } from './protocol.ts';
import { noRules, type ServerRules, type ViewRules } from './rules.ts';

/** The definitions of one server, as it gave them, in its own order. */
export type ServerLists = Readonly<Record<ListKind, readonly JsonObject[]>>;

/** What is known of a server that has not been listed. */
export const noLists: ServerLists = { tools: [], resources: [], templates: [], prompts: [] };

/** One server's part of the catalogue. */
export interface Listed {
  readonly server: string;
  readonly lists: ServerLists;
  /** Without them all is shown as it is. */
  readonly rules?: ServerRules;
}

/** One thing a server offers: `definition` is the server's own, `shown` carries the exposed name. */
export interface Item extends Exposed {
  readonly exposedAs: string;
  readonly definition: JsonObject;
  readonly shown: JsonObject;
}

/** One thing a server offers that clients neither see nor may use. */
export interface HiddenItem {
  readonly server: string;
  readonly name: string;
  readonly definition: JsonObject;
  /** The rule that hides it, in the words of the fleet file. */
  readonly hiddenBy: string;
}

type ByKind<One> = Readonly<Record<ListKind, readonly One[]>>;

/** Everything clients may see at one endpoint, rebuilt whenever a server's lists change. */
export interface Catalogue {
  readonly items: ByKind<Item>;
  readonly hidden: ByKind<HiddenItem>;
  /** By exposed name first; then by `SERVER__NAME` and by the plain name where that means only one. */
  find(kind: 'tools' | 'prompts', name: string): Item | undefined;
  /** The owner of a URI: listed resources, then templates, longest literal beginning first. */
  findUri(uri: string): { readonly server: string; readonly uri: string } | undefined;
  /** URIs of a server that are exposed by another name: own to exposed. */
  renamedUris(server: string): ReadonlyMap<string, string> | undefined;
}

/** A name that another server had first. */
export interface Collision {
  readonly kind: ListKind;
  readonly server: string;
  readonly name: string;
  readonly plain: string;
  readonly owner: string;
  /** Undefined when it is hidden for that. */
  readonly exposedAs: string | undefined;
}

/** The field that names a definition. */
const nameFields: Readonly<Record<ListKind, string>> = {
  tools: 'name',
  resources: 'uri',
  templates: 'uriTemplate',
  prompts: 'name',
};

/** Puts the lists of all servers (in fleet order) together; `ownerOf` knows who had a name first. */
export function buildCatalogue(
  servers: readonly Listed[],
  ownerOf: (kind: ListKind, name: string) => string | undefined,
): {
  readonly catalogue: Catalogue;
  readonly collisions: readonly Collision[];
  readonly newOwners: Readonly<Record<ListKind, ReadonlyMap<string, string>>>;
} {
  const collisions: Collision[] = [];
  const items = {} as Record<ListKind, readonly Item[]>;
  const hidden = {} as Record<ListKind, readonly HiddenItem[]>;
  const newOwners = {} as Record<ListKind, ReadonlyMap<string, string>>;
  const rules = rulesByServer(servers);
  const names = new Set(rules.keys());
  for (const kind of listKinds) {
    const hasNames = kind === 'tools' || kind === 'prompts';
    const { offered, refused } = offeredBy(servers, kind);
    const result = exposeNames(offered, {
      style: hasNames ? nameStyle : uriStyle,
      servers: names,
      ownerOf: (name) => ownerOf(kind, name),
      prefixOf: (server) => (hasNames ? (rules.get(server) ?? noRules).prefix : 'auto'),
    });
    newOwners[kind] = result.newOwners;
    const shown: Item[] = [];
    const nameless: HiddenItem[] = [];
    result.exposed.forEach((one, at) => {
      const { server, name, owner, exposedAs } = one;
      const definition = offered[at]?.definition ?? {};
      if (owner !== server) collisions.push({ kind, ...one });
      if (exposedAs === undefined) {
        const hiddenBy = `prefix: never, as "${owner}" has the name`;
        nameless.push({ server, name, definition, hiddenBy });
      } else {
        const described = rules.get(server)?.description(kind, name);
        shown.push(shownAs(kind, { ...one, exposedAs }, definition, described));
      }
    });
    items[kind] = shown;
    hidden[kind] = [...refused, ...nameless];
  }
  items.tools = withPagesRenamed(items.tools, items.resources);
  const mayRead = (server: string, uri: string): boolean =>
    rules.get(server)?.hiddenBy('resources', uri) === undefined;
  return { catalogue: createCatalogue({ items, hidden, mayRead }), collisions, newOwners };
}

/** The catalogue of one server alone, names untouched. */
export function singleCatalogue(
  server: string,
  lists: ServerLists,
  rules: ServerRules = noRules,
): Catalogue {
  const items = {} as Record<ListKind, readonly Item[]>;
  const hidden = {} as Record<ListKind, readonly HiddenItem[]>;
  for (const kind of listKinds) {
    const { offered, refused } = offeredBy([{ server, lists, rules }], kind);
    hidden[kind] = refused;
    items[kind] = offered.map(({ definition, ...one }) => {
      const own = { ...one, plain: one.name, exposedAs: one.name, owner: server };
      return shownAs(kind, own, definition, rules.description(kind, one.name));
    });
  }
  const mayRead = (_server: string, uri: string): boolean =>
    rules.hiddenBy('resources', uri) === undefined;
  return createCatalogue({ items, hidden, mayRead });
}

/** The part of the whole catalogue that a view shows, by the same names. */
export function viewCatalogue(whole: Catalogue, rules: ViewRules): Catalogue {
  const items = {} as Record<ListKind, readonly Item[]>;
  const hidden = {} as Record<ListKind, readonly HiddenItem[]>;
  for (const kind of listKinds) {
    const shown: Item[] = [];
    const refused: HiddenItem[] = [];
    for (const item of whole.items[kind]) {
      const { server, name, definition } = item;
      const hiddenBy = rules.hiddenBy(kind, server, name);
      if (hiddenBy === undefined) shown.push(item);
      else if (rules.includes(server)) refused.push({ server, name, definition, hiddenBy });
    }
    items[kind] = shown;
    hidden[kind] = [
      ...whole.hidden[kind].filter(({ server }) => rules.includes(server)),
      ...refused,
    ];
  }
  const mayRead = (server: string, uri: string): boolean =>
    rules.hiddenBy('resources', server, uri) === undefined;
  return createCatalogue({ items, hidden, mayRead, includes: rules.includes });
}

function rulesByServer(servers: readonly Listed[]): ReadonlyMap<string, ServerRules> {
  return new Map(servers.map(({ server, rules }) => [server, rules ?? noRules]));
}

/** What the servers list, told apart into what may be shown and what the rules hide. */
function offeredBy(
  servers: readonly Listed[],
  kind: ListKind,
): {
  readonly offered: readonly (Named & { readonly definition: JsonObject })[];
  readonly refused: readonly HiddenItem[];
} {
  const field = nameFields[kind];
  const offered: (Named & { readonly definition: JsonObject })[] = [];
  const refused: HiddenItem[] = [];
  for (const { server, lists, rules = noRules } of servers) {
    const seen = new Set<string>();
    for (const definition of lists[kind]) {
      const name = definition[field];
      // A server that lists a name twice means the first.
      if (typeof name !== 'string' || seen.has(name)) continue;
      seen.add(name);
      const hiddenBy = rules.hiddenBy(kind, name);
      if (hiddenBy !== undefined) refused.push({ server, name, definition, hiddenBy });
      else offered.push({ server, name, plain: rules.plainName(kind, name), definition });
    }
  }
  return { offered, refused };
}

function shownAs(
  kind: ListKind,
  one: Exposed & { readonly exposedAs: string },
  definition: JsonObject,
  described: string | undefined,
): Item {
  const { exposedAs } = one;
  const named =
    exposedAs === one.name ? definition : { ...definition, [nameFields[kind]]: exposedAs };
  const shown = described === undefined ? named : { ...named, description: described };
  return { ...one, definition, shown };
}

/** By server, the URIs that are others here than there. */
function renamedUris(resources: readonly Item[]): ReadonlyMap<string, Map<string, string>> {
  const renamed = new Map<string, Map<string, string>>();
  for (const item of resources) {
    if (item.exposedAs === item.name) continue;
    const own = renamed.get(item.server) ?? new Map<string, string>();
    renamed.set(item.server, own.set(item.name, item.exposedAs));
  }
  return renamed;
}

function withPagesRenamed(tools: readonly Item[], resources: readonly Item[]): readonly Item[] {
  const renamed = renamedUris(resources);
  if (renamed.size === 0) return tools;
  return tools.map((tool) => {
    const own = renamed.get(tool.server);
    return own === undefined ? tool : { ...tool, shown: withPageRenamed(tool.shown, own) };
  });
}

function createCatalogue(of: {
  readonly items: ByKind<Item>;
  readonly hidden: ByKind<HiddenItem>;
  readonly mayRead: (server: string, uri: string) => boolean;
  /** The servers of a view; without it all. */
  readonly includes?: (server: string) => boolean;
}): Catalogue {
  const { items, hidden, mayRead, includes = () => true } = of;
  const byName = {
    tools: indexByName(items.tools, includes),
    prompts: indexByName(items.prompts, includes),
  };
  const byUri = new Map(items.resources.map((item) => [item.exposedAs, item]));
  const templates = items.templates
    .map((item) => ({ item, literal: literalBeginning(item.exposedAs) }))
    .sort((a, b) => b.literal.length - a.literal.length);
  const renamed = renamedUris(items.resources);

  function findAny(uri: string): { readonly server: string; readonly uri: string } | undefined {
    const listed = byUri.get(uri);
    if (listed !== undefined) return { server: listed.server, uri: listed.name };
    const matching = templates.find(({ literal }) => uri.startsWith(literal))?.item;
    if (matching === undefined) return undefined;
    const added = matching.exposedAs.length - matching.name.length;
    return { server: matching.server, uri: uri.slice(added) };
  }

  return {
    items,
    hidden,
    find: (kind, name) => byName[kind].get(name),
    findUri(uri) {
      const found = findAny(uri);
      return found !== undefined && mayRead(found.server, found.uri) ? found : undefined;
    },
    renamedUris: (server) => renamed.get(server),
  };
}

/**
 * Everything by every name it is found by. A plain name stands for a thing that is shown by another only while no
 * other server of the view has it or had it first: it never comes to mean something else than before.
 */
function indexByName(
  items: readonly Item[],
  includes: (server: string) => boolean,
): ReadonlyMap<string, Item> {
  const found = new Map<string, Item | undefined>();
  const add = (alias: string, item: Item): void => {
    const other = found.get(alias);
    found.set(alias, other === undefined && !found.has(alias) ? item : undefined);
  };
  for (const item of items) {
    add(qualifiedName(item.server, item.plain), item);
    if (item.plain === item.exposedAs) continue;
    if (item.owner === item.server || !includes(item.owner)) add(item.plain, item);
    else found.set(item.plain, undefined);
  }
  for (const item of items) found.set(item.exposedAs, item);
  return new Map([...found].filter((entry): entry is [string, Item] => entry[1] !== undefined));
}

function literalBeginning(template: string): string {
  const brace = template.indexOf('{');
  return brace < 0 ? template : template.slice(0, brace);
}
