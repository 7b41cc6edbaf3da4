import type { Cancel, Clock } from '../../clock.ts';
import type { Append } from '../../journal/events.ts';
import { type AskMethod, askForModern, isAnswer, keyOf } from '../asks.ts';
import type { Continuation } from '../continuation.ts';
import { expired } from '../continuation.ts';
import { isObject, type JsonObject, type Reply, type RequestId, refused } from '../messages.ts';
import type { Owner } from '../owner.ts';
import { rpcCodes } from '../protocol.ts';
import type { AskBook, AskLimits, AskOutcome, OpenAsk } from './ask-book.ts';
import type { Call, Caller, Calls } from './calls.ts';

/** Questions that come within this of the first go out in one round. */
const gatherMs = 20;

/** A call that waits at its server while its stateless client is away to answer questions. */
interface Parked {
  readonly id: string;
  readonly call: Call;
  /** Rises with each time the client comes back: a state counts once. */
  round: number;
  /** The questions of this round, by key; those that are answered or over are gone. */
  readonly told: Map<string, Question>;
  /** Those of the next round. */
  readonly untold: Map<string, Question>;
  isAway: boolean;
  /** Since when it was away last. */
  awayTickMs: number;
  /** What the call came to while the client was away. */
  outcome: { readonly reply: Reply; readonly line: string | undefined } | undefined;
  /** Only the newest counts. */
  progress: JsonObject | undefined;
  cancelTimer: Cancel;
}

interface Question {
  readonly open: OpenAsk;
  readonly method: AskMethod;
  readonly params: JsonObject;
}

/** Parks calls of servers with a handshake that ask something of a stateless client. */
export interface Parking {
  /** Puts one more question of a call; the result takes it back, and a text says why there is no room. */
  put(
    call: Call,
    ask: { readonly method: AskMethod; readonly params: JsonObject; readonly limitMs: number },
    onEnd: (reply: Reply, outcome: AskOutcome) => void,
  ): OpenAsk | string;
  /** The client is back: its answers go to the server, and the call goes on for this caller. */
  resume(
    continuation: Extract<Continuation, { kind: 'parked' }>,
    params: JsonObject,
    caller: Caller,
    onCall: (call: Call) => void,
  ): Reply | undefined;
  /** Ends the oldest call at a server whose client is away, and is this one. */
  giveWay(server: string, owner: Owner): void;
}

