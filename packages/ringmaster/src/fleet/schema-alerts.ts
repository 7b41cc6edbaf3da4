import { z } from 'zod';
import { isTimeZone } from './time-zone.ts';
import { durationMs } from './units.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** How bad an alert is, the mildest first; all words of other systems map to these four. */
export const severities = ['info', 'warning', 'high', 'critical'] as const;
/** One of the four. */
export type Severity = (typeof severities)[number];

/** A threshold for each severity; what is left out is no threshold. */
const levels = (unit: string, max: number) => {
  const value = z.number().min(0).max(max).optional().meta({ unit });
  return z.union([
    z.literal(false),
    z.strictObject({ warning: value, high: value, critical: value }),
  ]);
};
export type Levels = z.output<ReturnType<typeof levels>>;

const thresholds = {
  latencyMs: levels('ms', hourMs),
  errorPercent: levels('%', 100),
  memoryBytes: levels('bytes', 1e15),
  logErrorsPerMinute: levels('lines', 1e6),
  logErrorsPerDay: levels('lines', 1e9),
  logCritical: levels('lines', 1e6),
};

const zoneText = z
  .string()
  .refine(isTimeZone, 'needed a time zone such as Europe/Berlin, or UTC')
  .optional();
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'needed a time such as 22:00');
const address = z.string().regex(/^(https?:\/\/|\$\{)/, 'needed an address that begins with http');

const syslogFacilities = [
  ...(['user', 'daemon', 'local0', 'local1', 'local2', 'local3'] as const),
  ...(['local4', 'local5', 'local6', 'local7'] as const),
] as const;
/** Which part of a machine a syslog message is from. */
export type SyslogFacility = (typeof syslogFacilities)[number];

const notifier = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('webhook'),
    url: address.describe('Where alerts are posted as JSON; ${VAR} is looked up at delivery'),
    secret: z.string().optional().describe('Signs each request with HMAC-SHA256; use ${VAR}'),
  }),
  z.strictObject({
    kind: z.literal('slack'),
    url: address.describe('Incoming webhook of Slack; use ${VAR}, as it is a secret'),
  }),
  z.strictObject({
    kind: z.literal('discord'),
    url: address.describe('Webhook of a Discord channel; use ${VAR}, as it is a secret'),
  }),
  z.strictObject({
    kind: z.literal('email'),
    url: z
      .string()
      .regex(/^(smtps?:\/\/|\$\{)/, 'needed an address such as smtp://user:${PASSWORD}@host:587')
      .describe('Mail server, with user and password; use ${VAR}, as it is a secret'),
    from: z.string().min(3).describe('Sender'),
    to: z.array(z.string().min(3)).min(1).max(50).describe('Receivers'),
  }),
  z.strictObject({
    kind: z.literal('exec'),
    command: z.string().min(1).describe('Program that is run; no shell. It reads JSON on stdin'),
    args: z.array(z.string()).default([]).describe('Its arguments'),
  }),
  z.strictObject({
    kind: z.literal('syslog'),
    url: z
      .string()
      .regex(
        /^((udp|tcp):\/\/[^/]|unix:\/\/\/|\$\{)/,
        'needed udp://HOST, tcp://HOST or unix:///PATH',
      )
      .describe('Receiver of RFC 5424: udp://HOST:514, tcp://HOST:514, unix:///PATH (a stream)'),
    facility: z.enum(syslogFacilities).default('daemon').describe('Which part of the machine'),
  }),
  z.strictObject({ kind: z.literal('desktop') }),
]);
export type NotifierEntry = z.output<typeof notifier>;

/** Kinds of installations whose alert numbers are known; the numbers are in `alert-profiles.ts`. */
export const alertProfileNames = [
  ...(['mfg-drone', 'learning-kit', 'techsapo', 'llm-generator', 'circus'] as const),
] as const;
/** One of the five. */
export type AlertProfile = (typeof alertProfileNames)[number];

