import { type Failure, failure } from '../messages.ts';
import type { Call } from './calls.ts';

/** What a caller hears when its server died during the call. */
export function lostFailure(server: string, reason: string): Failure {
  const what = `Server "${server}" died during the call (${reason}); the call may have executed`;
  return failure('call_lost', what, { server, mayHaveExecuted: true });
}

/** What a caller hears when its server took too long; the time a client was asked does not count. */
export function lateFailure(server: string, call: Call): Failure {
  const limitMs = Math.round(call.deadlineTickMs - call.startedTickMs - call.askedMs);
  const what = `Server "${server}" did not answer within ${limitMs} ms; the call may have executed`;
  return failure('call_late', what, { server, mayHaveExecuted: true });
}

/** What became of a call whose stream is taken up in a later life of the daemon than it was made in. */
export function lostWithDaemon(executed: boolean): Failure {
  const what = executed
    ? 'The daemon ended before the reply reached the client; the call has executed'
    : 'The daemon ended during the call; the call may have executed';
  return failure('call_lost', what, { mayHaveExecuted: true });
}
