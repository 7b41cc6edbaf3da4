import { isObject, type JsonObject, type Reply, refused } from './messages.ts';
import type { Owner } from './owner.ts';
import { rpcCodes } from './protocol.ts';

/** What a server may ask of a client: the user, the model, or the folders it works on. */
export type AskMethod = 'elicitation/create' | 'sampling/createMessage' | 'roots/list';

/** One question of a server, on its way to the client whose call it belongs to. */
export interface Ask {
  readonly method: AskMethod;
  readonly params: JsonObject;
  /** Takes the answer; only the first counts. */
  answer(reply: Reply): void;
  /** There will be no answer: the client is gone. */
  lost(why: string): void;
}

/** How a client can be asked: by a request on its stream, by an answer that asks back, or not at all. */
export type Reach = 'stream' | 'rounds' | 'none';

/** What was asked during one call. */
export interface Talk {
  /** Capabilities the server asked for in vain. */
  readonly missing: Set<string>;
  /** What the client should know about its answers, one sentence each; they go out with the result. */
  readonly notes: string[];
  /** Questions asked so far, and rounds of them. */
  askedCount: number;
  roundCount: number;
  /** Ends the questions still open. */
  callEnded(): void;
  /** Hears of it after that. */
  onEnded: (() => void) | undefined;
}

/** True for the methods a server may call on a client. */
export function isAskMethod(method: unknown): method is AskMethod {
  return (
    method === 'elicitation/create' ||
    method === 'sampling/createMessage' ||
    method === 'roots/list'
  );
}

/** Path of the capability (`elicitation.url`) this question needs and the client did not declare, if there is one. */
export function missingCapability(
  declared: JsonObject,
  { method, params }: Pick<Ask, 'method' | 'params'>,
): string | undefined {
  if (method === 'roots/list') return isObject(declared['roots']) ? undefined : 'roots';
  if (method === 'sampling/createMessage') {
    const { sampling } = declared;
    if (!isObject(sampling)) return 'sampling';
    const needsTools = params['tools'] !== undefined || params['toolChoice'] !== undefined;
    return needsTools && !isObject(sampling['tools']) ? 'sampling.tools' : undefined;
  }
  const { elicitation } = declared;
  if (!isObject(elicitation)) return 'elicitation';
  if (params['mode'] === 'url') return isObject(elicitation['url']) ? undefined : 'elicitation.url';
  // An empty object declares forms, as it did before there were modes (2025-11-25, elicitation).
  const hasForms = isObject(elicitation['form']) || elicitation['url'] === undefined;
  return hasForms ? undefined : 'elicitation.form';
}

/** Paths of capabilities as the ClientCapabilities that would satisfy them. */
export function requiredCapabilities(paths: Iterable<string>): JsonObject {
  const required: Record<string, Record<string, JsonObject>> = {};
  for (const path of paths) {
    const [kind = '', mode] = path.split('.');
    required[kind] = { ...required[kind], ...(mode === undefined ? {} : { [mode]: {} }) };
  }
  return required;
}

/** Paths of the capabilities in a server's list of those it needs, two levels deep; at most 20. */
export function capabilityPaths(required: unknown): string[] {
  if (!isObject(required)) return [];
  const paths = Object.entries(required).flatMap(([kind, modes]) => {
    const inner = isObject(modes) ? Object.keys(modes) : [];
    return inner.length === 0 ? [kind] : inner.map((mode) => `${kind}.${mode}`);
  });
  return paths.slice(0, 20).map((path) => path.slice(0, 100));
}

/** True when a value has the shape of an answer to this method; what is in it is the server's to judge. */
export function isAnswer(method: AskMethod, value: unknown): value is JsonObject {
  if (!isObject(value)) return false;
  switch (method) {
    case 'elicitation/create':
      return value['action'] === 'accept' || isRefusal(value);
    case 'sampling/createMessage':
      return typeof value['role'] === 'string' && value['content'] !== undefined;
    case 'roots/list':
      return Array.isArray(value['roots']);
  }
}

function isRefusal(value: JsonObject): boolean {
  return value['action'] === 'decline' || value['action'] === 'cancel';
}

/** True when the client said no: it declined, cancelled, or answered with an error. */
export function isDeclined(reply: Reply): boolean {
  return reply.kind === 'error' || isRefusal(reply.result);
}

/** What a server hears when nobody answers: forms have a word for it, the other questions an error. */
export function unanswered(method: AskMethod, why: string): Reply {
  if (method !== 'elicitation/create') return refused(rpcCodes.internal, why);
  return { kind: 'result', result: { action: 'cancel' } };
}

/** Whose call a question belongs to. */
export type Attribution<Call> =
  | { readonly kind: 'call'; readonly call: Call }
  /** No call is in flight: the server asks of its own accord. */
  | { readonly kind: 'outside' }
  | { readonly kind: 'unclear'; readonly clients: number };

/**
 * Finds the call a question belongs to on a connection that does not say (stdio and HTTP+SSE with a handshake). Clear
 * only when all calls in flight are of one session, or there is one call: stateless requests of one principal may come
 * from several clients, and a question must never reach a bystander. `calls` are those in flight, newest first.
 */
