import type { Clock } from '../../clock.ts';
import { envelope, type Identity } from '../bridge.ts';
import { tasksExtension } from '../extensions.ts';
import { isObject, type JsonObject, type Reply } from '../messages.ts';
import type { Owner } from '../owner.ts';
import {
  isOver,
  makesSessionTasks,
  ownTtlMs,
  relatedTask,
  sessionKnowsTasks,
  type TaskWay,
  taskForSession,
  taskForStateless,
  taskWay,
  withRelatedTask,
} from '../tasks.ts';
import type { OpenAsk } from './ask-book.ts';
import type { Asks } from './asks.ts';
import { createBegunTasks } from './begun-tasks.ts';
import type { Call, Calls } from './calls.ts';
import type { Conversation } from './conversation.ts';
import type { Question } from './question.ts';
import { createAttendance, ownWork } from './task-attendance.ts';
import { createTaskPolling, lostTask } from './task-polling.ts';
import type { Tasks } from './tasks.ts';

/** Longest wait for a server's word about a task. */
const wordTimeoutMs = 30_000;

/** What one process of a server has to do with tasks, in whatever words its client and it know them. */
export interface TaskDesk {
  /** Readies a call to be sent; true when it is not to be sent, as the desk sees to its answer. */
  takes(call: Call): boolean;
  /** True when the desk has seen to the reply, or the call goes on. */
  answers(call: Call, reply: Reply): boolean;
  /** Puts a question to whom its task belongs, or where it names none as any other. */
  put(question: Question): OpenAsk | undefined;
  /** True for news of tasks. */
  hears(method: string, params: JsonObject): boolean;
  /** Tells the stateless clients that listen for news of these tasks how they stand. */
  tell(taskIds: Iterable<string>): void;
  /** Stateless clients listen for other tasks than before; those of an older server are followed. */
  listenedTo(): void;
}

