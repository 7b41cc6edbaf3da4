import { messageChain, Problem } from '../../../errors.ts';
import { type Failure, failure } from '../../messages.ts';

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
