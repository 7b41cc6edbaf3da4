import { exposedNameMax } from '../fleet/schema-names.ts';
import type { PrefixPolicy } from './rules.ts';

/** What one server offers. */
export interface Named {
  readonly server: string;
  /** What the server calls it. */
  readonly name: string;
  /** The name it asks for: its own, or the one the fleet file gives it. */
  readonly plain: string;
}

/** A thing and the name clients know it by. */
export interface Exposed extends Named {
  /** Undefined when another server has the name and prefixes are never to be used. */
  readonly exposedAs: string | undefined;
  /** The server that has the plain name; the same as `server` when it was not taken. */
  readonly owner: string;
}

/** How one kind of names is made. */
export interface NameStyle {
  /** The name for one who does not have the plain one. */
  readonly qualify: (server: string, plain: string) => string;
  /** Makes a name no longer than it may be. */
  readonly fit: (name: string) => string;
  /** Tells a name that is taken apart by a hash. */
  readonly apart: (name: string, hash: string) => string;
  /** What stands between a server and the name. */
  readonly border: string;
}

/** Names of tools and prompts. */
export const nameStyle: NameStyle = {
  qualify: qualifiedName,
  fit: fittedName,
  apart: (name, hash) => `${name.slice(0, exposedNameMax - hash.length - 1)}_${hash}`,
  border: '__',
};

/** URIs, and templates of URIs. */
export const uriStyle: NameStyle = {
  qualify: qualifiedUri,
  fit: (uri) => uri,
  apart: (uri, hash) => `h${hash}+${uri}`,
  border: '+',
};

/** What names depend on besides what is offered. */
export interface Naming {
  readonly style: NameStyle;
  /** Every server of the fleet: names that begin with one are that server's. */
  readonly servers: ReadonlySet<string>;
  /** Who had a plain name first, also in earlier lives of the daemon. */
  readonly ownerOf: (plain: string) => string | undefined;
  readonly prefixOf: (server: string) => PrefixPolicy;
}

/**
 * Gives every name of `offered` (in fleet order) the name it is exposed by. The first owner keeps the plain name, also
 * while it does not offer it for the moment or shows it with a prefix, so that a later server never takes over a name
 * clients trust; others get `qualify(server, plain)`. Owners of new names are the first in order.
 */
export function exposeNames(
  offered: readonly Named[],
  naming: Naming,
): { readonly exposed: readonly Exposed[]; readonly newOwners: ReadonlyMap<string, string> } {
  const { ownerOf, prefixOf } = naming;
  const { qualify, fit } = naming.style;
  const newOwners = new Map<string, string>();
  const claims = offered.map((one) => {
    const wanted = fit(one.plain);
    const known = ownerOf(wanted) ?? newOwners.get(wanted);
    const owner = known ?? foreignPrefix(one, naming) ?? one.server;
    if (known === undefined && owner === one.server) newOwners.set(wanted, owner);
    return { wanted, owner, isPlain: owner === one.server && prefixOf(one.server) !== 'always' };
  });
  const taken = new Set<string>();
  for (const { wanted, isPlain } of claims) if (isPlain) taken.add(wanted);
  const given = new Set<string>();
  const exposed = offered.map((one, at): Exposed => {
    const { wanted, owner, isPlain } = claims[at] ?? unclaimed;
    if (isPlain && !given.has(wanted)) {
      given.add(wanted);
      return { ...one, exposedAs: wanted, owner };
    }
    if (owner !== one.server && prefixOf(one.server) === 'never') {
      return { ...one, exposedAs: undefined, owner };
    }
    const exposedAs = freeName(fit(qualify(one.server, one.plain)), one, { taken, naming });
    taken.add(exposedAs);
    return { ...one, exposedAs, owner };
  });
  return { exposed, newOwners };
}

const unclaimed = { wanted: '', owner: '', isPlain: false };

/** The other server whose prefix a name carries: nobody may take such a name before that one needs it. */
function foreignPrefix({ server, plain }: Named, naming: Naming): string | undefined {
  const { border } = naming.style;
  for (let at = plain.indexOf(border); at > 0; at = plain.indexOf(border, at + 1)) {
    const other = plain.slice(0, at);
    if (other !== server && naming.servers.has(other)) return other;
  }
  return undefined;
}

/** The name, or one told apart from it when it is taken; the same on every start. */
function freeName(
  wanted: string,
  { server, name }: Named,
  { taken, naming }: { readonly taken: ReadonlySet<string>; readonly naming: Naming },
): string {
  let free = wanted;
  for (let attempt = 0; taken.has(free); attempt += 1) {
    const salt = attempt === 0 ? '' : ` ${attempt}`;
    free = naming.style.apart(wanted, shortHash(`${server} ${name}${salt}`));
  }
  return free;
}

/** `SERVER__NAME`, the name of a tool or prompt whose plain name another server has. */
export function qualifiedName(server: string, name: string): string {
  return `${server}__${name}`;
}

/** `SERVER+URI`: still a URI, with a scheme of its own, and reversible. */
export function qualifiedUri(server: string, uri: string): string {
  return `${server}+${uri}`;
}

/** At most 40 characters: what is longer is cut and told apart by a hash of the whole. */
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