export function attribute<Call extends { readonly caller: { readonly owner: Owner } }>(
  calls: readonly Call[],
  leasedTo: Owner | undefined,
  canAnswer: (call: Call) => boolean,
): Attribution<Call> {
  const mine =
    leasedTo === undefined
      ? calls
      : calls.filter(({ caller }) => caller.owner.key === leasedTo.key);
  const [newest] = mine;
  if (newest === undefined) return { kind: 'outside' };
  const clients = new Set(
    mine.map((call) => (call.caller.owner.session === undefined ? call : call.caller.owner.key)),
  );
  if (clients.size > 1) return { kind: 'unclear', clients: clients.size };
  return { kind: 'call', call: mine.find(canAnswer) ?? newest };
}

/** The question in the words of the stateless era: an elicitation has no id there. */
export function askForModern(params: JsonObject): JsonObject {
  const { elicitationId: _ofTheHandshakeEras, ...rest } = withoutOurMeta(params);
  return rest;
}

/** The question in the words of the eras with a handshake, where opening an address has an id. */
export function askForLegacy(params: JsonObject, newId: () => string): JsonObject {
  const given = withoutOurMeta(params);
  const needsId = given['mode'] === 'url' && typeof given['elicitationId'] !== 'string';
  return needsId ? { ...given, elicitationId: newId() } : given;
}

/** How a server of the eras with a handshake may name its question for stateless clients. */
const keyMeta = 'ringmaster/key';
const keyPattern = /^[A-Za-z0-9_.-]{1,64}$/;

/** The name a server gave its question, if it did. */
export function keyOf(params: JsonObject): string | undefined {
  const meta = params['_meta'];
  const key = isObject(meta) ? meta[keyMeta] : undefined;
  return typeof key === 'string' && keyPattern.test(key) ? key : undefined;
}

/** An answer the client sent along before it was asked, under the name the server gives its question. */
export function givenAnswer(
  { method, params }: Pick<Ask, 'method' | 'params'>,
  callParams: JsonObject,
): Reply | undefined {
  const key = keyOf(params);
  const responses = callParams['inputResponses'];
  const given = key !== undefined && isObject(responses) ? responses[key] : undefined;
  return isAnswer(method, given) ? { kind: 'result', result: given } : undefined;
}

/** Without what only this hop understands: the name for us, and a token for progress nobody would hear. */
function withoutOurMeta(params: JsonObject): JsonObject {
  const { _meta: meta, ...rest } = params;
  if (!isObject(meta)) return rest;
  const { [keyMeta]: _key, progressToken: _token, ...kept } = meta;
  return Object.keys(kept).length > 0 ? { ...rest, _meta: kept } : rest;
}

/** The questions of an `input_required` result, checked; a text says what is wrong with them. */
export function questionsOf(
  result: JsonObject,
):
  | readonly { readonly key: string; readonly method: AskMethod; readonly params: JsonObject }[]
  | string {
  const requests = result['inputRequests'] ?? {};
  if (!isObject(requests)) return 'its inputRequests are no object';
  const entries = Object.entries(requests);
  if (entries.length > questionsMax) return `it asked ${entries.length} questions at once`;
  if (entries.length === 0 && typeof result['requestState'] !== 'string') return 'it asked nothing';
  const questions = [];
  for (const [key, request] of entries) {
    const method = isObject(request) ? request['method'] : undefined;
    if (!isObject(request) || !isAskMethod(method)) {
      return `it asked for ${JSON.stringify(method ?? null).slice(0, 100)}`;
    }
    questions.push({ key, method, params: isObject(request['params']) ? request['params'] : {} });
  }
  return questions;
}

/** Most questions a server may ask at once. */
const questionsMax = 32;

/** The question could not be put to this client: tools say so in their result, where models read it. */
export function refusal(how: {
  readonly server: string;
  readonly method: string;
  readonly owner: Owner;
  /** A clause after the server's name. */
  readonly why: string;
  /** Paths of capabilities the client would have to declare. */
  readonly missing: readonly string[];
}): Reply {
  const { server, method, owner, why, missing } = how;
  const message = `Server "${server}" ${why}`;
  const data = { requiredCapabilities: requiredCapabilities(missing) };
  if (owner.era === 'modern' && missing.length > 0) {
    return refused(rpcCodes.missingCapability, message, data);
  }
  if (method === 'tools/call') {
    const content = [{ type: 'text', text: message }];
    return { kind: 'result', result: { content, isError: true } };
  }
  return refused(rpcCodes.internal, message, { server, ...(missing.length > 0 ? data : {}) });
}

/** The clause of a refusal for capabilities that are missing. */
export function needsClause(missing: readonly string[], reach: Reach): string {
  const named = missing.join(', ');
  return reach === 'none'
    ? `needs to ask its client (${named}), and this request gave no way to: it accepts no event stream`
    : `needs to ask its client, which did not declare the capability ${named}`;
}

/** A result with a word about answers that came too late; tools say it where models read it. */
export function withNotes(reply: Reply, method: string, notes: readonly string[]): Reply {
  if (reply.kind === 'error' || notes.length === 0) return reply;
  const { result } = reply;
  const text = notes.join('\n');
  if (method === 'tools/call' && Array.isArray(result['content'])) {
    const content = [...result['content'], { type: 'text', text }];
    return { kind: 'result', result: { ...result, content } };
  }
  const meta = isObject(result['_meta']) ? result['_meta'] : {};
  return { kind: 'result', result: { ...result, _meta: { ...meta, 'ringmaster/note': text } } };
}
