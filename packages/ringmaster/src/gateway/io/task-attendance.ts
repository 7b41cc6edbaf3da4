import { isAnswer } from '../asks.ts';
import { isObject, type JsonObject, type Reply, refused } from '../messages.ts';
import type { Owner } from '../owner.ts';
import { rpcCodes } from '../protocol.ts';
import { isOver, taskForStateless, withRelatedTask } from '../tasks.ts';
import type { OpenAsk } from './ask-book.ts';
import type { Asks } from './asks.ts';
import type { Call, Calls, Holder } from './calls.ts';
import type { Conversation } from './conversation.ts';
import { RefusedByServer } from './own-request.ts';
import type { Question } from './question.ts';
import { lostTask } from './task-polling.ts';

/** Tasks of one process that are followed at once; of any more nobody hears questions. */
const followedMax = 1_000;
/** Longest that a task is followed; one that takes longer is followed again when it is asked after. */
const followMs = 86_400_000;
/** Longest wait for a server's word about a task. */
const getTimeoutMs = 30_000;

/** A task of an older server that a stateless client has: what it asks waits here for the client to come by. */
interface Followed {
  owner: Owner;
  readonly questions: Map<string, Question & { readonly open: OpenAsk }>;
  askedCount: number;
}

/** Attends to the tasks of an older server for clients that cannot do it in its words (2025-11-25, tasks). */
export interface Attendance {
  /** Waits for what the task comes to, and for its questions; nothing when that is done already. */
  follow(taskId: string, owner: Owner): void;
  /** The call ends with the task, and is asked what the task asks; the client knows no tasks. */
  wait(call: Call, taskId: string): void;
  /** Answers `tasks/get` of the stateless era. */
  get(call: Call, taskId: string): void;
  /** Answers `tasks/update` of the stateless era. */
  update(call: Call, taskId: string): void;
  /** Answers `tasks/cancel` of the stateless era: one that is over is not cancelled, and that is no error. */
  cancel(call: Call, taskId: string): void;
  /** The task as it stands, with what it came to or what it asks, in the words of the stateless era. */
  look(taskId: string, owner: Owner): Promise<JsonObject>;
  /** Takes a question of this task; undefined when it is not one that is attended to. */
  asked(taskId: string, question: Question): { readonly open: OpenAsk | undefined } | undefined;
}

