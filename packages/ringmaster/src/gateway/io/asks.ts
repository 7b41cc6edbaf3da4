import type { Clock } from '../../clock.ts';
import type { Append } from '../../journal/events.ts';
import type { Journal } from '../../journal/journal.ts';
import {
  type Ask,
  attribute,
  givenAnswer,
  isDeclined,
  missingCapability,
  requiredCapabilities,
  unanswered,
} from '../asks.ts';
import { type Continuation, judgeContinuation } from '../continuation.ts';
import type { PoolMode } from '../leases.ts';
import { type JsonObject, type Reply, refused } from '../messages.ts';
import type { Owner } from '../owner.ts';
import { rpcCodes } from '../protocol.ts';
import { createAside, type PutAside } from './ask-aside.ts';
import { type AskLimits, type AskOutcome, createAskBook, type OpenAsk } from './ask-book.ts';
import { createAskReplies, isRefusalOfUrls, noteAnswers } from './ask-replies.ts';
import type { Call, Caller, Calls } from './calls.ts';
import { createErrands } from './errands.ts';
import { createParking } from './parking.ts';
import type { Question } from './question.ts';
import type { Seal } from './seal.ts';
import { createUnclearAsks } from './unclear-asks.ts';
import { createUnfolding, lateNote, type Unfold } from './unfolding.ts';

/** What the fleet file says about the questions of one server. */
export interface AskSettings {
  /** Folders told to the server when no client has any; undefined when none are configured. */
  readonly roots: readonly JsonObject[] | undefined;
  /** How long the server itself waits for an answer. */
  readonly patienceMs: number;
  /** How clients share its processes. */
  readonly mode: PoolMode;
}

/** What a request that carries a `requestState` of ours turns out to be. */
export type Resumed =
  /** The parked call goes on, and answers this request. */
  | { readonly kind: 'parked' }
  | { readonly kind: 'refused'; readonly reply: Reply }
  /** The call is made again, to this server and no other. */
  | {
      readonly kind: 'again';
      readonly params: JsonObject;
      readonly server: string;
      readonly onCall: (call: Call) => void;
    };

/** Carries the questions of servers to the clients whose calls they belong to, whatever the eras of both. */
export interface Asks {
  /** Puts a question to a client, or answers it at once; the result is what can be taken back. */
  put(question: Question): OpenAsk | undefined;
  readonly putAside: PutAside;
  /** Looks at a server's reply before it ends the call: undefined when the call goes on instead. */
  turn(call: Call, reply: Reply, serverEra: 'legacy' | 'modern'): Reply | undefined;
  /** Asks the client of a call what its task wants to know. */
  readonly unfold: Unfold;
  /** Takes up what a stateless client was asked earlier. */
  resume(
    request: { readonly method: string; readonly params: JsonObject },
    caller: Caller,
    onCall: (call: Call) => void,
  ): Resumed;
  /** A server says that its client is done at an address it was sent to: the client that was sent there hears it. */
  completed(server: string, params: JsonObject): void;
  /** Ends the oldest call of a client that was asked and has not come back, as another call needs its process. */
  giveWay(server: string, owner: Owner): void;
}

/** What asks need of the gateway. */
export interface AskNeeds {
  readonly clock: Clock;
  readonly append: Append;
  readonly recall: Journal['recall'];
  readonly remember: Journal['remember'];
  readonly calls: Calls;
  readonly seal: Seal;
  readonly limits: () => AskLimits;
  readonly settingsOf: (server: string) => AskSettings;
  /** Unguessable; 128 bits at least. */
  readonly newId: () => string;
  /** Sends a call again. */
  readonly dispatch: (call: Call) => void;
  /** The definition of the tool that is called, as far as it is known. */
  readonly toolOf: (call: Call) => JsonObject | undefined;
  /** Sends a session a notification on its own stream. */
  readonly tellSession: (session: string, method: string, params: JsonObject) => void;
  /** Puts a question to a session outside of any call. */
  readonly askSession: (session: string, ask: Ask) => ((why: string) => void) | undefined;
}

