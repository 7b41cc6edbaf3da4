import { invalidRows } from './invalid-rows.ts';
import type { ProblemRow } from './problem-row.ts';

export type { ProblemRow };

const rows = {
  ...invalidRows,
  schedule_running: {
    family: 'unavailable',
    http: 409,
    exit: 1,
    rpc: -32603,
    hint: 'Wait until it is done; a schedule never runs twice at once',
  },
  outcome_unknown: {
    family: 'unavailable',
    http: 409,
    exit: 1,
    rpc: -32603,
    hint: 'See how things stand with ringmaster audit, then ask with a new Idempotency-Key for what is still missing',
  },
  keys_full: {
    family: 'unavailable',
    http: 503,
    exit: 1,
    rpc: -32603,
    hint: 'Wait for the seconds of Retry-After, or send it without a key where doing it twice does no harm',
  },
  answer_not_kept: {
    family: 'unavailable',
    http: 409,
    exit: 1,
    rpc: -32603,
    hint: 'It was done: see how things stand, and do not ask for it again',
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
  file_unreadable: {
    family: 'unavailable',
    http: 500,
    exit: 1,
    rpc: -32603,
    hint: 'Check that the file exists, its permissions, and the free space of its disk',
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
