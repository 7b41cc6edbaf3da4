import type { LimitInForce } from './resources.ts';

/** States of an instance; the table in `instance-table.ts` says how one follows another. */
export type InstanceState =
  | 'stopped'
  | 'asleep'
  | 'starting'
  | 'ready'
  | 'sick'
  | 'stopping'
  | 'waiting'
  | 'failed';

/** How a process ended. An adopted process is not our child, so its exit code cannot be known. */
export type Exit =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'spawnFailed'; readonly message: string };

/** How and why an instance ended. */
export interface Death {
  readonly atMs: number;
  readonly exit: Exit;
  /** Last lines it wrote to stderr (services: stderr and stdout), oldest first, at most 20. */
  readonly lastLines: readonly string[];
  /** Why, in one sentence: crash, stop by wish, killed as it did not stop in time. */
  readonly why: string;
}

/** What is told of an instance at every sample, besides its tree. */
export type Metered = Pick<InstanceView, 'server' | 'pid' | 'startedAtMs' | 'restarts'>;

/** One attempt to run a server, as everybody outside the supervisor sees it. Plain data, JSON-safe. */
export interface InstanceView {
  readonly server: string;
  /** 0 … pool size − 1. */
  readonly index: number;
  readonly kind: 'stdio' | 'http' | 'remote' | 'service';
  readonly wanted: 'running' | 'stopped';
  readonly state: InstanceState;
  /** Why it is in this state, in one sentence. */
  readonly why: string;
  readonly sinceMs: number;
  /** Counts starts; a signal of an older generation is dropped. */
  readonly generation: number;
  readonly pid: number | undefined;
  readonly port: number | undefined;
  readonly url: string | undefined;
  readonly startedAtMs: number | undefined;
  readonly adopted: boolean;
  /** Starts after the first in this life of the daemon; the journal's totals go back further. */
  readonly restarts: number;
  readonly lastDeath: Death | undefined;
  readonly nextTryAtMs: number | undefined;
  /** Limits of its process tree and by what each is kept; empty when nothing is limited or nothing runs. */
  readonly limits?: readonly LimitInForce[];
  /** Of the whole process tree; undefined until first sampled. */
  readonly memoryBytes: number | undefined;
  /** Percent of one core since the sample before. */
  readonly cpuPercent: number | undefined;
  readonly processCount: number | undefined;
}