/** Prepares the desk of one process; see `TaskWay` for who deals with which task. */
export function createTaskDesk(needs: {
  readonly calls: Calls;
  readonly asks: Asks;
  readonly tasks: Pick<Tasks, 'idOf' | 'held' | 'begin'>;
  readonly clock: Clock;
  readonly identity: Identity;
  readonly conversation: () => Conversation;
  readonly toolNamed: (name: string) => JsonObject | undefined;
  readonly hold: () => () => void;
  readonly tellSession: (session: string, method: string, params: JsonObject) => void;
  readonly news: {
    /** Tasks that stateless clients listen for, each with one of the clients. */
    wanted(): ReadonlyMap<string, Owner>;
    /** It is another now; the task as the stateless era knows it. */
    told(taskId: string, task: JsonObject): void;
  };
}): TaskDesk {
  const { calls, asks, tasks } = needs;
  const ways = new WeakMap<Call, TaskWay>();
  const begun = createBegunTasks(tasks);
  const polling = createTaskPolling({ ...needs, unfold: asks.unfold });
  const attendance = createAttendance({ ...needs, onNews: (taskId) => tell([taskId]) });

  function answer(call: Call, result: JsonObject): true {
    if (!call.ended) calls.answer(call, { kind: 'result', result }, undefined);
    return true;
  }

  function tell(taskIds: Iterable<string>): void {
    for (const taskId of taskIds) {
      const owner = needs.news.wanted().get(taskId);
      if (owner === undefined) continue;
      const seen = isModern() ? ask('tasks/get', taskId) : attendance.look(taskId, owner);
      const told = ({ resultType: _kind, _meta, ...task }: JsonObject): void =>
        needs.news.told(taskId, task);
      // A server that is gone tells nothing, and who listens hears nothing.
      seen.then(told, () => {});
    }
  }

  /** A request of our own about a task of a stateless server. */
  function ask(method: string, taskId: string): Promise<JsonObject> {
    const { protocolVersion = '' } = needs.conversation().negotiated ?? {};
    const declared = { extensions: { [tasksExtension]: {} } };
    const _meta = envelope(protocolVersion, needs.identity, declared);
    return needs.conversation().ask(method, { taskId, _meta }, wordTimeoutMs);
  }

  function isModern(): boolean {
    return needs.conversation().negotiated?.era === 'modern';
  }

  function wayOf(call: Call): TaskWay {
    const { params, caller, name = '' } = call;
    if (isModern())
      return sessionKnowsTasks(caller.owner) && isObject(params['task']) ? 'client' : 'none';
    const { negotiated } = needs.conversation();
    if (negotiated === undefined || !makesSessionTasks(negotiated.result)) return 'none';
    return taskWay({ owner: caller.owner, params }, needs.toolNamed(name));
  }

  function readyCall(call: Call): void {
    const way = wayOf(call);
    if (way !== 'none') ways.set(call, way);
    if (way === 'bridge' || way === 'us') call.params = { ...call.params, task: { ttl: ownTtlMs } };
    else if (call.params['task'] !== undefined && (way === 'none' || isModern())) {
      const { task: _task, ...rest } = call.params;
      call.params = rest;
    }
  }

  /** A stateless server says nothing of the task when it cancels it, and sessions want to hear how it stands. */
  async function cancel(call: Call, taskId: string): Promise<JsonObject> {
    call.holder = ownWork(needs.conversation);
    await ask('tasks/cancel', taskId);
    return taskForSession({ ...(await ask('tasks/get', taskId)), taskId });
  }

  function takesTask(call: Call, taskId: string): boolean {
    const isSession = call.caller.owner.era === 'legacy';
    if (isModern() === !isSession) return false;
    switch (call.method) {
      case 'tasks/result':
        polling.waitFor(call, taskId);
        return true;
      case 'tasks/cancel':
        if (!isSession) {
          attendance.cancel(call, taskId);
          return true;
        }
        cancel(call, taskId).then(
          (result) => answer(call, result),
          (error: unknown) => {
            if (!call.ended) calls.answer(call, lostTask(call, error), undefined);
          },
        );
        return true;
      case 'tasks/get':
        if (!isSession) attendance.get(call, taskId);
        return !isSession;
      case 'tasks/update':
        attendance.update(call, taskId);
        return true;
      default:
        return false;
    }
  }

  /** Answers with a task that the client deals with itself, once it would outlive the daemon. */
  function begins(call: Call, result: JsonObject): true {
    const taskId = isObject(result['task']) ? result['task']['taskId'] : undefined;
    tasks.begin(call, String(taskId), () => answer(call, result));
    return true;
  }

  /** A stateless server's reply to a session. */
  function answersFromModern(call: Call, result: JsonObject): boolean {
    if (call.caller.owner.era === 'modern') return false;
    if (call.method === 'tasks/get') return answer(call, taskForSession(result));
    if (call.method !== 'tools/call') return false;
    if (ways.get(call) !== 'client') return polling.takes(call, result);
    const isTask = result['resultType'] === 'task';
    return begins(call, isTask ? { task: taskForSession(result) } : tasks.held(call, result));
  }

  /** An older server's reply. */
  function answersFromLegacy(call: Call, result: JsonObject): boolean {
    const { owner } = call.caller;
    const { task } = result;
    if (call.method !== 'tools/call' || !isObject(task)) return false;
    const taskId = String(task['taskId']);
    switch (ways.get(call)) {
      case 'us':
        attendance.wait(call, taskId);
        return true;
      case 'bridge':
        attendance.follow(taskId, owner);
        return answer(call, { resultType: 'task', ...taskForStateless(task) });
      default:
        begun.note(call, task);
        return begins(call, result);
    }
  }

  return {
    takes(call) {
      if (call.method === 'tools/call') readyCall(call);
      const isAboutTask = call.method.startsWith('tasks/') && call.name !== undefined;
      return isAboutTask && takesTask(call, call.name);
    },
    answers(call, reply) {
      if (reply.kind === 'error') return false;
      if (isModern()) return answersFromModern(call, reply.result);
      return answersFromLegacy(call, reply.result);
    },
    put(question) {
      const taskId = relatedTask(question.params);
      if (taskId === undefined) return asks.put(question);
      const bare = { ...question, params: withRelatedTask(question.params, undefined) };
      const attended = attendance.asked(taskId, bare);
      if (attended !== undefined) return attended.open;
      const via = question
        .calls()
        .find(({ method, name }) => method === 'tasks/result' && name === taskId);
      const known = begun.get(taskId);
      const shownId = via === undefined ? known?.shownId : tasks.idOf(via, taskId);
      if (shownId === undefined) return asks.put(bare);
      const shown = { ...question, params: withRelatedTask(question.params, shownId) };
      if (via !== undefined) return asks.put({ ...shown, via });
      // Its session does not wait for the result, and is asked on its own stream.
      return asks.put({ ...shown, via: undefined, leasedTo: known?.owner, calls: () => [] });
    },
    hears(method, params) {
      const isOurs = method === 'notifications/tasks/status' || method === 'notifications/tasks';
      const { taskId } = params;
      if (!isOurs || typeof taskId !== 'string') return isOurs;
      if (isModern()) needs.news.told(taskId, params);
      else {
        const known = begun.get(taskId);
        if (known !== undefined)
          needs.tellSession(known.session, method, { ...params, taskId: known.shownId });
        if (isOver(params)) begun.forget(taskId);
      }
      return true;
    },
    tell,
    listenedTo() {
      if (!isModern()) tell(needs.news.wanted().keys());
    },
  };
}
