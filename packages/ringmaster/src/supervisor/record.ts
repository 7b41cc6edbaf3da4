import type { Negotiated } from './conversation.ts';
import type { InstanceView } from './instance.ts';

/**
 * What must be known of a running process to take it up again after the daemon died: enough to prove that it is the
 * same process (pid and start time), to reach it (pipes, port) and to go on where the conversation was.
 */
export interface InstanceRecord {
  readonly server: string;
  readonly index: number;
  readonly kind: InstanceView['kind'];
  readonly generation: number;
  readonly pid: number;
  /** Kernel start time in clock ticks (Linux) or `ps` text (macOS): tells a reused pid apart. */
  readonly startTime: string;
  readonly mark: string;
  readonly startedAtMs: number;
  readonly launchHash: string;
  readonly pipes: { readonly in?: string; readonly out?: string; readonly log: string };
  /** Folder of its control group, where it has one. */
  readonly cgroup?: string;
  readonly port?: number;
  /** How long it may take to stop before it is killed. */
  readonly graceMs: number;
  readonly negotiated?: Negotiated;
}

/** The file `run/instances.json`; replaced as a whole, never edited. */
export interface RunRecord {
  /** Starts of the daemon on this data directory. */
  readonly life: number;
  readonly orphanGraceMs: number;
  readonly instances: readonly InstanceRecord[];
}

/**
 * The text of `run/instances.json`; undefined when it is no such record. Only we write it, and always whole, so its
 * shape is checked lightly; the guardian reads it too and must stay small, which rules out a schema library.
 */
export function parseRunRecord(text: string): RunRecord | undefined {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) return undefined;
  if (!('life' in value) || typeof value.life !== 'number') return undefined;
  if (!('instances' in value) || !Array.isArray(value.instances)) return undefined;
  return value as RunRecord;
}

/** Environment variable that marks every process of a server, however far it strays from its group. */
export const markVariable = 'RINGMASTER_MARK';

/** `OWNER/SERVER/INDEX/GENERATION`; `owner` is the random id of the data directory. */
export function markOf(owner: string, server: string, index: number, generation: number): string {
  return `${owner}/${server}/${index}/${generation}`;
}

/** Requests a daemon may number in one life. */
const idsPerLife = 2 ** 36;
/** Lives before numbers start over; keeps every id a safe integer. */
const lives = 2 ** 16;

/** First request id of a life, so that no id is used twice on a process that outlives a daemon. */
export function firstRequestId(life: number): number {
  return (life % lives) * idsPerLife + 1;
}
