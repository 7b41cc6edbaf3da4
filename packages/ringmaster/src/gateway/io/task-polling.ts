import type { Cancel, Clock } from '../../clock.ts';
import { envelope, type Identity } from '../bridge.ts';
import { tasksExtension } from '../extensions.ts';
import { failure, isObject, type JsonObject, type Reply, readError, refused } from '../messages.ts';
import { rpcCodes } from '../protocol.ts';
import type { Call, Calls } from './calls.ts';
import type { Conversation } from './conversation.ts';
import { RefusedByServer } from './own-request.ts';

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
}): (call: Call, reply: Reply) => boolean {
  const { calls, clock } = needs;

  function ask(method: string, taskId: string): Promise<JsonObject> {
    const { protocolVersion = '' } = needs.conversation().negotiated ?? {};
    const capabilities = { extensions: { [tasksExtension]: {} } };
    const _meta = envelope(protocolVersion, needs.identity, capabilities);
    return needs.conversation().ask(method, { taskId, _meta }, getTimeoutMs);
  }

  function wait(call: Call, taskId: string, task: JsonObject): void {
    let cancelTimer: Cancel | undefined;
    const look = (): void => {
      ask('tasks/get', taskId).then(
        (seen) => (call.ended ? undefined : told(seen)),
        (error: unknown) =>
          call.ended ? undefined : calls.answer(call, lost(call, error), undefined),
      );
    };
    const told = (seen: JsonObject): void => {
      const outcome = outcomeOf(call, seen);
      if (outcome === undefined) cancelTimer = clock.after(pauseOf(seen), look);
      else {
        if (seen['status'] === 'input_required') end();
        calls.answer(call, outcome, undefined);
      }
    };
    const end = (): void => {
      cancelTimer?.();
      // The server may have ended the task meanwhile; nobody waits for its word.
      ask('tasks/cancel', taskId).catch(() => {});
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
    case 'input_required': {
      const text = `Server "${call.server}" asked for input during a task, which this client cannot be given`;
      return { kind: 'result', result: { content: [{ type: 'text', text }], isError: true } };
    }
    default:
      return undefined;
  }
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
