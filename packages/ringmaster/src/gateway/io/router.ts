import type { Clock } from '../../clock.ts';
import { suggest } from '../../fleet/suggest.ts';
import type { Append } from '../../journal/events.ts';
import type { Era } from '../bridge.ts';
import {
  emptyResult,
  isObject,
  isRequestId,
  type JsonObject,
  methodNotFound,
  type Reply,
  refused,
} from '../messages.ts';
import type { Owner } from '../owner.ts';
import { type ListKind, listKinds, listMethods, rpcCodes } from '../protocol.ts';
import type { Target } from '../target.ts';
import { answerFindTool, callToolName, findToolName, readCallTool } from '../tool-search.ts';
import type { View } from '../view.ts';
import type { Call, Calls } from './calls.ts';
import { createFinder } from './finder.ts';
import type { Lists } from './lists.ts';
import type { Responder } from './responder.ts';
import type { Shelf } from './shelf.ts';
import type { Tasks } from './tasks.ts';
import type { Upstreams } from './upstream-table.ts';

/** Who asks, and for what part of the fleet. */
export interface Asker {
  readonly owner: Owner;
  readonly view: View;
}

/** A request, as it is routed. */
interface Routed {
  readonly method: string;
  readonly params: JsonObject;
  /** The only server that may get it: one that asked something is answered, and no other. */
  readonly boundTo?: string;
}

/** Knows who answers what. */
export interface Router {
  /** Answers from memory, or begins a call; the call is given to `onCall` as soon as there is one. */
  route(asker: Asker, request: Routed, to: Responder, onCall: (call: Call) => void): void;
}