/** The parked calls; each holds its place at the server until it ends, or its client stays away too long. */
export function createParking(needs: {
  readonly clock: Clock;
  readonly append: Append;
  readonly calls: Calls;
  readonly book: AskBook;
  readonly limits: () => AskLimits;
  readonly newId: () => string;
  readonly sealed: (continuation: Continuation) => string;
}): Parking {
  const { clock, calls, book, limits } = needs;
  const byId = new Map<string, Parked>();
  const byCall = new Map<Call, Parked>();

  function park(call: Call): Parked | string {
    const known = byCall.get(call);
    if (known !== undefined) return known;
    const { max } = limits();
    if (byId.size >= max) return `${byId.size} calls are parked already`;
    const parked: Parked = {
      ...{
        id: needs.newId(),
        call,
        round: 1,
        isAway: false,
        awayTickMs: 0,
        told: new Map(),
        untold: new Map(),
      },
      ...{ outcome: undefined, progress: undefined, cancelTimer: () => {} },
    };
    byId.set(parked.id, parked);
    byCall.set(call, parked);
    book.talkOf(call).onEnded = () => {
      if (!parked.isAway) forget(parked);
    };
    return parked;
  }

  function forget(parked: Parked): void {
    parked.cancelTimer();
    byId.delete(parked.id);
    byCall.delete(parked.call);
  }

  function gather(parked: Parked, waitMs: number): void {
    parked.cancelTimer();
    parked.cancelTimer = clock.after(waitMs, () => handOut(parked));
  }

  function handOut(parked: Parked): void {
    const { call, told, untold } = parked;
    if (call.ended) forget(parked);
    if (call.ended || untold.size === 0) return;
    for (const [key, question] of untold) told.set(key, question);
    untold.clear();
    const inputRequests = Object.fromEntries(
      [...told].map(([key, { method, params }]) => [key, requestOf(method, params)]),
    );
    const { caller } = call;
    const nowMs = clock.nowMs();
    const awayMs = limits().timeoutMs;
    const requestState = needs.sealed({
      ...{ kind: 'parked', id: parked.id, round: parked.round },
      ...{ owner: caller.owner.key, digest: caller.digest() },
      ...{ askedAtMs: nowMs, untilMs: nowMs + awayMs },
    });
    parked.isAway = true;
    parked.awayTickMs = clock.tickMs();
    call.caller = placeholder(parked, caller);
    parked.cancelTimer = clock.after(awayMs, () => late(parked, awayMs));
    caller.interim({ resultType: 'input_required', inputRequests, requestState });
  }

  /** Stands for the client while it is away. */
  function placeholder(parked: Parked, gone: Caller): Caller {
    return {
      ...{ owner: gone.owner, client: gone.client, id: gone.id, reach: 'rounds' },
      digest: gone.digest,
      reply(_call, reply, line) {
        parked.outcome = { reply, line };
      },
      progress(_call, params) {
        parked.progress = params;
      },
      log() {},
      ask: () => undefined,
      interim() {},
      cancelled: () => forget(parked),
    };
  }

  function late(parked: Parked, awayMs: number): void {
    const what = parked.call.ended ? 'for the result' : 'with its answers';
    giveUp(parked, awayMs, `the client did not come back ${what}`);
  }

  function giveUp(parked: Parked, afterMs: number, why: string): void {
    const { call } = parked;
    forget(parked);
    const { name } = call;
    const { client } = call.caller;
    needs.append({
      ...{ atMs: clock.nowMs(), kind: 'ask.abandoned', subject: call.server },
      ...(name === undefined ? {} : { name }),
      ...(client === undefined ? {} : { client }),
      ...{ afterMs, why },
    });
    if (!call.ended) calls.cancel(call, `${why} within ${afterMs} ms`);
  }

  function attach(parked: Parked, caller: Caller, params: JsonObject): void {
    const { call } = parked;
    call.caller = caller;
    parked.isAway = false;
    const meta = isObject(params['_meta']) ? params['_meta'] : {};
    call.progressToken = (meta['progressToken'] as RequestId | undefined) ?? undefined;
    if (parked.progress !== undefined && call.progressToken !== undefined) {
      caller.progress(call, parked.progress);
    }
    parked.progress = undefined;
  }

  return {
    put(call, { method, params, limitMs }, onEnd) {
      const parked = park(call);
      if (typeof parked === 'string') return parked;
      const wanted = keyOf(params);
      const isFree = wanted !== undefined && !parked.told.has(wanted) && !parked.untold.has(wanted);
      const key = isFree ? wanted : `ask-${book.talkOf(call).askedCount + 1}`;
      const open = book.open({
        ...{ server: call.server, method, how: 'parked', call, owner: call.caller.owner, limitMs },
        onEnd(reply, outcome) {
          parked.told.delete(key);
          parked.untold.delete(key);
          onEnd(reply, outcome);
        },
      });
      if (typeof open === 'string') return open;
      parked.untold.set(key, { open, method, params: askForModern(params) });
      if (!parked.isAway && parked.untold.size === 1) gather(parked, gatherMs);
      return open;
    },
    resume(continuation, params, caller, onCall) {
      const parked = byId.get(continuation.id);
      if (parked === undefined) return refused(rpcCodes.invalidParams, expired);
      if (parked.round !== continuation.round || !parked.isAway) {
        return refused(rpcCodes.invalidParams, 'The requestState was used already');
      }
      const responses = isObject(params['inputResponses']) ? params['inputResponses'] : {};
      const answered = [...parked.told].filter(([key]) => responses[key] !== undefined);
      const wrong = answered.find(([key, { method }]) => !isAnswer(method, responses[key]));
      if (wrong !== undefined) {
        const message = `inputResponses["${wrong[0]}"] is no answer to ${wrong[1].method}`;
        return refused(rpcCodes.invalidParams, message);
      }
      parked.round += 1;
      parked.cancelTimer();
      attach(parked, caller, params);
      if (parked.outcome !== undefined) {
        forget(parked);
        caller.reply(parked.call, parked.outcome.reply, parked.outcome.line);
        return undefined;
      }
      onCall(parked.call);
      for (const [key, { open }] of answered) {
        open.answer({ kind: 'result', result: responses[key] as JsonObject });
      }
      for (const [key, question] of parked.told) parked.untold.set(key, question);
      parked.told.clear();
      if (parked.untold.size > 0) gather(parked, gatherMs);
      return undefined;
    },
    giveWay(server, owner) {
      for (const parked of byId.values()) {
        const { call, isAway, awayTickMs } = parked;
        if (!isAway || call.ended || call.server !== server) continue;
        if (call.caller.owner.key !== owner.key) continue;
        const afterMs = Math.round(clock.tickMs() - awayTickMs);
        giveUp(
          parked,
          afterMs,
          'another call needed the process, and the client had not come back',
        );
        return;
      }
    },
  };
}

function requestOf(method: AskMethod, params: JsonObject): JsonObject {
  return Object.keys(params).length === 0 ? { method } : { method, params };
}
