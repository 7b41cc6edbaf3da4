import { keepExactNumbers } from './exact-numbers.ts';
import { type AmbiguousKey, judgeText } from './judge-text.ts';
import { isObject, isRequestId, type RequestId, type RpcError } from './messages.ts';
import { rpcCodes } from './protocol.ts';

/** A client's body as it was read, or why it is refused. */
export type ReadMessage =
  | { readonly message: unknown; readonly refused?: undefined }
  | { readonly refused: { readonly id: RequestId | null; readonly error: RpcError } };

/** Most objects and lists in one another in a body: Python's JSON reader, which many servers use, goes no deeper. */
const maxNesting = 1_000;

/**
 * Reads a body as JSON, however wrong as a message; refuses what readers could take for different things or not read
 * at all. Undefined stands for bytes that were no text. Numbers that reading rounds are kept as they came (`writeExact`).
 */
export function readMessage(text: string | undefined): ReadMessage {
  if (text === undefined) return notUtf8;
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    // What does not parse is told to the client, whose mistake it is.
    return notJson;
  }
  const { ambiguous, hasLongNumber, nesting } = judgeText(text);
  if (ambiguous !== undefined) {
    const error = { code: rpcCodes.invalidRequest, message: ambiguityOf(ambiguous) };
    return { refused: { id: idOf(message), error } };
  }
  if (nesting > maxNesting) {
    const deep = `The body nests objects and lists ${nesting} deep; at most ${maxNesting} are read`;
    return {
      refused: { id: idOf(message), error: { code: rpcCodes.invalidParams, message: deep } },
    };
  }
  if (hasLongNumber && isObject(message)) keepExactNumbers(text, message, 'params');
  return { message };
}

/** The id of a body's request, for an answer that is an error whatever else it holds; null without one. */
export function idIn(text: string | undefined): RequestId | null {
  try {
    return idOf(JSON.parse(text ?? ''));
  } catch {
    // No JSON has no id.
    return null;
  }
}

function idOf(message: unknown): RequestId | null {
  return isObject(message) && isRequestId(message['id']) ? message['id'] : null;
}

const notUtf8 = refusal('The body is not UTF-8');
const notJson = refusal('The body is not JSON');

function refusal(message: string): ReadMessage {
  return { refused: { id: null, error: { code: rpcCodes.parseError, message } } };
}

function ambiguityOf({ key, why }: AmbiguousKey): string {
  const name = JSON.stringify(key.slice(0, 100));
  return why === 'twice'
    ? `The key ${name} stands twice in one object of the body, where it may stand once`
    : `The key ${name} is a word of the protocol in other letters, which servers may take for it`;
}
