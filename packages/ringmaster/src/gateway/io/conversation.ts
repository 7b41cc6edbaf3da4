import type { Clock } from '../../clock.ts';
import { Problem } from '../../errors.ts';
import type { ConversationTarget, Negotiated } from '../../supervisor/conversation.ts';
import { type Identity, paramsForServer } from '../bridge.ts';
import { writeExact } from '../exact-numbers.ts';
import { extensionsFor } from '../extensions.ts';
import { levelFor } from '../log-levels.ts';
import {
  emptyReply,
  type Failure,
  failure,
  isObject,
  isRequestId,
  type JsonObject,
  notificationText,
  ownIdOf,
  readJson,
  readReply,
  requestText,
  writeJson,
} from '../messages.ts';
import { type Owner, relayedCapabilities } from '../owner.ts';
import { createSlots } from '../slots.ts';
import type { TraceRules } from '../trace.ts';
import type { Asks } from './asks.ts';
import type { Call, Calls, Holder } from './calls.ts';
import { type Dropped, dropGarbage } from './dropped.ts';
import { lateFailure, lostFailure } from './failures.ts';
import { asProblem, type OwnRequest, settling, unanswered } from './own-request.ts';
import { createQuestions } from './questions.ts';
import type { Wire } from './wire.ts';

/** A live MCP conversation with one process or URL: our ids, their replies, and nobody else's. */
export interface Conversation extends Holder {
  readonly generation: number;
  negotiated: Negotiated | undefined;
  send(call: Call): void;
  /** A request of our own; rejects with a Problem, or with `RefusedByServer` when the server answers with an error. */
  ask(
    method: string,
    params: JsonObject | undefined,
    timeoutMs: number,
    onSent?: (id: number) => void,
  ): Promise<JsonObject>;
  /** Takes back a request of our own, and tells the server so. */
  forget(id: number): void;
  notify(method: string, params?: JsonObject): void;
  /** One message from the server as text; `via` is the request on whose own stream it came. */
  receive(line: string, via?: number): void;
  /** A request that can have no reply any more: its transport failed. */
  failed(id: number, why: Failure): void;
  /** Takes over a call that an earlier life of the daemon sent to this very process, under the id it has there. */
  inherit(call: Call, upstreamId: number): void;
  /** Takes calls back that the server never read; they may be sent again elsewhere. */
  takeBack(ids: readonly number[]): Call[];
  /** Ends everything in flight with this reason. */
  lose(reason: string): void;
  inFlight(): number;
  /** The calls in flight, newest first. */
  calls(): readonly Call[];
  /** Calls back when nothing is in flight, at once or later; once. */
  whenQuiet(then: () => void): void;
  /** It has answered a call since the last health probe: better proof of life than another. */
  answered: boolean;
  /** Bytes the server has not read yet, as of the last message sent. */
  waitingBytes(): number;
  /** Messages that could not be used: not JSON, nobody's reply, a request we refuse. */
  readonly dropped: Dropped;
}

