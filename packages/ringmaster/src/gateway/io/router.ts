import type { Item } from '../catalogue.ts';
import {
  emptyResult,
  isObject,
  isRequestId,
  type JsonObject,
  methodNotFound,
  type Reply,
  refused,
} from '../messages.ts';
import { qualifiedName } from '../names.ts';
import type { Owner } from '../owner.ts';
import { type ListKind, listKinds, listMethods, rpcCodes } from '../protocol.ts';
import { type View, wholeFleet } from '../view.ts';
import type { Call, Caller, Calls } from './calls.ts';
import type { Lists } from './lists.ts';
import type { Shelf } from './shelf.ts';
import type { Upstreams } from './upstreams.ts';

/** Who asks, and for what part of the fleet. */
export interface Asker {
  readonly owner: Owner;
  readonly view: View;
}

/** Hears the answer to a request: a call's, or one we know ourselves. */
export interface Responder extends Caller {
  /** A result we know ourselves, as JSON text. */
  text(result: string): void;
  /** An answer without a call. */
  answer(reply: Reply): void;
}

/** Knows who answers what. */
export interface Router {
  /** Answers from memory, or begins a call; the call is given to `onCall` as soon as there is one. */
  route(
    asker: Asker,
    request: { readonly method: string; readonly params: JsonObject },
    to: Responder,
    onCall: (call: Call) => void,
  ): void;
}

interface Target {
  readonly server: string;
  readonly params: JsonObject;
  readonly name: string;
}

