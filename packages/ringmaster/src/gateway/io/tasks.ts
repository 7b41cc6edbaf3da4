import { knowsTasks, tasksUndeclared } from '../extensions.ts';
import { isObject, type JsonObject, type Reply, refused } from '../messages.ts';
import type { Owner } from '../owner.ts';
import { rpcCodes } from '../protocol.ts';
import type { View } from '../view.ts';
import type { Call } from './calls.ts';
import type { Target } from './finder.ts';
import type { Seal } from './seal.ts';

/** Longest id of a task looked at, in characters. */
const idMaxLength = 4_096;

/** Tasks of stateless servers, by ids that say which server has them and for whom, and that nobody can make up. */
export interface Tasks {
  /** Where a request about a task goes, or why nowhere. */
  find(asker: { readonly owner: Owner; readonly view: View }, params: JsonObject): Target | Reply;
  /** The call is about the task a client knows by this id. */
  note(call: Call, shownId: string): void;
  /** A server's reply with the id its client is to know the task by. */
  shown(call: Call, reply: Reply): Reply;
}

/** Keeps no list of tasks: an id holds all there is to know, sealed, and outlives the daemon. */
export function createTasks(needs: {
  readonly seal: Seal;
  /** Whether a view has anything of a server. */
  readonly shows: (view: View, server: string) => boolean;
}): Tasks {
  const { seal } = needs;
  const shownIds = new WeakMap<Call, string>();

  function read(id: unknown): JsonObject | undefined {
    if (typeof id !== 'string' || id.length > idMaxLength) return undefined;
    const text = seal.open(id);
    const value: unknown = text?.startsWith('{"task":') === true ? JSON.parse(text) : undefined;
    return isObject(value) ? value : undefined;
  }

  return {
    find({ owner, view }, params) {
      if (!knowsTasks(owner.capabilities)) return tasksUndeclared;
      const { task, server, principal, instance } = read(params['taskId']) ?? {};
      const isTheirs = principal === owner.principal && typeof server === 'string';
      if (!isTheirs || typeof task !== 'string' || !needs.shows(view, server)) {
        return refused(rpcCodes.invalidParams, 'Task not found');
      }
      const at = typeof instance === 'number' ? { instance } : {};
      return { server, params: { ...params, taskId: task }, name: task, ...at };
    },
    note: (call, shownId) => void shownIds.set(call, shownId),
    shown(call, reply) {
      if (reply.kind === 'error') return reply;
      const { resultType, taskId } = reply.result;
      if (typeof taskId !== 'string') return reply;
      const known = shownIds.get(call);
      if (known !== undefined)
        return { kind: 'result', result: { ...reply.result, taskId: known } };
      if (resultType !== 'task' || call.method !== 'tools/call') return reply;
      const { principal } = call.caller.owner;
      // A server with several processes knows a task only where it was begun.
      const instance = call.holder?.place?.index;
      const task = { task: taskId, server: call.server, principal, instance };
      const sealed = seal.seal(JSON.stringify(task));
      return { kind: 'result', result: { ...reply.result, taskId: sealed } };
    },
  };
}
