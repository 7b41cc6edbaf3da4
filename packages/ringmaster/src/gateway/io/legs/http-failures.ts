import { messageChain, Problem } from '../../../errors.ts';
import { type Failure, failure, isObject } from '../../messages.ts';
import { rpcCodes } from '../../protocol.ts';

/** Why a request has no reply: an error of the connection, or nobody is signed in. */
export function failureOf(error: unknown, server: string, executed: 'maybe' | 'no'): Failure {
  // Nobody is signed in: the server refused before it did anything.
  if (error instanceof Problem) return failure(error.code, error.message, { server });
  return noReply(server, messageChain(error), executed);
}

/** Says whether a call that has no reply may have been executed. */
export function noReply(
  server: string,
  why: string,
  executed: 'maybe' | 'no',
  status?: number,
): Failure {
  const isLost = executed === 'maybe';
  const data = { server, mayHaveExecuted: isLost, ...(status === undefined ? {} : { status }) };
  const after = isLost ? '; the call may have executed' : '';
  const what = `Server "${server}" gave no reply (${why})${after}`;
  return failure(isLost ? 'call_lost' : 'server_down', what, data);
}

/** What a server answered instead of a reply; a token that was sent along may be what it does not take. */
export function whyRefused(
  { headers }: { readonly headers: Readonly<Record<string, string>> },
  status: number,
  text: string,
): string {
  const why = `it answered HTTP ${status} ${text.slice(0, 200)}`.trim();
  const hasToken = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
  return status === 401 && hasToken ? `${why}; it got the Authorization header of its entry` : why;
}

/** True when the text is a JSON-RPC reply to this very request, whatever its HTTP status. */
export function isReplyTo(text: string, id: number | undefined): boolean {
  try {
    const message = JSON.parse(text) as { id?: unknown } | null;
    return id !== undefined && message?.id === id;
  } catch {
    // An error page of something in between.
    return false;
  }
}

/** True when a header is missing or wrong that the tool's schema asks for: the one we know is old. */
export function isMarkedAnew(method: string, text: string): boolean {
  const message: unknown = JSON.parse(text);
  const error = isObject(message) ? message['error'] : undefined;
  return method === 'tools/call' && isObject(error) && error['code'] === rpcCodes.headerMismatch;
}
