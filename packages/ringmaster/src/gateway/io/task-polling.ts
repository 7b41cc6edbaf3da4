import type { Cancel, Clock } from '../../clock.ts';
import { envelope, type Identity } from '../bridge.ts';
import { tasksExtension } from '../extensions.ts';
import { failure, isObject, type JsonObject, type Reply, readError, refused } from '../messages.ts';
import { relayedCapabilities } from '../owner.ts';
import { rpcCodes } from '../protocol.ts';
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

/**
 * Waits for the task a stateless server made of a call whose client keeps a session and knows no tasks: to that client
 * it is a call that takes long. True when the reply is such a task; the call then ends with the task, or at its
 * deadline, and a client that cancels it cancels the task.
 */
export function createTaskPolling(needs: {
  readonly calls: Calls;
  readonly clock: Clock;
  readonly identity: Identity;
  readonly conversation: () => Conversation;
  readonly unfold: Unfold;
  /** Keeps the process from being taken for idle, until the result is called. */
  readonly hold: () => () => void;
}): (call: Call, reply: Reply) => boolean {
  const { calls, clock } = needs;

  function ask({ caller }: Call, method: string, about: JsonObject): Promise<JsonObject> {
    const { protocolVersion = '' } = needs.conversation().negotiated ?? {};
    const own = relayedCapabilities(caller.owner.capabilities);
    const capabilities = { ...own, extensions: { [tasksExtension]: {} } };
    const _meta = envelope(protocolVersion, needs.identity, capabilities);
    return needs.conversation().ask(method, { ...about, _meta }, getTimeoutMs);
  }

  function wait(call: Call, taskId: string, task: JsonObject): void {
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
      if (!call.ended) answer(lost(call, error));
    };
    const look = (): void => {
      ask(call, 'tasks/get', { taskId }).then((seen) => {
        if (!call.ended) told(seen);
      }, orLost);
    };
    const told = (seen: JsonObject): void => {
      const outcome = outcomeOf(call, seen);
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
      // The server may have ended the task meanwhile; nobody waits for its word.
      ask(call, 'tasks/cancel', { taskId }).catch(() => {});
    };
    call.holder = {
      release: end,
      lateFailure: (one) => needs.conversation().lateFailure(one),
    };
    told(task);
  }

  return (call, reply) => {
    if (reply.kind === 'error' || call.caller.owner.era !== 'legacy') return false;
    const { resultType, taskId } = reply.result;
    if (resultType !== 'task' || typeof taskId !== 'string') return false;
    wait(call, taskId, reply.result);
    return true;
  };
}

/** What a task came to; undefined while it is under way. */
function outcomeOf(call: Call, task: JsonObject): Reply | undefined {
  switch (task['status']) {
    case 'completed':
      return isObject(task['result'])
        ? { kind: 'result', result: task['result'] }
        : failed(`Server "${call.server}" completed the call without a result`);
    case 'failed':
      return { kind: 'error', error: readError(task['error']) };
    case 'cancelled':
      return failed(`Server "${call.server}" cancelled the call`);
    default:
      return undefined;
  }
}

/** The questions of a task that have not been answered yet. */
function unanswered({ inputRequests }: JsonObject, answered: ReadonlySet<string>): JsonObject {
  if (!isObject(inputRequests)) return {};
  return Object.fromEntries(Object.entries(inputRequests).filter(([key]) => !answered.has(key)));
}

function failed(message: string): Reply {
  return refused(rpcCodes.internal, message);
}

function lost(call: Call, error: unknown): Reply {
  if (error instanceof RefusedByServer) return { kind: 'error', error: error.error };
  const why = error instanceof Error ? error.message : String(error);
  const what = `Server "${call.server}" lost the task of the call (${why}); the call may have executed`;
  return failure('call_lost', what, { server: call.server, mayHaveExecuted: true });
}

function pauseOf(task: JsonObject): number {
  const wanted = task['pollIntervalMs'];
  return typeof wanted === 'number' ? Math.min(pollMaxMs, Math.max(pollMinMs, wanted)) : pollMs;
}
