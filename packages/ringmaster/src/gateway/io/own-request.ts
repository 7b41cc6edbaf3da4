import { Problem } from '../../errors.ts';
import { type Failure, isObject, type JsonObject, type Reply, type RpcError } from '../messages.ts';

/** The server answered one of our own requests with an error. */
export class RefusedByServer extends Error {
  readonly error: RpcError;

  constructor(error: RpcError) {
    super(error.message);
    this.name = 'RefusedByServer';
    this.error = error;
  }
}

/** A request of our own that waits for its reply. */
export interface OwnRequest {
  readonly kind: 'ask';
  upstreamId: number;
  readonly settle: (outcome: Reply | Problem) => void;
}

/** Hands the outcome of a request on to the promise that stands for it, once. */
export function settling(promise: {
  readonly resolve: (result: JsonObject) => void;
  readonly reject: (error: Error) => void;
  readonly cancelTimer: () => void;
}): OwnRequest['settle'] {
  return (outcome) => {
    promise.cancelTimer();
    if (outcome instanceof Problem) promise.reject(outcome);
    else if (outcome.kind === 'result') promise.resolve(outcome.result);
    else promise.reject(new RefusedByServer(outcome.error));
  };
}

/** What became of a request whose transport failed. */
export function asProblem({ error, problem }: Failure): Problem {
  const isSignIn = problem === 'sign_in_needed' || problem === 'sign_in_failed';
  const code = isSignIn ? problem : 'conversation_failed';
  return isObject(error.data)
    ? new Problem(code, error.message, { details: error.data })
    : new Problem(code, error.message);
}

/** The server did not answer one of our own requests in time. */
export function unanswered(server: string, method: string, timeoutMs: number): Problem {
  const what = `Server "${server}" did not answer ${method} within ${timeoutMs} ms`;
  return new Problem('conversation_failed', what, { details: { unanswered: method } });
}

/** True for that Problem. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof Problem && error.details?.['unanswered'] !== undefined;
}