/** Routes by the catalogue as it is at the moment of each request. */
export function createRouter(needs: {
  readonly shelf: Shelf;
  readonly upstreams: Upstreams;
  readonly calls: Calls;
  readonly lists: Lists;
  readonly callTimeoutMs: (server: string) => number;
  readonly hasServer: (server: string) => boolean;
}): Router {
  const { shelf, upstreams, calls, lists } = needs;
  const kindOfMethod = new Map<string, ListKind>(
    listKinds.map((kind) => [listMethods[kind], kind]),
  );

  function begin(
    method: string,
    target: Target,
    to: Responder,
    onCall: (call: Call) => void,
  ): void {
    const meta = target.params['_meta'];
    const token = isObject(meta) ? meta['progressToken'] : undefined;
    const call = calls.begin({
      server: target.server,
      method,
      name: target.name,
      params: target.params,
      caller: to,
      progressToken: isRequestId(token) ? token : undefined,
      timeoutMs: needs.callTimeoutMs(target.server),
    });
    onCall(call);
    upstreams.dispatch(call);
  }

  function find(asker: Asker, method: string, params: JsonObject): Target | Reply | 'unknown' {
    if (method === 'resources/read') return findResource(asker, params);
    if (method === 'completion/complete') return findCompletion(asker, params);
    const kind = method === 'tools/call' ? 'tools' : 'prompts';
    const name = params['name'];
    if (typeof name !== 'string') return refused(rpcCodes.invalidParams, `${method} needs a name`);
    return findNamed(asker, kind, name, (own) =>
      own === name ? params : { ...params, name: own },
    );
  }

  function findNamed(
    asker: Asker,
    kind: 'tools' | 'prompts',
    name: string,
    paramsWith: (own: string) => JsonObject,
  ): Target | 'unknown' {
    const item = shelf.catalogue(asker.view).find(kind, name);
    // While servers start for the first time another may turn out to be the owner.
    if (asker.view.kind === 'all' && !shelf.isReady(wholeFleet)) {
      if (shelf.ownerOf(kind, item?.name ?? name) === undefined) return 'unknown';
    }
    if (item !== undefined)
      return { server: item.server, params: paramsWith(item.name), name: item.name };
    // A server knows its own names best; it may accept more than it lists.
    if (asker.view.kind === 'server') {
      return { server: asker.view.server, params: paramsWith(name), name };
    }
    const owner = absentOwner(kind, name);
    return owner === undefined
      ? 'unknown'
      : { server: owner.server, params: paramsWith(owner.name), name: owner.name };
  }

  /** The server a name belongs to while it does not offer it: the caller is told how that server is. */
  function absentOwner(
    kind: 'tools' | 'prompts',
    name: string,
  ): Pick<Item, 'server' | 'name'> | undefined {
    const owner = shelf.ownerOf(kind, name);
    if (owner !== undefined && isAway(owner)) return { server: owner, name };
    const border = name.indexOf('__');
    const server = name.slice(0, Math.max(0, border));
    const own = name.slice(border + 2);
    const isQualified =
      border > 0 && needs.hasServer(server) && qualifiedName(server, own) === name;
    return isQualified && isAway(server) ? { server, name: own } : undefined;
  }

  function isAway(server: string): boolean {
    const upstream = upstreams.get(server);
    return (
      upstream !== undefined && ![...upstream.links.values()].some(({ state }) => state === 'open')
    );
  }

  function findResource(asker: Asker, params: JsonObject): Target | Reply | 'unknown' {
    const uri = params['uri'];
    if (typeof uri !== 'string')
      return refused(rpcCodes.invalidParams, 'resources/read needs a uri');
    const found = shelf.catalogue(asker.view).findUri(uri);
    if (found !== undefined) {
      return { server: found.server, params: { ...params, uri: found.uri }, name: found.uri };
    }
    return ownName(asker.view, params, uri);
  }

  function findCompletion(asker: Asker, params: JsonObject): Target | Reply | 'unknown' {
    const ref = params['ref'];
    if (!isObject(ref)) return refused(rpcCodes.invalidParams, 'completion/complete needs a ref');
    const { name, uri } = ref;
    if (typeof name === 'string') {
      return findNamed(asker, 'prompts', name, (own) => ({
        ...params,
        ref: { ...ref, name: own },
      }));
    }
    if (typeof uri !== 'string')
      return refused(rpcCodes.invalidParams, 'The ref needs a name or a uri');
    const catalogue = shelf.catalogue(asker.view);
    const template = catalogue.items.templates.find(({ exposedAs }) => exposedAs === uri);
    const found =
      template === undefined
        ? catalogue.findUri(uri)
        : { server: template.server, uri: template.name };
    if (found === undefined) {
      return ownName(asker.view, params, uri);
    }
    return {
      server: found.server,
      params: { ...params, ref: { ...ref, uri: found.uri } },
      name: found.uri,
    };
  }

  function callOwner(
    asker: Asker,
    request: { readonly method: string; readonly params: JsonObject },
    to: Responder,
    onCall: (call: Call) => void,
  ): void {
    const target = find(asker, request.method, request.params);
    if (target === 'unknown') {
      if (shelf.isReady(asker.view)) to.answer(unknown(asker, request));
      else shelf.whenReady(asker.view, () => callOwner(asker, request, to, onCall));
    } else if ('kind' in target) to.answer(target);
    else begin(request.method, target, to, onCall);
  }

  return {
    route(asker, request, to, onCall) {
      const { method, params } = request;
      if (calledMethods.has(method)) {
        callOwner(asker, request, to, onCall);
        return;
      }
      const kind = kindOfMethod.get(method);
      if (kind !== undefined) {
        shelf.whenReady(asker.view, () => {
          const listed = lists.page(asker, kind, params['cursor']);
          if (typeof listed === 'string') to.text(listed);
          else to.answer(listed);
        });
        return;
      }
      const isOurs =
        asker.owner.era === 'legacy' && (method === 'ping' || method === 'logging/setLevel');
      to.answer(isOurs ? emptyResult : methodNotFound(method));
    },
  };
}

/** A name no list has: at a server's own endpoint that server may know it all the same. */
function ownName(view: View, params: JsonObject, name: string): Target | 'unknown' {
  return view.kind === 'server' ? { server: view.server, params, name } : 'unknown';
}

/** Methods that one server answers. */
const calledMethods: ReadonlySet<string> = new Set([
  'tools/call',
  'prompts/get',
  'resources/read',
  'completion/complete',
]);

function unknown(
  asker: Asker,
  request: { readonly method: string; readonly params: JsonObject },
): Reply {
  const { method, params } = request;
  if (method === 'resources/read') {
    const code = asker.owner.era === 'legacy' ? rpcCodes.resourceNotFound : rpcCodes.invalidParams;
    return refused(code, 'Resource not found', { uri: params['uri'] });
  }
  const what = method === 'tools/call' ? 'tool' : method === 'prompts/get' ? 'prompt' : 'reference';
  const name = what === 'reference' ? JSON.stringify(params['ref']) : String(params['name']);
  return refused(rpcCodes.invalidParams, `Unknown ${what}: ${name.slice(0, 200)}`);
}
