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

const rows = {
  bad_request: {
    family: 'invalid',
    http: 400,
    exit: 64,
    rpc: -32602,
    hint: 'Compare the input with docs/reference/operations.md',
  },
  schedule_not_found: {
    family: 'invalid',
    http: 404,
    exit: 1,
    rpc: -32602,
    hint: 'Look at the names with ringmaster schedule',
  },
  schedule_running: {
    family: 'unavailable',
    http: 409,
    exit: 1,
    rpc: -32603,
    hint: 'Wait until it is done; a schedule never runs twice at once',
  },
  key_reused: {
    family: 'invalid',
    http: 422,
    exit: 64,
    rpc: -32602,
    hint: 'Use a new Idempotency-Key for each new request',
  },
  bad_usage: {
    family: 'invalid',
    http: 400,
    exit: 64,
    rpc: -32602,
    hint: 'Run the command with --help',
  },
  fleet_invalid: {
    family: 'invalid',
    http: 422,
    exit: 3,
    rpc: -32602,
    hint: 'Correct the lines named above, then run ringmaster validate',
  },
  fleet_not_found: {
    family: 'invalid',
    http: 404,
    exit: 3,
    rpc: -32602,
    hint: 'Create one with ringmaster init, or name one with --file',
  },
  fleet_exists: {
    family: 'invalid',
    http: 409,
    exit: 1,
    rpc: -32602,
    hint: 'Choose another path with --file, or edit the file that is there',
  },
  service_exists: {
    family: 'invalid',
    http: 409,
    exit: 1,
    rpc: -32602,
    hint: 'Move that file away, or give this fleet another name',
  },
  client_config_invalid: {
    family: 'invalid',
    http: 422,
    exit: 3,
    rpc: -32602,
    hint: 'Check that the file is one of the forms in docs/guides/clients.md',
  },
  server_exists: {
    family: 'invalid',
    http: 409,
    exit: 1,
    rpc: -32602,
    hint: 'Choose another name, or edit the entry that is there',
  },
  server_not_found: {
    family: 'invalid',
    http: 404,
    exit: 1,
    rpc: -32602,
    hint: 'List the servers with ringmaster status',
  },
  view_not_found: {
    family: 'invalid',
    http: 404,
    exit: 1,
    rpc: -32602,
    hint: 'Views stand below views in the fleet file',
  },
  tool_not_found: {
    family: 'invalid',
    http: 404,
    exit: 1,
    rpc: -32602,
    hint: 'List the tools with ringmaster tools',
  },
  profile_not_found: {
    family: 'invalid',
    http: 404,
    exit: 3,
    rpc: -32602,
    hint: 'Name a profile that the fleet file defines',
  },
  operation_not_found: {
    family: 'invalid',
    http: 404,
    exit: 64,
    rpc: -32601,
    hint: 'See docs/reference/operations.md for what can be asked',
  },
  not_supported: {
    family: 'invalid',
    http: 409,
    exit: 1,
    rpc: -32602,
    hint: 'See docs/reference/fleet-file.md for what this kind of server can do',
  },
  daemon_unreachable: {
    family: 'unavailable',
    http: 503,
    exit: 2,
    rpc: -32603,
    hint: 'Start it with ringmaster up, or name its folder with --data-dir',
  },
  daemon_running: {
    family: 'unavailable',
    http: 409,
    exit: 1,
    rpc: -32603,
    hint: 'Use that daemon, stop it with ringmaster down, or choose another --data-dir',
  },
  daemon_stopping: {
    family: 'unavailable',
    http: 503,
    exit: 1,
    rpc: -32603,
    hint: 'Wait until it has stopped, then start it again with ringmaster up',
  },
  daemon_failed: {
    family: 'unavailable',
    http: 500,
    exit: 1,
    rpc: -32603,
    hint: 'Read the last words of the daemon above',
  },
  port_in_use: {
    family: 'unavailable',
    http: 409,
    exit: 1,
    rpc: -32603,
    hint: 'Set another port (listen.port or --port; for a server, port: auto), or stop that process',
  },
  spawn_refused: {
    family: 'invalid',
    http: 403,
    exit: 1,
    rpc: -32603,
    hint: 'Change the entry, or the spawn section of the fleet file, if this program is to run',
  },
  approval_needed: {
    family: 'invalid',
    http: 403,
    exit: 1,
    rpc: -32603,
    hint: 'Look at what it would run now, then ringmaster approve NAME',
  },
  spawn_failed: {
    family: 'unavailable',
    http: 502,
    exit: 1,
    rpc: -32603,
    hint: 'Check that the command exists and may be executed',
  },
  server_down: {
    family: 'unavailable',
    http: 503,
    exit: 1,
    rpc: -32603,
    hint: 'See why with ringmaster status NAME and ringmaster logs NAME',
  },
  server_busy: {
    family: 'unavailable',
    http: 503,
    exit: 1,
    rpc: -32603,
    hint: 'Try again, or raise limits.maxInFlight of this server',
  },
  sign_in_needed: {
    family: 'invalid',
    http: 409,
    exit: 1,
    rpc: -32603,
    hint: 'Sign in with ringmaster login NAME',
  },
  sign_in_failed: {
    family: 'unavailable',
    http: 502,
    exit: 1,
    rpc: -32603,
    hint: 'See docs/guides/remote-servers.md for what an authorization server must offer',
  },
  reload_failed: {
    family: 'unavailable',
    http: 502,
    exit: 1,
    rpc: -32603,
    hint: 'The old instance still serves; see why with ringmaster logs NAME',
  },
  call_lost: {
    family: 'unavailable',
    http: 502,
    exit: 1,
    rpc: -32603,
    hint: 'The call may have executed; check before you repeat it',
  },
  call_late: {
    family: 'unavailable',
    http: 504,
    exit: 1,
    rpc: -32603,
    hint: 'Raise limits.callTimeoutMs of this server if its work takes longer',
  },
  conversation_failed: {
    family: 'unavailable',
    http: 502,
    exit: 1,
    rpc: -32603,
    hint: 'See what the server said with ringmaster logs NAME',
  },
  too_large: {
    family: 'invalid',
    http: 413,
    exit: 1,
    rpc: -32600,
    hint: 'Send less, or raise listen.maxBodyBytes',
  },
  forbidden_origin: {
    family: 'invalid',
    http: 403,
    exit: 1,
    rpc: -32600,
    hint: 'Call 127.0.0.1 or localhost directly, not through a foreign web page or host name',
  },
  file_unreadable: {
    family: 'unavailable',
    http: 500,
    exit: 1,
    rpc: -32603,
    hint: 'Check that the file exists and its permissions',
  },
  data_unwritable: {
    family: 'unavailable',
    http: 500,
    exit: 1,
    rpc: -32603,
    hint: 'Free some space, give the data folder to the user of the daemon, or choose another --data-dir',
  },
  journal_unusable: {
    family: 'unavailable',
    http: 500,
    exit: 1,
    rpc: -32603,
    hint: 'Move that file away to begin an empty journal, or choose another --data-dir',
  },
  search_busy: {
    family: 'unavailable',
    http: 503,
    exit: 1,
    rpc: -32603,
    hint: 'Try again in a moment, or search a shorter period with --since and --until',
  },
  unsupported_platform: {
    family: 'unavailable',
    http: 501,
    exit: 1,
    rpc: -32603,
    hint: 'Run on Linux or macOS',
  },
  bug: {
    family: 'bug',
    http: 500,
    exit: 1,
    rpc: -32603,
    hint: 'Please report this with the stack above',
  },
} as const satisfies Record<string, ProblemRow>;

export type ProblemCode = keyof typeof rows;

/** The catalogue, row by code. */
export const problemRows: Readonly<Record<ProblemCode, ProblemRow>> = rows;