/** Routes by the catalogue as it is at the moment of each request. */
export function createRouter(needs: {
  readonly shelf: Shelf;
  readonly upstreams: Upstreams;
  readonly calls: Calls;
  readonly lists: Lists;
  readonly tasks: Tasks;
  readonly clock: Clock;
  readonly append: Append;
  readonly callTimeoutMs: (server: string) => number;
  readonly hasServer: (server: string) => boolean;
}): Router {
  const { shelf, upstreams, calls, lists } = needs;
  const finder = createFinder(needs);
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
      instance: target.instance,
      params: target.params,
      caller: to,
      progressToken: isRequestId(token) ? token : undefined,
      timeoutMs: needs.callTimeoutMs(target.server),
    });
    onCall(call);
    upstreams.dispatch(call);
  }

  function callOwner(
    asker: Asker,
    request: Routed,
    to: Responder,
    onCall: (call: Call) => void,
  ): void {
    const target = finder.find(asker.view, request.method, request.params);
    if (target === 'unknown') {
      if (shelf.isReady(asker.view)) to.answer(unknown(asker, request, shelf));
      else shelf.whenReady(asker.view, () => callOwner(asker, request, to, onCall));
    } else if ('kind' in target) to.answer(target);
    else if (request.boundTo !== undefined && request.boundTo !== target.server) {
      const message = 'The requestState belongs to a server that does not serve this name any more';
      to.answer(refused(rpcCodes.invalidParams, message));
    } else if (request.method === 'completion/complete' && !completes(target.server)) {
      // We offer completion however few servers have it: one that has none knows no values.
      const completion = { values: [], total: 0, hasMore: false };
      to.answer({ kind: 'result', result: { completion } });
    } else begin(request.method, target, to, onCall);
  }

  /** Whether a server completes arguments, as far as is known; the first revision had no way to say so. */
  function completes(server: string): boolean {
    const { negotiated } = upstreams.get(server) ?? {};
    if (negotiated === undefined || negotiated.protocolVersion < '2025-03-26') return true;
    const { capabilities } = negotiated.result;
    return isObject(capabilities) && isObject(capabilities['completions']);
  }

  /** In a view with tool search two tools are ours; a tool that was found is called as if it were called directly. */
  function searchOrCall(
    asker: Asker,
    request: Routed,
    to: Responder,
    onCall: (call: Call) => void,
  ): void {
    const { name } = request.params;
    if (name === findToolName) {
      shelf.whenReady(asker.view, () => {
        const search = shelf.search(asker.view);
        const result = search && answerFindTool(search, request.params['arguments']);
        if (result === undefined) {
          to.answer(unknown(asker, request, shelf));
          return;
        }
        noteSearch(asker, result, to.client);
        to.answer({ kind: 'result', result });
      });
      return;
    }
    if (name !== callToolName) {
      callOwner(asker, request, to, onCall);
      return;
    }
    const read = readCallTool(request.params);
    if ('error' in read) to.answer({ kind: 'result', result: read.error });
    else callOwner(asker, { ...request, params: read.params }, to, onCall);
  }

  function noteSearch({ owner, view }: Asker, result: JsonObject, client?: string): void {
    const structured = result['structuredContent'];
    const tools = isObject(structured) ? structured['tools'] : undefined;
    needs.append({
      ...{ atMs: needs.clock.nowMs(), kind: 'tool.searched' },
      ...{ subject: view.key, found: Array.isArray(tools) ? tools.length : 0 },
      ...(owner.session === undefined ? {} : { session: owner.session }),
      ...(client === undefined ? {} : { client }),
    });
  }

  return {
    route(asker, request, to, onCall) {
      const { method, params } = request;
      if (calledMethods.has(method)) {
        const isSearch = method === 'tools/call' && shelf.search(asker.view) !== undefined;
        if (isSearch) searchOrCall(asker, request, to, onCall);
        else callOwner(asker, request, to, onCall);
        return;
      }
      if (taskMethods[asker.owner.era].has(method)) {
        const found = needs.tasks.find(asker, method, params);
        if ('kind' in found) to.answer(found);
        else {
          begin(method, found, to, (call) => {
            needs.tasks.note(call, String(params['taskId']));
            onCall(call);
          });
        }
        return;
      }
      const kind = kindOfMethod.get(method);
      if (kind !== undefined) {
        shelf.whenReady(asker.view, () => {
          const listed = lists.page(asker, kind, params['cursor']);
          if ('kept' in listed) to.spliced(listed);
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

/** Methods about one task, which the server answers that has it. */
const taskMethods: Readonly<Record<Era, ReadonlySet<string>>> = {
  modern: new Set(['tasks/get', 'tasks/update', 'tasks/cancel']),
  legacy: new Set(['tasks/get', 'tasks/result', 'tasks/cancel']),
};

/** Methods that one server answers. */
const calledMethods: ReadonlySet<string> = new Set([
  'tools/call',
  'prompts/get',
  'resources/read',
  'completion/complete',
]);

function unknown(asker: Asker, request: Routed, shelf: Shelf): Reply {
  const { method, params } = request;
  if (method === 'completion/complete') {
    const reference = JSON.stringify(params['ref']).slice(0, 200);
    return refused(rpcCodes.invalidParams, `Unknown reference: ${reference}`);
  }
  if (method.startsWith('resources/')) {
    const code = asker.owner.era === 'legacy' ? rpcCodes.resourceNotFound : rpcCodes.invalidParams;
    return refused(code, 'Resource not found', { uri: params['uri'] });
  }
  const kind = method === 'tools/call' ? 'tools' : 'prompts';
  const name = String(params['name']).slice(0, 200);
  const known = shelf.catalogue(asker.view).items[kind].slice(0, comparedMax);
  const near = suggest(
    name,
    known.map(({ exposedAs }) => exposedAs),
  );
  const hint = near === undefined ? '' : `; did you mean "${near}"?`;
  return refused(rpcCodes.invalidParams, `Unknown ${kind.slice(0, -1)}: ${name}${hint}`);
}

/** Names a wrong one is compared with, as each costs time. */
const comparedMax = 1_000;
