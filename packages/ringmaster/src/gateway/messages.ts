import { type ProblemCode, problemRows } from '../errors.ts';
import { rpcCodes } from './protocol.ts';

/** Any JSON object; what is in it is checked where it is read. */
export type JsonObject = Readonly<Record<string, unknown>>;
/** Null is no id: replies to it could not be told apart (JSON-RPC 2.0 leaves it to us). */
export type RequestId = string | number;

/** An error as JSON-RPC writes it. */
export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** What a request came to: the server's own words, or an error. */
export type Reply =
  | { readonly kind: 'result'; readonly result: JsonObject }
  | {
      readonly kind: 'error';
      readonly error: RpcError;
      /** Set when the error is ours, not the server's. */
      readonly problem?: ProblemCode;
    };

/** A reply that says why we could not get one from the server. */
export type Failure = Extract<Reply, { kind: 'error' }>;

/** True for JSON objects, not for lists or null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for what may be an id of a request; a number beyond 2^53 is none, as the reply would carry another one. */
export function isRequestId(value: unknown): value is RequestId {
  if (typeof value === 'string') return true;
  return typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
}

/**
 * The number of ours that a server gives back as an id or a token of progress; undefined when it cannot be one. Some
 * servers write it as text, which the official SDKs read as the number it was.
 */
export function ownIdOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

/** A request as JSON text; the params are left out when undefined, and are JSON text already. */
export function requestText(id: RequestId, method: string, params: string | undefined): string {
  const head = `{"jsonrpc":"2.0","id":${idText(id)},"method":${JSON.stringify(method)}`;
  return params === undefined ? `${head}}` : `${head},"params":${params}}`;
}

/**
 * JSON text; undefined when the value is nested so deeply that it cannot be written, as before Node 25. Reading has no
 * such limit, so a message that could be read may be impossible to pass on.
 */
export function writeJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    // Values that came as JSON hold no cycles: only their depth can be the reason.
    return undefined;
  }
}

/** A line of a server's as JSON; undefined when it is none, like the banners that some print though they must not. */
export function readJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Whoever reads the line counts it; the next one may be good.
    return undefined;
  }
}

/** A notification as JSON text. */
export function notificationText(method: string, params?: unknown): string {
  const head = `{"jsonrpc":"2.0","method":${JSON.stringify(method)}`;
  return params === undefined ? `${head}}` : `${head},"params":${JSON.stringify(params)}}`;
}

/** A reply as JSON text around a result that is JSON text already. */
export function resultText(id: RequestId, result: string): string {
  return `${resultHead(id)}${result}}`;
}

/** How such a reply begins; the result and one closing brace make it whole. */
export function resultHead(id: RequestId): string {
  return `{"jsonrpc":"2.0","id":${idText(id)},"result":`;
}

/** An error reply as JSON text; `id` is null when the request's own could not be read. */
export function errorText(id: RequestId | null, error: RpcError): string {
  return `{"jsonrpc":"2.0","id":${idText(id)},"error":${JSON.stringify(error)}}`;
}

/**
 * A reply line with our id replaced by the client's, without writing the rest anew: numbers beyond 2^53 and the order
 * of keys survive. Undefined when the id stands neither at the start nor at the end, as all known servers write it,
 * or when it is no single line, which event streams and stdio clients need.
 */
export function withIdReplaced(line: string, ownId: number, id: RequestId): string | undefined {
  if (line.includes('\n') || line.includes('\r')) return undefined;
  const head = `{"jsonrpc":"2.0","id":${ownId},`;
  if (line.startsWith(head)) {
    return `{"jsonrpc":"2.0","id":${idText(id)},${line.slice(head.length)}`;
  }
  const tail = `,"jsonrpc":"2.0","id":${ownId}}`;
  if (line.endsWith(tail)) {
    return `${line.slice(0, -tail.length)},"jsonrpc":"2.0","id":${idText(id)}}`;
  }
  return undefined;
}

/**
 * A reply line with our id replaced by the client's, and in its result what the stateless era adds at the beginning and
 * at the end: members as JSON text. Undefined as above, and when the result does not close the line. Only for replies
 * that have nothing beside their result, and results that have none of these members.
 */
export function withResultExtended(
  line: string,
  ids: { readonly own: number; readonly client: RequestId },
  members: { readonly first: string; readonly last: string },
): string | undefined {
  const head = `{"jsonrpc":"2.0","id":${ids.own},"result":{`;
  if (!line.startsWith(head) || !line.endsWith('}}')) return undefined;
  if (line.includes('\n') || line.includes('\r')) return undefined;
  const rest = line.slice(head.length, -2);
  const between = rest.trim() === '' ? '' : `,${rest}`;
  const id = idText(ids.client);
  return `{"jsonrpc":"2.0","id":${id},"result":{${members.first}${between},${members.last}}}`;
}

/** The reply to requests that only want to know they arrived. */
export const emptyResult: Reply = { kind: 'result', result: {} };

/** An error reply with this code. */
export function refused(code: number, message: string, data?: unknown): Reply {
  return { kind: 'error', error: data === undefined ? { code, message } : { code, message, data } };
}

/** An error of ours, with the code of its row in the catalogue of problems. */
export function failure(problem: ProblemCode, message: string, data?: unknown): Failure {
  const code = problemRows[problem].rpc;
  return {
    kind: 'error',
    problem,
    error: data === undefined ? { code, message } : { code, message, data },
  };
}

/** The reply to methods nobody here serves. */
export function methodNotFound(method: string): Reply {
  return refused(rpcCodes.methodNotFound, `Method not found: ${method}`);
}

/**
 * A server's reply; undefined when it is none. What is malformed (a result and an error in one, a key no reply has, an
 * error without a code) is read for what it most likely means, but its text must not reach clients: theirs may hang on
 * it.
 */
export function readReply(
  message: JsonObject,
): { readonly reply: Reply; readonly isWellFormed: boolean } | undefined {
  const { result, error } = message;
  if (isObject(result)) {
    return { reply: { kind: 'result', result }, isWellFormed: Object.keys(message).length === 3 };
  }
  if (error === undefined) return undefined;
  const reply: Reply = { kind: 'error', error: readError(error) };
  const isWellFormed =
    result === undefined &&
    isObject(error) &&
    Number.isInteger(error['code']) &&
    typeof error['message'] === 'string';
  return { reply, isWellFormed };
}

/** What is made of a reply to a request that has neither an object as its result nor an error. */
export const emptyReply: ReturnType<typeof readReply> & {} = {
  reply: refused(rpcCodes.internal, 'The server answered with neither a result nor an error'),
  isWellFormed: false,
};

/** An error as a server sent it; what is malformed becomes an internal error. */
export function readError(value: unknown): RpcError {
  if (isObject(value) && Number.isInteger(value['code'])) {
    const code = Number(value['code']);
    const message = typeof value['message'] === 'string' ? value['message'] : '';
    return 'data' in value ? { code, message, data: value['data'] } : { code, message };
  }
  return { code: rpcCodes.internal, message: 'The server sent a malformed error' };
}

function idText(id: RequestId | null): string {
  return typeof id === 'number' ? String(id) : JSON.stringify(id);
}
