import type { JsonObject } from './messages.ts';
import {
  type Exposed,
  exposeNames,
  fittedName,
  type Named,
  qualifiedName,
  qualifiedUri,
} from './names.ts';
import { type ListKind, listKinds } from './protocol.ts';

/** The definitions of one server, as it gave them, in its own order. */
export type ServerLists = Readonly<Record<ListKind, readonly JsonObject[]>>;

/** What is known of a server that has not been listed. */
export const noLists: ServerLists = { tools: [], resources: [], templates: [], prompts: [] };

/** One thing a server offers: `definition` is the server's own, `shown` carries the exposed name. */
export interface Item extends Exposed {
  readonly definition: JsonObject;
  readonly shown: JsonObject;
}

/** Everything clients may see at one endpoint, rebuilt whenever a server's lists change. */
export interface Catalogue {
  readonly items: Readonly<Record<ListKind, readonly Item[]>>;
  /** By exposed name first, then by `SERVER__NAME` where that means only one. */
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
  readonly owner: string;
  readonly exposedAs: string;
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
  servers: readonly { readonly server: string; readonly lists: ServerLists }[],
  ownerOf: (kind: ListKind, name: string) => string | undefined,
): {
  readonly catalogue: Catalogue;
  readonly collisions: readonly Collision[];
  readonly newOwners: Readonly<Record<ListKind, ReadonlyMap<string, string>>>;
} {
  const collisions: Collision[] = [];
  const items = {} as Record<ListKind, readonly Item[]>;
  const newOwners = {} as Record<ListKind, ReadonlyMap<string, string>>;
  for (const kind of listKinds) {
    const listed = named(servers, kind);
    const result = exposeNames(
      listed,
      (name) => ownerOf(kind, name),
      kind === 'tools' || kind === 'prompts' ? qualifiedName : qualifiedUri,
    );
    newOwners[kind] = result.newOwners;
    items[kind] = result.exposed.map((one, at) => {
      if (one.owner !== one.server) collisions.push({ kind, ...one });
      return shownAs(kind, one, listed[at]?.definition ?? {});
    });
  }
  return { catalogue: createCatalogue(items), collisions, newOwners };
}

/** The catalogue of one server alone, names untouched. */
export function singleCatalogue(server: string, lists: ServerLists): Catalogue {
  const items = {} as Record<ListKind, readonly Item[]>;
  for (const kind of listKinds) {
    items[kind] = named([{ server, lists }], kind).map((one) => ({
      ...one,
      exposedAs: one.name,
      owner: server,
      shown: one.definition,
    }));
  }
  return createCatalogue(items);
}

function named(
  servers: readonly { readonly server: string; readonly lists: ServerLists }[],
  kind: ListKind,
): (Named & { readonly definition: JsonObject })[] {
  const field = nameFields[kind];
  return servers.flatMap(({ server, lists }) => {
    const seen = new Set<string>();
    return lists[kind].flatMap((definition) => {
      const name = definition[field];
      // A server that lists a name twice means the first.
      if (typeof name !== 'string' || seen.has(name)) return [];
      seen.add(name);
      return [{ server, name, definition }];
    });
  });
}

function shownAs(kind: ListKind, one: Exposed, definition: JsonObject): Item {
  const fits = kind === 'tools' || kind === 'prompts';
  const exposedAs = fits ? fittedName(one.exposedAs) : one.exposedAs;
  const shown =
    exposedAs === one.name ? definition : { ...definition, [nameFields[kind]]: exposedAs };
  return { ...one, exposedAs, definition, shown };
}

function createCatalogue(items: Readonly<Record<ListKind, readonly Item[]>>): Catalogue {
  const byName = { tools: index(items.tools), prompts: index(items.prompts) };
  const byUri = new Map(items.resources.map((item) => [item.exposedAs, item]));
  const templates = items.templates
    .map((item) => ({ item, literal: literalBeginning(item.exposedAs) }))
    .sort((a, b) => b.literal.length - a.literal.length);
  const renamed = new Map<string, Map<string, string>>();
  for (const item of items.resources) {
    if (item.exposedAs === item.name) continue;
    const own = renamed.get(item.server) ?? new Map<string, string>();
    renamed.set(item.server, own.set(item.name, item.exposedAs));
  }
  return {
    items,
    find: (kind, name) => byName[kind].get(name),
    findUri(uri) {
      const listed = byUri.get(uri);
      if (listed !== undefined) return { server: listed.server, uri: listed.name };
      const matching = templates.find(({ literal }) => uri.startsWith(literal))?.item;
      if (matching === undefined) return undefined;
      const added = matching.exposedAs.length - matching.name.length;
      return { server: matching.server, uri: uri.slice(added) };
    },
    renamedUris: (server) => renamed.get(server),
  };
}

function index(items: readonly Item[]): ReadonlyMap<string, Item> {
  const found = new Map<string, Item | undefined>();
  for (const item of items) {
    const alias = qualifiedName(item.server, item.name);
    found.set(alias, found.has(alias) ? undefined : item);
  }
  for (const item of items) found.set(item.exposedAs, item);
  return new Map([...found].filter((entry): entry is [string, Item] => entry[1] !== undefined));
}

function literalBeginning(template: string): string {
  const brace = template.indexOf('{');
  return brace < 0 ? template : template.slice(0, brace);
}
