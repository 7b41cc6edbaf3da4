import type { Item } from '../catalogue.ts';
import { isObject, type JsonObject, type Reply, refused } from '../messages.ts';
import { qualifiedName } from '../names.ts';
import { type ListKind, rpcCodes } from '../protocol.ts';
import type { Target } from '../target.ts';
import { type View, wholeFleet } from '../view.ts';
import type { Shelf } from './shelf.ts';
import type { Upstreams } from './upstream-table.ts';

/** Knows which server answers what, as far as clients of a view may use it. */
export interface Finder {
  /** The target; or why there can be none; or `unknown`, for now or for good. */
  find(view: View, method: string, params: JsonObject): Target | Reply | 'unknown';
}

/** Finds by the catalogue as it is at the moment of each request. */
export function createFinder(needs: {
  readonly shelf: Shelf;
  readonly upstreams: Upstreams;
  readonly hasServer: (server: string) => boolean;
}): Finder {
  const { shelf, upstreams } = needs;

  function findNamed(
    view: View,
    kind: 'tools' | 'prompts',
    name: string,
    paramsWith: (own: string) => JsonObject,
  ): Target | 'unknown' {
    const item = shelf.catalogue(view).find(kind, name);
    // While servers start for the first time another may turn out to be the owner.
    if (view.kind !== 'server' && !shelf.isReady(wholeFleet)) {
      if (shelf.ownerOf(kind, item?.plain ?? name) === undefined) return 'unknown';
    }
    if (item !== undefined) {
      return { server: item.server, params: paramsWith(item.name), name: item.name };
    }
    const owner =
      view.kind === 'server'
        ? permitted(view, kind, view.server, name)
        : absentOwner(view, kind, name);
    return owner === undefined
      ? 'unknown'
      : { server: owner.server, params: paramsWith(owner.name), name: owner.name };
  }

  /** What no list has: a server knows its own names best, and may accept more than it lists. */
  function permitted(
    view: View,
    kind: ListKind,
    server: string,
    plain: string,
  ): Pick<Item, 'server' | 'name'> | undefined {
    const own = shelf.ownName(view, { server, kind, plain });
    return own === undefined ? undefined : { server, name: own };
  }

  /** The server a name belongs to while it does not offer it: the caller is told how that server is. */
  function absentOwner(
    view: View,
    kind: 'tools' | 'prompts',
    name: string,
  ): Pick<Item, 'server' | 'name'> | undefined {
    const owner = shelf.ownerOf(kind, name);
    if (owner !== undefined && isAway(owner)) return permitted(view, kind, owner, name);
    const border = name.indexOf('__');
    const server = name.slice(0, Math.max(0, border));
    const plain = name.slice(border + 2);
    const isQualified =
      border > 0 && needs.hasServer(server) && qualifiedName(server, plain) === name;
    return isQualified && isAway(server) ? permitted(view, kind, server, plain) : undefined;
  }

  function isAway(server: string): boolean {
    const upstream = upstreams.get(server);
    return (
      upstream !== undefined && ![...upstream.links.values()].some(({ state }) => state === 'open')
    );
  }

  function findUri(
    view: View,
    uri: string,
    paramsWith: (own: string) => JsonObject,
  ): Target | 'unknown' {
    const found = shelf.catalogue(view).findUri(uri);
    if (found !== undefined) {
      return { server: found.server, params: paramsWith(found.uri), name: found.uri };
    }
    if (view.kind !== 'server') return 'unknown';
    const own = permitted(view, 'resources', view.server, uri);
    return own === undefined
      ? 'unknown'
      : { server: own.server, params: paramsWith(uri), name: uri };
  }

  function findCompletion(view: View, params: JsonObject): Target | Reply | 'unknown' {
    const ref = params['ref'];
    if (!isObject(ref)) return refused(rpcCodes.invalidParams, 'completion/complete needs a ref');
    const { name, uri } = ref;
    if (typeof name === 'string') {
      return findNamed(view, 'prompts', name, (own) => ({ ...params, ref: { ...ref, name: own } }));
    }
    if (typeof uri !== 'string') {
      return refused(rpcCodes.invalidParams, 'The ref needs a name or a uri');
    }
    const paramsWith = (own: string): JsonObject => ({ ...params, ref: { ...ref, uri: own } });
    const { templates } = shelf.catalogue(view).items;
    const template = templates.find(({ exposedAs }) => exposedAs === uri);
    if (template === undefined) return findUri(view, uri, paramsWith);
    return { server: template.server, params: paramsWith(template.name), name: template.name };
  }

  return {
    find(view, method, params) {
      if (method === 'completion/complete') return findCompletion(view, params);
      if (method.startsWith('resources/')) {
        const uri = params['uri'];
        if (typeof uri !== 'string')
          return refused(rpcCodes.invalidParams, `${method} needs a uri`);
        return findUri(view, uri, (own) => (own === uri ? params : { ...params, uri: own }));
      }
      const kind = method === 'tools/call' ? 'tools' : 'prompts';
      const name = params['name'];
      if (typeof name !== 'string')
        return refused(rpcCodes.invalidParams, `${method} needs a name`);
      return findNamed(view, kind, name, (own) =>
        own === name ? params : { ...params, name: own },
      );
    },
  };
}
