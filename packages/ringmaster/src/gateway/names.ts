import { exposedNameMax } from './protocol.ts';

/** What one server calls something: a tool, a prompt, a resource. */
export interface Named {
  readonly server: string;
  readonly name: string;
}

/** A thing and the name clients know it by. */
export interface Exposed extends Named {
  readonly exposedAs: string;
  /** The server that has the plain name; the same as `server` when it was not taken. */
  readonly owner: string;
}

/**
 * Gives every name of `offered` (in fleet order) the name it is exposed by. The first owner keeps the plain name, also
 * while it does not offer it for the moment, so that a later server never takes over a name clients trust; others
 * get `qualify(server, name)`. Owners of new names are the first in order.
 */
export function exposeNames(
  offered: readonly Named[],
  ownerOf: (name: string) => string | undefined,
  qualify: (server: string, name: string) => string,
): { readonly exposed: readonly Exposed[]; readonly newOwners: ReadonlyMap<string, string> } {
  const newOwners = new Map<string, string>();
  const owners = offered.map((one) => {
    const owner = ownerOf(one.name) ?? newOwners.get(one.name);
    if (owner !== undefined) return owner;
    newOwners.set(one.name, one.server);
    return one.server;
  });
  const taken = new Set<string>();
  offered.forEach((one, at) => {
    if (owners[at] === one.server) taken.add(one.name);
  });
  const exposed: Exposed[] = [];
  offered.forEach((one, at) => {
    const owner = owners[at] ?? one.server;
    const wanted = owner === one.server ? one.name : qualify(one.server, one.name);
    const free = owner === one.server || !taken.has(wanted);
    const exposedAs = free ? wanted : `${wanted}_${shortHash(`${one.server} ${one.name}`)}`;
    taken.add(exposedAs);
    exposed.push({ ...one, exposedAs, owner });
  });
  return { exposed, newOwners };
}

/** `SERVER__NAME`, the name of a tool or prompt whose plain name another server has. */
export function qualifiedName(server: string, name: string): string {
  return `${server}__${name}`;
}

/** `SERVER+URI`: still a URI, with a scheme of its own, and reversible. */
export function qualifiedUri(server: string, uri: string): string {
  return `${server}+${uri}`;
}

/** At most 64 characters: what is longer is cut and told apart by a hash of the whole. */
export function fittedName(name: string): string {
  if (name.length <= exposedNameMax) return name;
  const hash = shortHash(name);
  return `${name.slice(0, exposedNameMax - hash.length - 1)}_${hash}`;
}

/** FNV-1a over UTF-16 units, 32 bits as 8 hex digits: stable everywhere, no secret depends on it. */
export function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash ^= text.charCodeAt(at);
    hash = Math.imul(hash, 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
