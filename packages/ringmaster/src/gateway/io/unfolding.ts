import {
  type AskMethod,
  askForLegacy,
  missingCapability,
  needsClause,
  questionsOf,
  refusal,
} from '../asks.ts';
import { failure, type JsonObject, type Reply, refused } from '../messages.ts';
import { rpcCodes } from '../protocol.ts';
import type { AskBook, AskLimits } from './ask-book.ts';
import type { Call, Calls, Holder } from './calls.ts';

/** Rounds of questions one call may take; a server that asks more is in a loop. */
const roundsMax = 10;

/** Holds a call while its client is asked: its questions end by themselves. */
const asking: Holder = {
  release() {},
  lateFailure: () => failure('call_late', 'Nobody answered the questions of the server in time'),
};

/**
 * Puts the questions of a server to the client of a call, and gives the answers to `then`; without it the call is made
 * again with them. Where the client cannot be asked the call ends.
 */
export type Unfold = (
  call: Call,
  result: JsonObject,
  then?: (inputResponses: JsonObject) => void,
) => void;

/** Asks a client with a session what a stateless server wants to know, and repeats the call with the answers. */
export function createUnfolding(needs: {
  readonly calls: Calls;
  readonly book: AskBook;
  readonly limits: () => AskLimits;
  readonly newId: () => string;
  /** The configured ones, for clients that have none. */
  readonly rootsOf: (server: string) => readonly JsonObject[] | undefined;
  readonly dispatch: (call: Call) => void;
}): Unfold {
  const { calls, book } = needs;

  function refuse(call: Call, why: string, missing: readonly string[] = []): void {
    const { server, method, caller } = call;
    const reply = refusal({ server, method, owner: caller.owner, why, missing });
    calls.answer(call, reply, undefined);
  }

  function repeat(call: Call, state: unknown, inputResponses: JsonObject | undefined): void {
    const { inputResponses: _given, requestState: _old, ...asked } = call.params;
    call.params = {
      ...asked,
      ...(inputResponses === undefined ? {} : { inputResponses }),
      ...(typeof state === 'string' ? { requestState: state } : {}),
    };
    needs.dispatch(call);
  }

  return (call, result, then) => {
    const { owner, reach } = call.caller;
    const talk = book.talkOf(call);
    const questions = questionsOf(result);
    if (typeof questions === 'string') return refuse(call, `asked for input, but ${questions}`);
    if (talk.roundCount >= roundsMax) {
      return refuse(call, `asked for input ${roundsMax} times without coming to a result`);
    }
    const roots = needs.rootsOf(call.server);
    const isConfigured = (method: AskMethod): boolean =>
      method === 'roots/list' && roots !== undefined && owner.capabilities['roots'] === undefined;
    const toAsk = questions.filter(({ method }) => !isConfigured(method));
    const missing = toAsk.map((one) => missingCapability(owner.capabilities, one));
    const paths = [...new Set(missing.filter((path) => path !== undefined))];
    if (paths.length > 0) return refuse(call, needsClause(paths, 'stream'), paths);
    const urls = asUrlError(toAsk, result, needs.newId);
    if (reach !== 'stream' && urls !== undefined && then === undefined)
      return calls.answer(call, urls, undefined);
    if (toAsk.length > 0 && reach !== 'stream') {
      const kinds = [...new Set(toAsk.map(({ method }) => method))];
      return refuse(call, needsClause(kinds, reach));
    }
    talk.roundCount += 1;
    if (then === undefined) call.holder = asking;
    const answers: Record<string, JsonObject> = {};
    for (const { key, method } of questions) {
      if (isConfigured(method)) answers[key] = { roots: roots ?? [] };
    }
    let left = toAsk.length;
    const next = (): void => {
      if (left > 0 || call.ended) return;
      const hasAnswers = questions.length > 0;
      if (then !== undefined) then(answers);
      else repeat(call, result['requestState'], hasAnswers ? answers : undefined);
    };
    for (const { key, method, params } of toAsk) {
      if (call.ended) return;
      const opened = book.open({
        ...{ server: call.server, method, how: 'unfolded', call, owner },
        limitMs: needs.limits().timeoutMs,
        put: (answer, lost) =>
          call.caller.ask(call, {
            method,
            params: askForLegacy(params, needs.newId),
            answer,
            lost,
          }),
        onEnd(reply, outcome, why) {
          if (call.ended) return;
          if (reply.kind === 'error' || outcome === 'refused' || outcome === 'lost') {
            const said = reply.kind === 'error' ? reply.error.message : why;
            refuse(call, `got no answer to ${method}: ${said}`);
            return;
          }
          if (outcome === 'expired') talk.notes.push(lateNote(needs.limits().timeoutMs));
          answers[key] = reply.result;
          left -= 1;
          next();
        },
      });
      if (typeof opened === 'string') refuse(call, `asked for input, but ${opened}`);
    }
    if (toAsk.length === 0) next();
  };
}

/**
 * Addresses to open need no stream: the client may open them, and call again, when it is told so by an error
 * (2025-11-25, URL elicitation). Undefined when the questions are others, or the server needs its state back.
 */
function asUrlError(
  questions: readonly { readonly params: JsonObject }[],
  result: JsonObject,
  newId: () => string,
): Reply | undefined {
  const areUrls = questions.every(({ params }) => params['mode'] === 'url');
  if (!areUrls || questions.length === 0 || result['requestState'] !== undefined) return undefined;
  const elicitations = questions.map(({ params }) => askForLegacy(params, newId));
  const message = 'The server needs addresses to be opened before the call is made again';
  return refused(rpcCodes.urlElicitationRequired, message, { elicitations });
}

/** What the result says when a question was answered for the client. */
export function lateNote(limitMs: number): string {
  return `(The gateway answered a question of this server with "cancel": nobody had answered it within ${limitMs} ms.)`;
}
