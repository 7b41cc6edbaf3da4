import type { Dispatcher } from 'undici';
import { messageChain, Problem } from '../../../errors.ts';
import type { ConversationTarget } from '../../../supervisor/conversation.ts';
import { type Failure, failure, isObject, ownIdOf } from '../../messages.ts';
import { rpcCodes } from '../../protocol.ts';
import { locationOf } from './redirects.ts';

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
  { url = '', headers }: Pick<ConversationTarget, 'url' | 'headers'>,
  answer: Pick<Dispatcher.ResponseData<unknown>, 'statusCode' | 'headers'> & {
    readonly text: string;
  },
): string {
  const { statusCode, text } = answer;
  const why = `it answered HTTP ${statusCode} ${text.slice(0, 200)}`.trim();
  const elsewhere = statusCode < 400 ? locationOf(answer, new URL(url)) : undefined;
  if (elsewhere !== undefined)
    return `${why}; it sends to ${elsewhere.origin}${elsewhere.pathname}, which its entry has to name`;
  const hasToken = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
  return statusCode === 401 && hasToken
    ? `${why}; it got the Authorization header of its entry`
    : why;
}

/**
 * True when the answer says that the server does not know the session: 404 (2025-11-25, session management), or, of
 * servers made after older examples, 400 with words about it instead of a reply.
 */
export function hasForgotten(status: number, text: string, id: number | undefined): boolean {
  if (status === 404) return true;
  return status === 400 && /session|initiali[sz]ed/i.test(text) && !isReplyTo(text, id);
}

/** True when the text is a JSON-RPC reply to this very request, whatever its HTTP status. */
export function isReplyTo(text: string, id: number | undefined): boolean {
  try {
    const message = JSON.parse(text) as { id?: unknown } | null;
    return id !== undefined && ownIdOf(message?.id) === id;
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