/** Prepares attendance of the tasks of one process; `onNews` hears when one may have changed. */
export function createAttendance(needs: {
  readonly calls: Calls;
  readonly asks: Asks;
  readonly conversation: () => Conversation;
  /** Keeps the process from being taken for idle, until the result is called. */
  readonly hold: () => () => void;
  readonly onNews: (taskId: string) => void;
}): Attendance {
  const { calls, asks } = needs;
  const followed = new Map<string, Followed>();
  const waiting = new Map<string, Call>();
  const ask: Conversation['ask'] = (...of) => needs.conversation().ask(...of);

  function answer(call: Call, reply: Reply): void {
    if (!call.ended) calls.answer(call, reply, undefined);
  }

  function failed(call: Call, error: unknown): void {
    answer(call, lostTask(call, error));
  }

  function follow(taskId: string, owner: Owner): void {
    const known = followed.get(taskId);
    if (known !== undefined) known.owner = owner;
    if (known !== undefined || followed.size >= followedMax) return;
    const one: Followed = { owner, questions: new Map(), askedCount: 0 };
    followed.set(taskId, one);
    const letGo = needs.hold();
    const over = (): void => {
      followed.delete(taskId);
      for (const { open } of [...one.questions.values()]) open.withdraw('its task has ended');
      letGo();
      needs.onNews(taskId);
    };
    // Whatever it came to, the server tells it again to whoever asks.
    ask('tasks/result', { taskId }, followMs).then(over, over);
  }

  async function look(taskId: string, owner: Owner): Promise<JsonObject> {
    const seen = await ask('tasks/get', { taskId }, getTimeoutMs);
    const task = taskForStateless({ ...seen, taskId });
    if (seen['status'] === 'cancelled') return task;
    if (isOver(seen)) {
      try {
        const result = await ask('tasks/result', { taskId }, getTimeoutMs);
        // A tool that failed has a result all the same; only errors of the protocol fail a task.
        return { ...task, status: 'completed', result: withRelatedTask(result, undefined) };
      } catch (error) {
        if (!(error instanceof RefusedByServer)) throw error;
        return { ...task, status: 'failed', error: error.error };
      }
    }
    follow(taskId, owner);
    const questions = [...(followed.get(taskId)?.questions ?? [])];
    if (questions.length === 0) return { ...task, status: 'working' };
    const inputRequests = questions.map(([key, { method, params }]) => [key, { method, params }]);
    return { ...task, status: 'input_required', inputRequests: Object.fromEntries(inputRequests) };
  }

  function putAside(taskId: string, one: Followed, question: Question): OpenAsk | undefined {
    const { method } = question;
    one.askedCount += 1;
    const key = `ask-${one.askedCount}`;
    const open = asks.putAside(question, one.owner, () => {
      one.questions.delete(key);
    });
    if (open === undefined) return undefined;
    one.questions.set(key, { ...question, method, open });
    needs.onNews(taskId);
    return open;
  }

  return {
    follow,
    wait(call, taskId) {
      const letGo = needs.hold();
      waiting.set(taskId, call);
      let ownId: number | undefined;
      const done = (reply: Reply): void => {
        waiting.delete(taskId);
        letGo();
        answer(call, reply);
      };
      call.holder = {
        release() {
          waiting.delete(taskId);
          letGo();
          if (ownId !== undefined) needs.conversation().forget(ownId);
          // The server may have ended the task meanwhile; nobody waits for its word.
          ask('tasks/cancel', { taskId }, getTimeoutMs).catch(() => {});
        },
        lateFailure: (one) => needs.conversation().lateFailure(one),
      };
      const onSent = (id: number): void => {
        ownId = id;
      };
      ask('tasks/result', { taskId }, followMs, onSent).then(
        (result) => done({ kind: 'result', result: withRelatedTask(result, undefined) }),
        (error: unknown) => done(lostTask(call, error)),
      );
    },
    get(call, taskId) {
      call.holder = ownWork(needs.conversation);
      look(taskId, call.caller.owner).then(
        (result) => answer(call, { kind: 'result', result }),
        (error: unknown) => failed(call, error),
      );
    },
    look,
    cancel(call, taskId) {
      call.holder = ownWork(needs.conversation);
      ask('tasks/cancel', { taskId }, getTimeoutMs)
        .catch(() => ask('tasks/get', { taskId }, getTimeoutMs))
        .then(
          () => answer(call, { kind: 'result', result: {} }),
          (error: unknown) => failed(call, error),
        );
    },
    update(call, taskId) {
      const { inputResponses } = call.params;
      const given = isObject(inputResponses) ? inputResponses : {};
      const questions = followed.get(taskId)?.questions ?? new Map<string, never>();
      const answered = [...questions].filter(([key]) => given[key] !== undefined);
      const wrong = answered.find(([key, { method }]) => !isAnswer(method, given[key]));
      if (wrong !== undefined) {
        const what = `inputResponses["${wrong[0]}"] is no answer to ${wrong[1].method}`;
        answer(call, refused(rpcCodes.invalidParams, what));
        return;
      }
      for (const [key, { open }] of answered) {
        open.answer({ kind: 'result', result: given[key] as JsonObject });
      }
      answer(call, { kind: 'result', result: {} });
    },
    asked(taskId, question) {
      const call = waiting.get(taskId);
      if (call !== undefined) return { open: asks.put({ ...question, via: call }) };
      const one = followed.get(taskId);
      return one === undefined ? undefined : { open: putAside(taskId, one, question) };
    },
  };
}

/** Holds a call whose answer we put together ourselves of requests of our own. */
export function ownWork(conversation: () => Conversation): Holder {
  return { release() {}, lateFailure: (call) => conversation().lateFailure(call) };
}
