import { knowsTasks, tasksUndeclared } from '../extensions.ts';
import { isObject, type JsonObject, methodNotFound, type Reply, refused } from '../messages.ts';
import type { Owner } from '../owner.ts';
import { rpcCodes } from '../protocol.ts';
import type { Target } from '../target.ts';
import { relatedTask, sessionKnowsTasks, withRelatedTask } from '../tasks.ts';
import type { View } from '../view.ts';
import type { Call } from './calls.ts';
import type { HeldTasks } from './held-tasks.ts';
import type { Seal } from './seal.ts';

/** Longest id of a task looked at, in characters. */
const idMaxLength = 4_096;

/** Tasks of servers, by ids that say which server has them and for whom, and that nobody can make up. */
export interface Tasks {
  /** Where a request about a task goes, or the reply to it. */
  find(
    asker: { readonly owner: Owner; readonly view: View },
    method: string,
    params: JsonObject,
  ): Target | Reply;
  /** The call is about the task a client knows by this id. */
  note(call: Call, shownId: string): void;
  /** A server's reply with the id its client is to know the task by. */
  shown(call: Call, reply: Reply): Reply;
  /** The id by which the client of a call knows the task that the call began or is about. */
  idOf(call: Call, task: string): string;
  /** The session of a call began a task, and is to hear of it when the callback says so. */
  begin(call: Call, task: string, then: () => void): void;
  /**
   * What a session hears that asked for a task where the server answered at once: a task that is over. Its result is
   * kept for a while, and no longer than the daemon lives.
   */
  held(call: Call, result: JsonObject): JsonObject;
}

/** Keeps no list of tasks: an id holds all there is to know, sealed, and outlives the daemon. */
export function createTasks(needs: {
  readonly seal: Seal;
  readonly heldTasks: HeldTasks;
  /** Whether a view has anything of a server. */
  readonly shows: (view: View, server: string) => boolean;
  /** A session has a task; calls back once that is on disk. */
  readonly onBegun: (session: string, shownId: string, then: () => void) => void;
}): Tasks {
  const { seal, heldTasks } = needs;
  const shownIds = new WeakMap<Call, string>();

  function read(id: unknown): JsonObject | undefined {
    if (typeof id !== 'string' || id.length > idMaxLength) return undefined;
    const text = seal.open(id);
    const value: unknown = text?.startsWith('{"task":') === true ? JSON.parse(text) : undefined;
    return isObject(value) ? value : undefined;
  }

  function idOf(call: Call, task: string): string {
    const known = shownIds.get(call);
    if (known !== undefined) return known;
    // A server with several processes knows a task only where it was begun.
    const instance = call.holder?.place?.index ?? call.instance;
    const { principal, session } = call.caller.owner;
    const place = { task, server: call.server, principal, instance, session };
    const id = seal.seal(JSON.stringify(place));
    shownIds.set(call, id);
    return id;
  }

  /** What a session is told: the task is a part of the result, or the result belongs to it. */
  function shownToSession(call: Call, result: JsonObject): JsonObject {
    const { task, taskId } = result;
    if (call.method === 'tools/call') {
      if (!isObject(task) || typeof task['taskId'] !== 'string') return result;
      return { ...result, task: { ...task, taskId: idOf(call, task['taskId']) } };
    }
    const related = relatedTask(result);
    const named = typeof taskId === 'string' ? { ...result, taskId: idOf(call, taskId) } : result;
    return related === undefined ? named : withRelatedTask(named, idOf(call, related));
  }

  return {
    find({ owner, view }, method, params) {
      const isSession = owner.era === 'legacy';
      if (isSession && !sessionKnowsTasks(owner)) return methodNotFound(method);
      if (!isSession && !knowsTasks(owner.capabilities)) return tasksUndeclared;
      const { taskId } = params;
      const { task, server, principal, instance, session } = read(taskId) ?? {};
      const isTheirs = principal === owner.principal && session === owner.session;
      const isShown = typeof server === 'string' && needs.shows(view, server);
      if (!isTheirs || !isShown || typeof task !== 'string') return notFound;
      if (heldTasks.isOne(task)) {
        return heldTasks.answer(method, task, String(taskId)) ?? notFound;
      }
      const at = typeof instance === 'number' ? { instance } : {};
      return { server, params: { ...params, taskId: task }, name: task, ...at };
    },
    note: (call, shownId) => void shownIds.set(call, shownId),
    shown(call, reply) {
      if (reply.kind === 'error') return reply;
      const { result } = reply;
      const { owner } = call.caller;
      const isAboutTask = call.method.startsWith('tasks/');
      if (!isAboutTask && call.method !== 'tools/call') return reply;
      if (owner.era === 'legacy') {
        const shown = sessionKnowsTasks(owner) ? shownToSession(call, result) : result;
        return shown === result ? reply : { kind: 'result', result: shown };
      }
      const { resultType, taskId } = result;
      if (typeof taskId !== 'string' || (!isAboutTask && resultType !== 'task')) return reply;
      return { kind: 'result', result: { ...result, taskId: idOf(call, taskId) } };
    },
    idOf,
    begin(call, task, then) {
      const { session } = call.caller.owner;
      if (session === undefined) then();
      else needs.onBegun(session, idOf(call, task), then);
    },
    held: (call, result) => heldTasks.keep(call.params['task'], result),
  };
}

const notFound = refused(rpcCodes.invalidParams, 'Task not found');
