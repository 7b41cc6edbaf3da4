import { z } from 'zod';
import { logLevels } from './log-levels.ts';
import { durationMs, sizeBytes } from './units.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** `restart` of a server. */
export const restart = z.strictObject({
  policy: z
    .enum(['always', 'on-failure', 'never'])
    .default('always')
    .describe('Whether a server that died is started again'),
  baseDelayMs: durationMs({
    min: 1,
    max: hourMs,
    default: 100,
    describe: 'Delay before the second restart; the first is immediate, each later one doubles',
  }),
  maxDelayMs: durationMs({
    min: 1,
    max: 24 * hourMs,
    default: 30_000,
    describe: 'Longest delay between restarts; a failed server is retried this often',
  }),
  stableMs: durationMs({
    min: 0,
    max: 24 * hourMs,
    default: 5_000,
    describe: 'A server that was ready this long starts with a clean slate',
  }),
  failAfter: z
    .int()
    .min(1)
    .max(1_000)
    .default(5)
    .meta({ unit: 'deaths' })
    .describe('Deaths in a row after which a server counts as failed: an alert, then slow retries'),
});

/** `start` of a server. */
export const start = z.strictObject({
  timeoutMs: durationMs({
    min: 100,
    max: hourMs,
    default: 30_000,
    describe: 'How long a server may take until it is ready',
  }),
});

/** `stop` of a server. */
export const stop = z.strictObject({
  drainMs: durationMs({
    min: 0,
    max: hourMs,
    default: 30_000,
    describe: 'How long calls in flight may take to finish before the server is told to stop',
  }),
  graceMs: durationMs({
    min: 0,
    max: 10 * minuteMs,
    default: 15_000,
    describe: 'How long it may take to stop before it is killed',
  }),
});

/** `health` of a server. */
export const health = z.strictObject({
  http: z.string().optional().describe("Path (on the server's port) or URL that must answer 2xx"),
  tcp: z
    .union([z.boolean(), z.int().min(1).max(65_535)])
    .optional()
    .describe("Port that must accept a connection; true means the server's port"),
  exec: z
    .array(z.string())
    .min(1)
    .optional()
    .describe('Command and arguments that must exit with 0; no shell'),
  intervalMs: durationMs({
    min: 100,
    max: hourMs,
    default: 10_000,
    describe: 'Time between two health probes of a ready server',
  }),
  timeoutMs: durationMs({
    min: 50,
    max: 10 * minuteMs,
    default: 5_000,
    describe: 'How long one probe may take',
  }),
  failAfter: z
    .int()
    .min(1)
    .max(100)
    .default(3)
    .meta({ unit: 'probes' })
    .describe('Failed probes in a row that make a server sick'),
  sickMs: durationMs({
    min: 0,
    max: hourMs,
    default: 30_000,
    describe: 'How long a server may stay sick before it is restarted',
  }),
});

/** `logs` of a server. */
export const logs = z.strictObject({
  maxSizeBytes: sizeBytes({
    min: 1_024,
    max: 10_000_000_000,
    default: 100_000_000,
    describe: 'Size at which a log file is rotated',
  }),
  keep: z
    .int()
    .min(0)
    .max(1_000)
    .default(30)
    .meta({ unit: 'files' })
    .describe('Rotated files kept beside the current one'),
  daily: z.boolean().default(true).describe('A log file ends with its day, in local time'),
  compress: z
    .boolean()
    .default(true)
    .describe('Rotated files are compressed with gzip, except the newest'),
  maxAgeMs: durationMs({
    min: minuteMs,
    max: 3_650 * 24 * hourMs,
    default: 30 * 24 * hourMs,
    describe: 'Rotated files older than this are deleted',
  }),
  maxTotalBytes: sizeBytes({
    min: 1_024,
    max: 1_000_000_000_000,
    default: 2_000_000_000,
    describe: 'Size of all log files of the server; the oldest rotated ones go first',
  }),
  levels: z
    .array(
      z.strictObject({
        text: z.string().min(1).max(200).describe('Text that stands in the line, in any case'),
        level: z.enum(logLevels).describe('Level of such a line'),
      }),
    )
    .max(50)
    .default([])
    .describe('Levels of lines by their text, in order, before what is found by itself'),
});

