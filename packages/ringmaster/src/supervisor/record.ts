import { z } from 'zod';

/**
 * What must be known of a running process to take it up again after the daemon died: enough to prove that it is the
 * same process (pid and start time), to reach it (pipes, port) and to go on where the conversation was.
 */
export const instanceRecord = z.object({
  server: z.string(),
  index: z.int(),
  kind: z.enum(['stdio', 'http', 'remote', 'service']),
  generation: z.int(),
  pid: z.int(),
  /** Kernel start time in clock ticks (Linux) or `ps` text (macOS): tells a reused pid apart. */
  startTime: z.string(),
  mark: z.string(),
  startedAtMs: z.number(),
  launchHash: z.string(),
  pipes: z.object({ in: z.string().optional(), out: z.string().optional(), log: z.string() }),
  port: z.int().optional(),
  graceMs: z.number(),
  negotiated: z
    .object({
      era: z.enum(['legacy', 'modern']),
      protocolVersion: z.string(),
      result: z.record(z.string(), z.unknown()),
      sessionId: z.string().optional(),
    })
    .optional(),
});

export type InstanceRecord = z.output<typeof instanceRecord>;

/** The file `run/instances.json`; replaced as a whole, never edited. */
export const runRecord = z.object({
  /** Starts of the daemon on this data directory. */
  life: z.int(),
  orphanGraceMs: z.number(),
  instances: z.array(instanceRecord),
});

export type RunRecord = z.output<typeof runRecord>;

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
