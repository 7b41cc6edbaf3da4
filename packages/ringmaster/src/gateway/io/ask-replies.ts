import type { Clock } from '../../clock.ts';
import {
  capabilityPaths,
  isDeclined,
  missingCapability,
  needsClause,
  questionsOf,
  refusal,
  withNotes,
} from '../asks.ts';
import type { Continuation } from '../continuation.ts';
import { isRelayedExtension } from '../extensions.ts';
import { isObject, type JsonObject, type Reply, type RpcError } from '../messages.ts';
import { type Owner, relayedCapabilities } from '../owner.ts';
import { rpcCodes } from '../protocol.ts';
import type { AskBook, AskLimits } from './ask-book.ts';
import type { Call } from './calls.ts';
import type { Errands } from './errands.ts';

/** Rounds in which a server may send its client to addresses before it must come to a result. */
const urlRoundsMax = 10;

/** Looks for questions in a server's reply, and turns them into what the client understands. */
export function createAskReplies(needs: {
  readonly clock: Clock;
  readonly limits: () => AskLimits;
  readonly book: AskBook;
  readonly sealed: (continuation: Continuation) => string;
  readonly unfold: (call: Call, result: JsonObject) => void;
  readonly errands: Errands;
}): (call: Call, reply: Reply, serverEra: 'legacy' | 'modern') => Reply | undefined {
  const { clock, book } = needs;

  /** A question for a stateless client of a stateless server: as it is, but for the state, which is bound to us. */
  function relay(call: Call, result: JsonObject): Reply {
    const questions = questionsOf(result);
    if (typeof questions === 'string') return refuse(call, `asked for input, but ${questions}`);
    const { capabilities } = call.caller.owner;
    const missing = questions.map((one) => missingCapability(capabilities, one));
    const paths = [...new Set(missing.filter((path) => path !== undefined))];
    if (paths.length > 0) return refuse(call, needsClause(paths, 'rounds'), paths);
    for (const { method } of questions) book.asked(labelOf(call, method));
    const state = result['requestState'];
    if (typeof state !== 'string') return { kind: 'result', result };
    const asked = Object.fromEntries(questions.map(({ key, method }) => [key, method]));
    const requestState = continueWith(call, { state, asked, isUrls: false });
    return { kind: 'result', result: { ...result, requestState } };
  }

  function continueWith(
    call: Call,
    more: Pick<Extract<Continuation, { kind: 'again' }>, 'state' | 'asked' | 'isUrls'>,
  ): string {
    const { owner } = call.caller;
    const nowMs = clock.nowMs();
    return needs.sealed({
      ...{ kind: 'again', server: call.server, owner: owner.key, digest: call.caller.digest() },
      ...{ round: (call.talk?.roundCount ?? 0) + 1, askedAtMs: nowMs },
      ...{ untilMs: nowMs + needs.limits().timeoutMs, ...more },
    });
  }

  /** The addresses a server with a handshake wants opened, as questions. */
  function askUrls(call: Call, error: RpcError): Reply {
    const { owner } = call.caller;
    const elicitations = isObject(error.data) ? error.data['elicitations'] : undefined;
    const wanted = (Array.isArray(elicitations) ? elicitations : [])
      .filter((one) => isObject(one) && typeof one['url'] === 'string')
      .slice(0, urlsMax);
    if (wanted.length === 0) return refuse(call, `wants addresses opened, but names none`);
    const asUrl = { method: 'elicitation/create', params: { mode: 'url' } } as const;
    const missing = missingCapability(owner.capabilities, asUrl);
    if (missing !== undefined) return refuse(call, needsClause([missing], 'rounds'), [missing]);
    if (owner.era === 'legacy') {
      for (const one of wanted) needs.errands.note(call.server, one, owner);
      return { kind: 'error', error };
    }
    if ((call.talk?.roundCount ?? 0) >= urlRoundsMax) {
      return refuse(call, `wanted addresses opened ${urlRoundsMax} times without a result`);
    }
    const inputRequests: Record<string, JsonObject> = {};
    for (const [index, { url, message }] of wanted.entries()) {
      book.asked(labelOf(call, asUrl.method));
      const text = typeof message === 'string' ? message : error.message;
      const params = { mode: 'url', message: text, url };
      inputRequests[`url-${index + 1}`] = { method: asUrl.method, params };
    }
    const asked = Object.fromEntries(Object.keys(inputRequests).map((key) => [key, asUrl.method]));
    const requestState = continueWith(call, { asked, isUrls: true });
    const result = { resultType: 'input_required', inputRequests, requestState };
    return { kind: 'result', result };
  }

  /** A stateless server lacks a capability: ours to pass on only where the client's own would have been. */
  function translateMissing(call: Call, error: RpcError): Reply {
    const required = isObject(error.data) ? error.data['requiredCapabilities'] : undefined;
    const paths = capabilityPaths(required);
    if (call.caller.owner.era === 'modern' && isRelayedExtension(required)) {
      return { kind: 'error', error };
    }
    const isRelayed = (path: string): boolean =>
      Object.keys(relayedCapabilities({ [path.split('.')[0] ?? '']: {} })).length > 0;
    if (paths.length === 0 || !paths.every(isRelayed)) {
      return refuse(call, `needs something the gateway does not relay: ${error.message}`);
    }
    return refuse(call, needsClause(paths, call.caller.reach), paths);
  }

  return (call, reply, serverEra) => {
    if (reply.kind === 'result') {
      const asks = serverEra === 'modern' && reply.result['resultType'] === 'input_required';
      if (!asks) {
        const plain = serverEra === 'legacy' ? withoutKind(call, reply) : reply;
        return withNotes(plain, call.method, call.talk?.notes ?? []);
      }
      if (!askingMethods.has(call.method)) {
        return refuse(call, `asked for input during ${call.method}, where it may not`);
      }
      if (call.caller.owner.era === 'modern') return relay(call, reply.result);
      needs.unfold(call, reply.result);
      return undefined;
    }
    const { error } = reply;
    const missing = [...(call.talk?.missing ?? [])];
    if (missing.length > 0) {
      const why = `${needsClause(missing, call.caller.reach)} (it said: ${error.message})`;
      return refuse(call, why, missing);
    }
    if (serverEra === 'legacy' && error.code === rpcCodes.urlElicitationRequired) {
      return askUrls(call, error);
    }
    const lacks = serverEra === 'modern' && error.code === rpcCodes.missingCapability;
    return lacks ? translateMissing(call, error) : reply;
  };
}