/** `limits` of a server. */
export const limits = z.strictObject({
  callTimeoutMs: durationMs({
    min: 10,
    max: 24 * hourMs,
    default: 5 * minuteMs,
    describe: 'Deadline of one call',
  }),
  waitMs: durationMs({
    min: 0,
    max: hourMs,
    default: 15_000,
    describe: 'How long a call waits for a server that is starting or restarting',
  }),
  askPatienceMs: durationMs({
    min: 10,
    max: 24 * hourMs,
    default: 55_000,
    describe:
      'How long this server waits for the answer to a question it asks; then it is told: cancelled',
  }),
  maxInFlight: z
    .int()
    .min(1)
    .max(100_000)
    .default(1_000)
    .meta({ unit: 'calls' })
    .describe('Calls in flight at one server; more are refused'),
  maxMessageBytes: sizeBytes({
    min: 1_024,
    max: 1_000_000_000,
    default: 67_108_864,
    describe: 'Largest message accepted from the server',
  }),
});

/** Most processes of one server. */
export const poolMost = 64;

/** `pool` of a server. */
export const pool = z.strictObject({
  mode: z
    .enum(['auto', 'shared', 'per-session', 'per-principal'])
    .default('auto')
    .describe(
      'Whether clients share processes of this server. auto: they do, until a server that asks questions is called by a client that answers them; per-session: each session has its own; per-principal: each user has',
    ),
  min: z
    .int()
    .min(0)
    .max(poolMost)
    .default(1)
    .meta({ unit: 'processes' })
    .describe('Processes kept running; 0 lets the server sleep until it is called'),
  max: z
    .int()
    .min(1)
    .max(poolMost)
    .optional()
    .meta({ unit: 'processes' })
    .describe(
      'Most processes. Where it is given, load makes the pool grow up to it; left out, only clients that need a process of their own do, up to 8 (or min)',
    ),
  idleStopMs: durationMs({
    min: 100,
    max: 30 * 24 * hourMs,
    default: 5 * minuteMs,
    describe: 'A process above min that nobody used for this long ends',
  }),
});

/** `listen` of the fleet file. */
export const listen = z.strictObject({
  host: z.string().default('127.0.0.1').describe('Loopback address to listen on'),
  port: z
    .int()
    .min(0)
    .max(65_535)
    .default(7464)
    .describe('Port of every endpoint; 0 chooses a free one'),
  legacySse: z
    .boolean()
    .default(false)
    .describe('Also serve the 2024-11-05 transport at /sse and /messages'),
  maxBodyBytes: sizeBytes({
    min: 1_024,
    max: 1_000_000_000,
    default: 10_485_760,
    describe: 'Largest request body',
  }),
});

/** `metrics` of the fleet file. */
export const metrics = z.strictObject({
  sampleMs: durationMs({
    min: 1_000,
    max: 10 * minuteMs,
    default: 30_000,
    describe: 'Time between two samples of the machine and of every server',
  }),
  prometheus: z.boolean().default(true).describe('Whether Prometheus can read /metrics'),
});

/** `journal` of the fleet file. */
export const journal = z.strictObject({
  keepMs: durationMs({
    min: minuteMs,
    max: 3_650 * 24 * hourMs,
    default: 35 * 24 * hourMs,
    describe: 'How long events are kept; a report on a month needs 35 days',
  }),
  maxEvents: z
    .int()
    .min(1_000)
    .max(1_000_000_000)
    .default(5_000_000)
    .meta({ unit: 'events' })
    .describe('Most events kept; the oldest go first'),
});

/** `slo` of a server. */
export const slo = z.strictObject({
  availabilityPercent: z
    .number()
    .min(0)
    .max(100)
    .default(99.5)
    .meta({ unit: '%' })
    .describe('Share of the time it is wanted and watched in which it should be ready'),
});