/** Prepares the way for questions; nothing is open yet. */
export function createAsks(needs: AskNeeds): Asks {
  const { clock, calls, seal, limits, settingsOf } = needs;
  const book = createAskBook(needs);
  const sealed = (continuation: Continuation): string => seal.seal(JSON.stringify(continuation));
  const parking = createParking({ ...needs, book, sealed });
  const unfold = createUnfolding({
    ...{ calls, book, limits, newId: needs.newId, dispatch: needs.dispatch },
    rootsOf: (server) => settingsOf(server).roots,
  });
  const errands = createErrands(needs.tellSession);
  const unclear = createUnclearAsks({
    ...{ clock, append: needs.append, dispatch: needs.dispatch, toolOf: needs.toolOf },
    isLeasedOut: (server) => settingsOf(server).mode === 'auto',
  });
  const turn = createAskReplies({ clock, limits, book, sealed, unfold, errands });

  function refuse(question: Question, of: Call | undefined, reply: Reply, why: string): undefined {
    const { server, method } = question;
    book.note({ server, method, how: 'nobody', call: of, owner: of?.caller.owner }, 'refused', why);
    question.reply(reply);
  }

  /** Folders are told from the fleet file when no client can say which it works on. */
  function answersFromFile({ server, method, reply }: Question, call: Call | undefined): boolean {
    const { roots } = settingsOf(server);
    if (method !== 'roots/list' || roots === undefined) return false;
    const label = { server, method, how: 'nobody', call, owner: call?.caller.owner } as const;
    book.note(label, 'answered', 'with the roots of the fleet file');
    reply({ kind: 'result', result: { roots } });
    return true;
  }

  /** Nobody is there to be asked, besides whoever has the connection to itself. */
  function putOutside(question: Question): OpenAsk | undefined {
    const { server, method, params, leasedTo } = question;
    const session = leasedTo?.session;
    const isAble =
      leasedTo !== undefined && missingCapability(leasedTo.capabilities, question) === undefined;
    if (isAble && session !== undefined) {
      const opened = book.open({
        ...{ server, method, how: 'forwarded', call: undefined, owner: leasedTo },
        limitMs: limitOf(server),
        put: (answer, lost) => needs.askSession(session, { method, params, answer, lost }),
        onEnd(reply, outcome) {
          const isUnasked = outcome === 'refused';
          if (!isUnasked || !answersFromFile(question, undefined)) question.reply(reply);
        },
      });
      if (typeof opened !== 'string') return opened;
    }
    if (answersFromFile(question, undefined)) return undefined;
    const why = 'no call is in flight, so there is no client to ask';
    const isForm = method === 'elicitation/create';
    const reply = isForm ? unanswered(method, why) : refused(rpcCodes.methodNotFound, why);
    return refuse(question, undefined, reply, why);
  }

  function limitOf(server: string): number {
    return Math.min(limits().timeoutMs, settingsOf(server).patienceMs);
  }

  /** From now on its process is given to one client at a time, in `auto`: see `leaseFor`. */
  function learn({ launchHash }: Question): void {
    if (needs.recall('asks', launchHash) !== undefined) return;
    needs.remember('asks', launchHash, { atMs: clock.nowMs() });
  }

  function putUnclear(question: Question, clients: number): undefined {
    const { method } = question;
    learn(question);
    unclear.note(question.calls());
    const why = `${clients} clients have calls in flight on this connection, and nothing says whose question it is`;
    const reply = refused(rpcCodes.internal, `Cannot pass on ${method}: ${why}`);
    return refuse(question, undefined, reply, why);
  }

  function putMissing(question: Question, call: Call, missing: string | undefined): undefined {
    const { method } = question;
    if (answersFromFile(question, call)) return undefined;
    const [kind = method] = method.split('/');
    book.talkOf(call).missing.add(missing ?? kind);
    const why =
      missing === undefined
        ? 'the client accepts no event stream that the question could travel on'
        : `the client did not declare the capability ${missing}`;
    // A mode that was not declared has a code of its own (2025-11-25, elicitation).
    const isMode = missing?.startsWith('elicitation.') === true;
    const code = isMode ? rpcCodes.invalidParams : rpcCodes.methodNotFound;
    const data = missing === undefined ? undefined : requiredCapabilities([missing]);
    const reply = refused(code, `Cannot pass on ${method}: ${why}`, data && { required: data });
    return refuse(question, call, reply, why);
  }

  function putTo(question: Question, call: Call): OpenAsk | undefined {
    const { server, method, params } = question;
    const { caller } = call;
    const missing = missingCapability(caller.owner.capabilities, question);
    if (missing !== undefined || caller.reach === 'none') {
      return putMissing(question, call, missing);
    }
    const given = givenAnswer(question, call.params);
    if (given !== undefined) {
      const label = { server, method, how: 'parked', call, owner: caller.owner } as const;
      book.note(label, isDeclined(given) ? 'declined' : 'answered', 'it came with the call');
      question.reply(given);
      return undefined;
    }
    errands.note(server, params, caller.owner);
    const limitMs = limitOf(server);
    const onEnd = (reply: Reply, outcome: AskOutcome): void => {
      if (outcome === 'expired') book.talkOf(call).notes.push(lateNote(limitMs));
      question.reply(reply);
    };
    const opened =
      caller.reach === 'rounds'
        ? parking.put(call, { method, params, limitMs }, onEnd)
        : book.open({
            ...{ server, method, how: 'forwarded', call, owner: caller.owner, limitMs, onEnd },
            put: (answer, lost) => caller.ask(call, { method, params, answer, lost }),
          });
    if (typeof opened !== 'string') return opened;
    return refuse(question, call, unanswered(method, opened), opened);
  }

  return {
    putAside: createAside({ book, limitMs: limitOf }),
    put(question) {
      const { via, leasedTo } = question;
      if (via !== undefined) return putTo(question, via);
      const found = attribute(
        question.calls(),
        leasedTo,
        ({ caller }) =>
          caller.reach !== 'none' &&
          missingCapability(caller.owner.capabilities, question) === undefined,
      );
      if (found.kind === 'call') {
        // Folders are asked for by servers that ask nothing else, and are no reason for a process per client.
        if (question.method !== 'roots/list') learn(question);
        return putTo(question, found.call);
      }
      return found.kind === 'outside' ? putOutside(question) : putUnclear(question, found.clients);
    },
    turn: (call, reply, era) => (unclear.repeats(call, reply) ? undefined : turn(call, reply, era)),
    unfold,
    completed: errands.completed,
    giveWay: parking.giveWay,
    resume({ method, params }, caller, onCall) {
      const state = params['requestState'];
      const judged = judgeContinuation(typeof state === 'string' ? seal.open(state) : undefined, {
        ...{ owner: caller.owner.key, digest: caller.digest(), nowMs: clock.nowMs() },
      });
      if (judged.kind === 'refused') {
        return { kind: 'refused', reply: refused(rpcCodes.invalidParams, judged.message) };
      }
      const { continuation } = judged;
      if (continuation.kind === 'parked') {
        const reply = parking.resume(continuation, params, caller, onCall);
        return reply === undefined ? { kind: 'parked' } : { kind: 'refused', reply };
      }
      const { requestState: _sealed, ...asked } = params;
      noteAnswers({ book, nowMs: clock.nowMs() }, continuation, params, caller.owner);
      const refusedUrls = isRefusalOfUrls(continuation, { method, params, owner: caller.owner });
      if (refusedUrls !== undefined) return { kind: 'refused', reply: refusedUrls };
      return {
        kind: 'again',
        params:
          continuation.state === undefined ? asked : { ...asked, requestState: continuation.state },
        server: continuation.server,
        onCall(call) {
          book.talkOf(call).roundCount = continuation.round;
          onCall(call);
        },
      };
    },
  };
}
