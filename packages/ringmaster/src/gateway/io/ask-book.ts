import type { Clock } from '../../clock.ts';
import type { Append } from '../../journal/events.ts';
import { type AskMethod, isDeclined, type Talk, unanswered } from '../asks.ts';
import type { Reply } from '../messages.ts';
import type { Owner } from '../owner.ts';
import type { Call, Calls } from './calls.ts';

/** How many questions may be open, and how long a person may think; from the fleet file. */
export interface AskLimits {
  readonly timeoutMs: number;
  readonly max: number;
  readonly maxPerClient: number;
}

/** Which way a question takes. */
export type AskWay = 'forwarded' | 'parked' | 'unfolded' | 'relayed' | 'nobody';

/** How a question ended. */
export type AskOutcome = 'answered' | 'declined' | 'expired' | 'refused' | 'withdrawn' | 'lost';

/** What the records say of a question. */
export interface AskLabel {
  readonly server: string;
  readonly method: AskMethod;
  readonly how: AskWay;
  /** Undefined outside a call. */
  readonly call: Call | undefined;
  /** Undefined when it is nobody's. */
  readonly owner: Owner | undefined;
}

/** A question that waits for its answer; it ends once, by whatever comes first. */
export interface OpenAsk {
  readonly method: AskMethod;
  answer(reply: Reply): void;
  /** Nobody waits for the answer any more. */
  withdraw(why: string): void;
}

/** The open questions of all calls: every one has a limit, and its beginning and end are in the journal. */
export interface AskBook {
  /** Opens a question, and stops the clock of its call; a text says why there is no room for it. */
  open(
    of: AskLabel & {
      readonly owner: Owner;
      readonly limitMs: number;
      /** Puts it to the client; the result takes it back, and is undefined when the client cannot be reached. */
      readonly put?: (
        answer: (reply: Reply) => void,
        lost: (why: string) => void,
      ) => ((why: string) => void) | undefined;
      /** Hears the end, with what the server is to hear. */
      readonly onEnd: (reply: Reply, outcome: AskOutcome, why: string | undefined) => void;
    },
  ): OpenAsk | string;
  /** Notes a question that was answered or refused without asking anybody. */
  note(of: AskLabel, outcome: AskOutcome, why: string | undefined, tookMs?: number): void;
  asked(of: AskLabel): void;
  talkOf(call: Call): Talk;
}

/** Prepares the book; it is empty again when no question is open. */
export function createAskBook(needs: {
  readonly clock: Clock;
  readonly append: Append;
  readonly calls: Calls;
  readonly limits: () => AskLimits;
}): AskBook {
  const { clock, append, calls } = needs;
  const openByCall = new Map<Call, Set<OpenAsk>>();
  const countByOwner = new Map<string, number>();
  let count = 0;

  function note(of: AskLabel, outcome: AskOutcome, why: string | undefined, tookMs = 0): void {
    const more = why === undefined ? {} : { why: why.slice(0, whyMax) };
    append({
      ...{ atMs: clock.nowMs(), kind: 'ask.finished', ...fieldsOf(of) },
      ...{ outcome, tookMs, ...more },
    });
  }

  function asked(of: AskLabel): void {
    append({ atMs: clock.nowMs(), kind: 'ask.asked', ...fieldsOf(of) });
  }

  function talkOf(call: Call): Talk {
    call.talk ??= {
      missing: new Set(),
      notes: [],
      askedCount: 0,
      roundCount: 0,
      onEnded: undefined,
      callEnded() {
        for (const ask of [...(openByCall.get(call) ?? [])]) ask.withdraw('the call has ended');
        call.talk?.onEnded?.();
      },
    };
    return call.talk;
  }

  function enter(ask: OpenAsk, call: Call | undefined, owner: Owner): void {
    count += 1;
    countByOwner.set(owner.key, (countByOwner.get(owner.key) ?? 0) + 1);
    if (call === undefined) return;
    const others = openByCall.get(call) ?? new Set();
    openByCall.set(call, others.add(ask));
    talkOf(call).askedCount += 1;
    calls.pause(call);
  }

  function leave(ask: OpenAsk, call: Call | undefined, owner: Owner): void {
    count -= 1;
    const left = (countByOwner.get(owner.key) ?? 1) - 1;
    if (left > 0) countByOwner.set(owner.key, left);
    else countByOwner.delete(owner.key);
    if (call === undefined) return;
    const others = openByCall.get(call);
    others?.delete(ask);
    if (others === undefined || others.size > 0) return;
    openByCall.delete(call);
    calls.resume(call);
  }

  function noRoom(call: Call | undefined, owner: Owner): string | undefined {
    const { max, maxPerClient } = needs.limits();
    if (count >= max) return `${count} questions of servers wait for answers already`;
    const own = countByOwner.get(owner.key) ?? 0;
    if (own >= maxPerClient) return `${own} questions wait for this client already`;
    const askedCount = call?.talk?.askedCount ?? 0;
    return askedCount >= perCallMax ? `the call has asked ${askedCount} questions` : undefined;
  }

  return {
    open(of) {
      const { call, owner, method, limitMs } = of;
      const full = noRoom(call, owner);
      if (full !== undefined) return full;
      const startedTickMs = clock.tickMs();
      let takeBack: ((why: string) => void) | undefined;
      let isOpen = true;
      const end = (outcome: AskOutcome, reply: Reply, why: string | undefined): void => {
        if (!isOpen) return;
        isOpen = false;
        cancelTimer();
        leave(ask, call, owner);
        note(of, outcome, why, Math.round(clock.tickMs() - startedTickMs));
        if (outcome !== 'answered' && outcome !== 'declined') takeBack?.(why ?? outcome);
        of.onEnd(reply, outcome, why);
      };
      const fail = (outcome: AskOutcome, why: string): void =>
        end(outcome, unanswered(method, why), why);
      const cancelTimer = clock.after(limitMs, () =>
        fail('expired', `nobody answered within ${limitMs} ms`),
      );
      const ask: OpenAsk = {
        method,
        answer: (reply) => end(isDeclined(reply) ? 'declined' : 'answered', reply, undefined),
        withdraw: (why) => fail('withdrawn', why),
      };
      enter(ask, call, owner);
      asked(of);
      if (of.put !== undefined) {
        takeBack = of.put(ask.answer, (why) => fail('lost', why));
        if (takeBack === undefined) fail('refused', noWay);
      }
      return ask;
    },
    note,
    asked,
    talkOf,
  };
}

/** What the server hears when its question has no way to the client. */
const noWay = 'the client has no event stream open that the question could travel on';
/** Questions of one call, over its whole life; a server that asks more is not asking a person. */
const perCallMax = 100;
/** Longest reason that is recorded, in characters. */
const whyMax = 300;

function fieldsOf({ server, method, how, call, owner }: AskLabel) {
  const session = owner?.session;
  const client = call?.caller.client;
  return {
    ...{ subject: server, method, how },
    ...(call?.name === undefined ? {} : { name: call.name }),
    ...(session === undefined ? {} : { session }),
    ...(client === undefined ? {} : { client }),
  };
}
