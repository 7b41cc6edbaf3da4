import type { Cancel, Clock } from '../../clock.ts';
import { envelope, type Identity } from '../bridge.ts';
import { tasksExtension } from '../extensions.ts';
import { failure, isObject, type JsonObject, type Reply, readError, refused } from '../messages.ts';
import { relayedCapabilities } from '../owner.ts';
import { rpcCodes } from '../protocol.ts';
import { withRelatedTask } from '../tasks.ts';
import type { Call, Calls } from './calls.ts';
import type { Conversation } from './conversation.ts';
import { RefusedByServer } from './own-request.ts';
import type { Unfold } from './unfolding.ts';

/** How often a task is looked at whose server does not say, and the bounds of what it may say. */
const pollMs = 1_000;
const pollMinMs = 50;
const pollMaxMs = 30_000;
/** Longest wait for a server's word about a task. */
const getTimeoutMs = 30_000;

/** Waits for tasks of a stateless server in the place of clients that keep a session. */
export interface TaskPolling {
  /**
   * True when the reply is a task: to a session that did not ask for one it is a call that takes long. The call then
   * ends with the task, or at its deadline, and a client that cancels it cancels the task.
   */
  takes(call: Call, result: JsonObject): boolean;
  /** Ends the call, which asks for the result of this task, with that; cancelling it leaves the task alone. */
  waitFor(call: Call, taskId: string): void;
}

/** Prepares to ask one process again and again; what its tasks ask is put to the client that waits. */
export function createTaskPolling(needs: {
  readonly calls: Calls;
  readonly clock: Clock;
  readonly identity: Identity;
  readonly conversation: () => Conversation;
  readonly unfold: Unfold;
  /** Keeps the process from being taken for idle, until the result is called. */
  readonly hold: () => () => void;
}): TaskPolling {
  const { calls, clock } = needs;

  function ask({ caller }: Call, method: string, about: JsonObject): Promise<JsonObject> {
    const { protocolVersion = '' } = needs.conversation().negotiated ?? {};
    const own = relayedCapabilities(caller.owner.capabilities);
    const capabilities = { ...own, extensions: { [tasksExtension]: {} } };
    const _meta = envelope(protocolVersion, needs.identity, capabilities);
    return needs.conversation().ask(method, { ...about, _meta }, getTimeoutMs);
  }

  function wait(call: Call, taskId: string, task: JsonObject | undefined): void {
    let cancelTimer: Cancel | undefined;
    const letGo = needs.hold();
    let isOver = false;
    const answer = (reply: Reply): void => {
      isOver = true;
      letGo();
      calls.answer(call, reply, undefined);
    };
    /** Questions that were answered; a server may show them until it has looked at the answers. */
    const answered = new Set<string>();
    const orLost = (error: unknown): void => {
      if (!call.ended) answer(lostTask(call, error));
    };
    const look = (): void => {
      ask(call, 'tasks/get', { taskId }).then((seen) => {
        if (!call.ended) told(seen);
      }, orLost);
    };
    const told = (seen: JsonObject): void => {
      const outcome = outcomeOf(call, taskId, seen);
      const inputRequests = seen['status'] === 'input_required' ? unanswered(seen, answered) : {};
      if (outcome !== undefined) answer(outcome);
      else if (Object.keys(inputRequests).length > 0) putQuestions(inputRequests);
      else cancelTimer = clock.after(pauseOf(seen), look);
    };
    const putQuestions = (inputRequests: JsonObject): void => {
      for (const key of Object.keys(inputRequests)) answered.add(key);
      needs.unfold(call, { inputRequests }, (inputResponses) => {
        ask(call, 'tasks/update', { taskId, inputResponses }).then(() => {
          if (!call.ended) look();
        }, orLost);
      });
      // The client cannot be asked, or goes away meanwhile, and the call ends with that.
      if (call.ended) end();
      else if (call.talk !== undefined) call.talk.onEnded = end;
    };
    const end = (): void => {
      if (isOver) return;
      isOver = true;
      cancelTimer?.();
      letGo();
      // Whoever only asked for the result may ask again.
      if (task === undefined) return;
      // The server may have ended the task meanwhile; nobody waits for its word.
      ask(call, 'tasks/cancel', { taskId }).catch(() => {});
    };
    call.holder = {
      release: end,
      lateFailure: (one) => needs.conversation().lateFailure(one),
    };
    if (task === undefined) look();
    else told(task);
  }

  return {
    takes(call, result) {
      const { resultType, taskId } = result;
      if (resultType !== 'task' || typeof taskId !== 'string') return false;
      wait(call, taskId, result);
      return true;
    },
    waitFor: (call, taskId) => wait(call, taskId, undefined),
  };
}

/** What a task came to; undefined while it is under way. */
function outcomeOf(call: Call, taskId: string, task: JsonObject): Reply | undefined {
  switch (task['status']) {
    case 'completed':
      return isObject(task['result'])
        ? { kind: 'result', result: resultOf(call, taskId, task['result']) }
        : failed(`Server "${call.server}" completed the call without a result`);
    case 'failed':
      return { kind: 'error', error: readError(task['error']) };
    case 'cancelled':
      return failed(`Server "${call.server}" cancelled the call`);
    default:
      return undefined;
  }
}

/** The result; whoever asks for a task's is told whose it is. */
function resultOf({ method }: Call, taskId: string, result: JsonObject): JsonObject {
  return method === 'tasks/result' ? withRelatedTask(result, taskId) : result;
}

/** The questions of a task that have not been answered yet. */
function unanswered({ inputRequests }: JsonObject, answered: ReadonlySet<string>): JsonObject {
  if (!isObject(inputRequests)) return {};
  return Object.fromEntries(Object.entries(inputRequests).filter(([key]) => !answered.has(key)));
}

function failed(message: string): Reply {
  return refused(rpcCodes.internal, message);
}

/** What the caller hears when the server tells nothing of its task any more. */
export function lostTask(call: Call, error: unknown): Reply {
  if (error instanceof RefusedByServer) return { kind: 'error', error: error.error };
  const why = error instanceof Error ? error.message : String(error);
  const what = `Server "${call.server}" lost the task of the call (${why}); the call may have executed`;
  return failure('call_lost', what, { server: call.server, mayHaveExecuted: true });
}

function pauseOf(task: JsonObject): number {
  const wanted = task['pollIntervalMs'];
  return typeof wanted === 'number' ? Math.min(pollMaxMs, Math.max(pollMinMs, wanted)) : pollMs;
}
