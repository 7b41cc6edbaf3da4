/**
 * The catalogue of everything that can go wrong, one row a code.
 *
 * `invalid` is the user's mistake, `unavailable` the world's failure, `bug` ours; only a bug prints a stack.
 * `exit` is the command line's exit code (0 fine, 1 unhealthy or refused, 2 cannot reach the daemon,
 * 3 bad configuration, 64 bad usage), `http` the REST status, `rpc` the JSON-RPC code.
 */
export interface ProblemRow {
  readonly family: 'invalid' | 'unavailable' | 'bug';
  readonly http: number;
  readonly exit: 1 | 2 | 3 | 64;
  readonly rpc: number;
  /** What to do about it, as one sentence without a full stop. */
  readonly hint: string;
}