/**
 * Kinds of results are words of the stateless era. From a server of another they mean nothing, and its clients must not
 * take them for questions or tasks that we never saw.
 */
function withoutKind(call: Call, reply: Extract<Reply, { kind: 'result' }>): Reply {
  const kind = reply.result['resultType'];
  const isNone = kind === undefined || kind === 'complete';
  if (isNone || call.caller.owner.era !== 'modern') return reply;
  const { resultType: _kind, ...result } = reply.result;
  return { kind: 'result', result };
}

/** The client was sent to addresses and did not go: the call need not be made again. */
export function isRefusalOfUrls(
  { isUrls, asked, server }: Extract<Continuation, { kind: 'again' }>,
  request: { readonly method: string; readonly params: JsonObject; readonly owner: Owner },
): Reply | undefined {
  const { method, owner } = request;
  const given = request.params['inputResponses'];
  const responses = isObject(given) ? given : {};
  const hasDeclined = Object.keys(asked).some((key) => {
    const result = responses[key];
    return isObject(result) && isDeclined({ kind: 'result', result });
  });
  if (!isUrls || !hasDeclined) return undefined;
  const why = 'wanted an address opened, and that was declined';
  return refusal({ server, method, owner, why, missing: [] });
}

/** Notes the answers a stateless client came back with, to questions that were passed on as they were. */
export function noteAnswers(
  to: { readonly book: AskBook; readonly nowMs: number },
  { server, asked, askedAtMs }: Extract<Continuation, { kind: 'again' }>,
  params: JsonObject,
  owner: Owner,
): void {
  const responses = isObject(params['inputResponses']) ? params['inputResponses'] : {};
  for (const [key, method] of Object.entries(asked)) {
    const result = responses[key];
    if (!isObject(result)) continue;
    const tookMs = Math.max(0, to.nowMs - askedAtMs);
    const outcome = isDeclined({ kind: 'result', result }) ? 'declined' : 'answered';
    const label = { server, method, how: 'relayed', call: undefined, owner } as const;
    to.book.note(label, outcome, undefined, tookMs);
  }
}

function refuse(call: Call, why: string, missing: readonly string[] = []): Reply {
  const { server, method, caller } = call;
  return refusal({ server, method, owner: caller.owner, why, missing });
}

function labelOf(
  call: Call,
  method: 'elicitation/create' | 'sampling/createMessage' | 'roots/list',
) {
  const { server, caller } = call;
  return { server, method, how: 'relayed', call, owner: caller.owner } as const;
}

/** Addresses passed on at once; more than a person would open. */
const urlsMax = 20;

/** The only requests a stateless server may answer with questions (2026-07-28). */
const askingMethods: ReadonlySet<string> = new Set(['tools/call', 'prompts/get', 'resources/read']);