/** Starts a conversation over a wire; `onNotification` hears what belongs to no call. */
export function createConversation(needs: {
  readonly target: ConversationTarget;
  readonly calls: Calls;
  readonly asks: Asks;
  /** Whose the connection is, when it is one client's. */
  readonly owner: () => Owner | undefined;
  readonly clock: Clock;
  readonly identity: Identity;
  readonly trace: TraceRules;
  readonly wire: () => Wire;
  readonly onNotification: (method: string, params: JsonObject, via?: number) => void;
  /** Nothing is in flight any more. */
  readonly onQuiet: () => void;
}): Conversation {
  const { target, calls, asks, clock, identity } = needs;
  const { server, launchHash, generation } = target;
  const pending = createSlots<Call | OwnRequest>(target.firstRequestId);
  const dropped: Dropped = { garbage: 0, strays: 0, refused: 0 };
  let callCount = 0;
  let waitingBytes = 0;
  let lostReason: string | undefined;
  let onQuiet: (() => void) | undefined;
  const questions = createQuestions({
    ...{ server, launchHash, asks, owner: needs.owner },
    calls: () => newestFirst(pending.all()),
    send: (text) => void needs.wire().send({ text, id: undefined, method: '', name: undefined }),
  });

  function take(id: unknown): Call | OwnRequest | undefined {
    const own = ownIdOf(id);
    const found = own === undefined ? undefined : pending.take(own);
    if (found?.kind === 'call') callCount -= 1;
    if (found?.kind === 'call' && callCount === 0) becameQuiet();
    return found;
  }

  function becameQuiet(): void {
    onQuiet?.();
    onQuiet = undefined;
    needs.onQuiet();
  }

  function receiveMessage(message: unknown, line: string | undefined, via?: number): void {
    if (Array.isArray(message)) {
      for (const one of message) receiveMessage(one, undefined, via);
      return;
    }
    if (!isObject(message)) return dropGarbage(dropped, line);
    const method = message['method'];
    if (typeof method !== 'string') receiveReply(message, line);
    else if (message['id'] === undefined) receiveNotification(method, message['params'], via);
    else receiveRequest(message['id'], method, message['params'], via);
  }

  function receiveReply(message: JsonObject, line: string | undefined): void {
    const read = readReply(message);
    const found = take(message['id']);
    if (found === undefined) {
      dropped[read === undefined ? 'garbage' : 'strays'] += 1;
      return;
    }
    needs.wire().settled?.(found.upstreamId);
    // The request is answered for the server, however wrong: nothing else will come.
    const { reply, isWellFormed } = read ?? emptyReply;
    if (found.kind === 'ask') found.settle(reply);
    else {
      conversation.answered = true;
      const turned = asks.turn(found, reply, conversation.negotiated?.era ?? 'legacy');
      if (turned === undefined) return;
      calls.answer(found, turned, isWellFormed && turned === reply ? line : undefined);
    }
  }

  function receiveNotification(method: string, params: unknown, via?: number): void {
    const given = isObject(params) ? params : {};
    if (method === 'notifications/cancelled') questions.cancelled(given['requestId']);
    if (method !== 'notifications/progress') return needs.onNotification(method, given, via);
    const token = ownIdOf(given['progressToken']);
    const found = token === undefined ? undefined : pending.get(token);
    if (found?.kind === 'call' && found.progressToken !== undefined) {
      found.caller.progress(found, given);
    } else dropped.strays += 1;
  }

  function receiveRequest(id: unknown, method: string, params: unknown, via?: number): void {
    if (!isRequestId(id)) {
      dropped.garbage += 1;
      return;
    }
    const found = via === undefined ? undefined : pending.get(via);
    const call = found?.kind === 'call' ? found : undefined;
    if (!questions.receive(id, method, isObject(params) ? params : {}, call)) dropped.refused += 1;
  }

  const conversation: Conversation = {
    generation,
    place: { index: target.index, generation },
    negotiated: undefined,
    answered: false,
    dropped,
    send(call) {
      const id = pending.nextId();
      const { negotiated } = conversation;
      const params = sentParams(call, id, { negotiated, identity, trace: needs.trace });
      const written = writeExact(params);
      if (written === undefined) {
        calls.fail(call, 'error', failure('bad_request', 'The params are nested too deeply'));
        return;
      }
      call.upstreamId = id;
      call.holder = conversation;
      pending.put(call);
      callCount += 1;
      if (call.isLong) call.caller.lingers?.();
      const text = requestText(id, call.method, written);
      waitingBytes = needs.wire().send({ text, id, method: call.method, name: call.name, params });
    },
    ask(method, params, timeoutMs, onSent) {
      if (lostReason !== undefined) {
        return Promise.reject(new Problem('conversation_failed', lostReason));
      }
      const id = pending.nextId();
      return new Promise((resolve, reject) => {
        const cancelTimer = clock.after(timeoutMs, () => {
          take(id);
          needs.wire().abort(id);
          reject(unanswered(server, method, timeoutMs));
        });
        const settle = settling({ resolve, reject, cancelTimer });
        pending.put({ kind: 'ask', upstreamId: id, settle });
        onSent?.(id);
        const text = requestText(id, method, writeJson(params));
        needs.wire().send({ text, id, method, name: undefined, params });
      });
    },
    forget(id) {
      const found = take(id);
      if (found?.kind !== 'ask') return;
      const wasClosed = needs.wire().abort(id);
      if (!wasClosed) conversation.notify('notifications/cancelled', { requestId: id });
      found.settle(new Problem('conversation_failed', 'Nobody waits for this reply any more'));
    },
    notify(method, params) {
      const text = notificationText(method, params);
      needs.wire().send({ text, id: undefined, method, name: undefined });
    },
    receive(line, via) {
      waitingBytes = 0;
      const isTooLong = line.length > target.limits.maxMessageBytes;
      receiveMessage(isTooLong ? undefined : readJson(line), line, via);
    },
    failed(id, why) {
      const found = take(id);
      if (found?.kind === 'call') calls.fail(found, 'lost', why);
      else found?.settle(asProblem(why));
    },
    inherit(call, upstreamId) {
      call.upstreamId = upstreamId;
      call.holder = conversation;
      pending.putEarly(call);
      callCount += 1;
    },
    takeBack: (ids) =>
      ids.flatMap((id) => {
        const found = pending.get(id);
        return found?.kind === 'call' && take(id) !== undefined ? [found] : [];
      }),
    lose(reason) {
      lostReason = reason;
      questions.lose(reason);
      const ended = pending.all();
      pending.clear();
      callCount = 0;
      for (const one of ended) {
        if (one.kind === 'call') calls.fail(one, 'lost', lostFailure(server, reason));
        else one.settle(new Problem('conversation_failed', reason));
      }
      becameQuiet();
    },
    release(call, why) {
      if (take(call.upstreamId) === undefined || needs.wire().abort(call.upstreamId)) return;
      conversation.notify('notifications/cancelled', { requestId: call.upstreamId, reason: why });
    },
    lateFailure: (call) => lateFailure(server, call),
    inFlight: () => callCount,
    calls: () => newestFirst(pending.all()),
    whenQuiet(then) {
      onQuiet = then;
      if (callCount === 0) becameQuiet();
    },
    waitingBytes: () => waitingBytes,
  };
  return conversation;
}

function sentParams(
  { params, method, progressToken, caller }: Call,
  id: number,
  how: Pick<Conversation, 'negotiated'> & {
    readonly identity: Identity;
    readonly trace: TraceRules;
  },
): JsonObject {
  // Field by field, as it is done for every call.
  return paramsForServer(params, {
    method,
    era: how.negotiated?.era ?? 'legacy',
    protocolVersion: how.negotiated?.protocolVersion ?? '',
    progressToken: progressToken === undefined ? undefined : id,
    identity: how.identity,
    trace: how.trace,
    logLevel: levelFor(caller.owner),
    capabilities() {
      const extensions = extensionsFor(method, caller.owner, how.negotiated?.result);
      return {
        // A server may ask nothing of a client there is no way to.
        ...(caller.reach === 'none' ? {} : relayedCapabilities(caller.owner.capabilities)),
        ...(extensions === undefined ? {} : { extensions }),
      };
    },
  });
}

function newestFirst(pending: readonly (Call | OwnRequest)[]): Call[] {
  return pending
    .flatMap((one) => (one.kind === 'call' ? [one] : []))
    .sort((left, right) => right.upstreamId - left.upstreamId);
}