/** `alerts` of the fleet file. Defaults need no reading: without notifiers alerts are only listed. */
export const alerts = z.strictObject({
  profile: z
    .enum(alertProfileNames)
    .optional()
    .describe('Numbers of a kind of installation, for every key of this section that is left out'),
  cpuPercent: levels('%', 100)
    .default({ warning: 80, critical: 95 })
    .describe('Of the machine; false: no alert'),
  memoryPercent: levels('%', 100)
    .default({ warning: 80, critical: 95 })
    .describe('Of the machine; false: no alert'),
  diskPercent: levels('%', 100)
    .default({ warning: 80, high: 90, critical: 95 })
    .describe('Of the disk of the data directory; false: no alert'),
  latencyMs: thresholds.latencyMs
    .default({ warning: 3_000, critical: 5_000 })
    .describe('Of calls to each server; false: no alert'),
  errorPercent: thresholds.errorPercent
    .default({ warning: 2, critical: 5 })
    .describe('Share of calls to each server that failed; false: no alert'),
  memoryBytes: thresholds.memoryBytes
    .default({ warning: 400_000_000, critical: 512_000_000 })
    .describe('Resident memory of each server; false: no alert'),
  logErrorsPerMinute: thresholds.logErrorsPerMinute
    .default({ warning: 10 })
    .describe('Lines of level error or worse each server logs; false: no alert'),
  logErrorsPerDay: thresholds.logErrorsPerDay
    .default(false)
    .describe('The same of the last 24 hours, counted every ten minutes; false: no alert'),
  logCritical: thresholds.logCritical
    .default(false)
    .describe(
      'Lines of level critical in the last minute, or since the look before; false: no alert',
    ),
  servers: z
    .record(
      z.string(),
      z.strictObject({
        latencyMs: thresholds.latencyMs
          .optional()
          .describe('Of calls to this server; left out: as for all'),
        errorPercent: thresholds.errorPercent
          .optional()
          .describe('Share of calls to this server that failed; left out: as for all'),
        memoryBytes: thresholds.memoryBytes
          .optional()
          .describe('Resident memory of this server; left out: as for all'),
        logErrorsPerMinute: thresholds.logErrorsPerMinute
          .optional()
          .describe('Lines of level error or worse this server logs; left out: as for all'),
        logErrorsPerDay: thresholds.logErrorsPerDay
          .optional()
          .describe('The same of the last 24 hours; left out: as for all'),
        logCritical: thresholds.logCritical
          .optional()
          .describe('Lines of level critical this server logs; left out: as for all'),
      }),
    )
    .default({})
    .describe('Thresholds of single servers, instead of those above'),
  windowMs: durationMs({
    min: 1_000,
    max: 24 * hourMs,
    default: 5 * minuteMs,
    describe: 'How far back samples and calls are judged',
  }),
  samplesPercent: z
    .number()
    .min(0)
    .max(100)
    .default(10)
    .meta({ unit: '%' })
    .describe('An alert begins when more than this share of the samples are over the threshold'),
  callsPercent: z
    .number()
    .min(0)
    .max(100)
    .default(5)
    .meta({ unit: '%' })
    .describe('The same for the share of calls over the latency'),
  minSamples: z
    .int()
    .min(1)
    .max(1_000)
    .default(3)
    .meta({ unit: 'samples' })
    .describe('Fewer say nothing'),
  minCalls: z
    .int()
    .min(1)
    .max(1e6)
    .default(20)
    .meta({ unit: 'calls' })
    .describe('Fewer say nothing'),
  hysteresis: z
    .number()
    .min(0)
    .max(50)
    .default(5)
    .meta({ unit: '% points' })
    .describe(
      'An alert goes on until the figure is so far below: points of a percentage, else percent',
    ),
  coolDownMs: durationMs({
    min: 0,
    max: 24 * hourMs,
    default: 5 * minuteMs,
    describe: 'An alert is resolved when all was well for so long',
  }),
  crashLoop: z
    .strictObject({
      deaths: z
        .int()
        .min(2)
        .max(100)
        .default(3)
        .meta({ unit: 'deaths' })
        .describe('So many deaths'),
      withinMs: durationMs({
        min: 1_000,
        max: hourMs,
        default: 10 * minuteMs,
        describe: 'in so long are a crash loop',
      }),
    })
    .prefault({}),
  flapping: z
    .strictObject({
      times: z
        .int()
        .min(2)
        .max(100)
        .default(3)
        .meta({ unit: 'times' })
        .describe('A server that became sick so many times'),
      withinMs: durationMs({
        min: 1_000,
        max: 24 * hourMs,
        default: 30 * minuteMs,
        describe: 'in so long is flapping, however well it is between',
      }),
    })
    .prefault({}),
  missingSamples: z
    .union([z.literal(false), z.int().min(2).max(1_000)])
    .default(3)
    .meta({ unit: 'samples' })
    .describe(
      'So many samples in a row that are missing, for a minute at least, are an alert; false: none',
    ),
  notifiers: z
    .record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,47}$/), notifier)
    .default({})
    .describe('Who is told, by name'),
  least: z.enum(severities).default('warning').describe('Nobody is told of milder alerts'),
  language: z.enum(['en', 'ja']).default('en').describe('Language of what notifiers send'),
  repeatMs: durationMs({
    min: 0,
    max: 30 * 24 * hourMs,
    default: 4 * hourMs,
    describe: 'An alert nobody acknowledged is told again after so long; 0: never',
  }),
  escalation: z
    .array(
      z.strictObject({
        afterMs: durationMs({
          min: 0,
          max: 7 * 24 * hourMs,
          default: 0,
          describe: 'So long after it fired, if nobody acknowledged it',
        }),
        notifiers: z.array(z.string()).default([]).describe('these are told; empty: all'),
      }),
    )
    .min(1)
    .max(4)
    .default([{ afterMs: 0, notifiers: [] }])
    .describe('Levels L1 to L4: who is told when'),
  quietHours: z
    .strictObject({
      from: clockTime.describe('Begin, such as 22:00'),
      to: clockTime.describe('End, such as 07:00'),
      timeZone: zoneText.describe('Whose clock; default: that of the machine'),
      least: z.enum(severities).default('critical').describe('Milder alerts wait for the end'),
    })
    .optional()
    .describe('When people are told only of the worst'),
});
export type AlertSettings = z.output<typeof alerts>;
