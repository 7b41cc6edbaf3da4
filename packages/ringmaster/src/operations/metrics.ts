import { z } from 'zod';
import { durationMs } from '../fleet/units.ts';
import { machineMetrics, serverMetrics } from '../journal/metrics.ts';
import { ringSamples } from '../supervisor/sample-ring.ts';
import { operation } from './operation.ts';

const hourMs = 3_600_000;
const atMs = z.number().meta({ unit: 'ms since 1970' });
const latency = z.number().meta({ unit: 'ms' });

const point = z
  .object({
    atMs: atMs.describe('Start of the step'),
    count: z.int().describe('Samples in the step'),
    mean: z.number(),
    min: z.number(),
    max: z.number(),
    last: z.number(),
  })
  .describe('A step without samples has no point');

const callFigures = {
  calls: z.int(),
  failed: z.int().describe('Calls that did not end ok'),
  meanMs: latency,
  maxMs: latency,
  p50Ms: latency.describe('Half of the calls took at most this long; percentiles are right to 2 %'),
  p95Ms: latency,
  p99Ms: latency,
};

const metricNames = [
  ...new Set([...Object.keys(machineMetrics), ...Object.keys(serverMetrics), 'calls']),
];

/** History of figures: one series a figure and server, and the calls of each server. */
export const metricHistory = z.object({
  fromMs: atMs,
  toMs: atMs,
  stepMs: z.int().meta({ unit: 'ms' }),
  sampleMs: z.int().meta({ unit: 'ms' }).describe('Time between two samples, as set now'),
  series: z.array(
    z.object({
      server: z.string().optional().describe('Missing: the machine'),
      metric: z.string(),
      unit: z.string(),
      points: z.array(point),
    }),
  ),
  calls: z.array(
    z.object({
      server: z.string(),
      total: z.object(callFigures).describe('Of the whole time asked for'),
      points: z.array(z.object({ atMs, ...callFigures })).describe('Steps with finished calls'),
    }),
  ),
  together: z
    .array(z.object({ atMs, ...callFigures }))
    .optional()
    .describe(
      'Where it was asked for, instead of calls: sums, and latencies of the slowest server',
    ),
});
export type MetricHistory = z.output<typeof metricHistory>;

/** What can be asked of the figures. */
export const metricOperations = {
  'metric.read': operation({
    summary:
      'Read the history of figures; it outlives the daemon, and what was not sampled is missing',
    input: z.object({
      server: z.string().optional().describe('A server, or "all"; left out: the machine'),
      metric: z.enum(metricNames).optional().describe('Only this figure; left out: all'),
      rangeMs: durationMs({
        min: 1_000,
        max: 400 * 24 * hourMs,
        default: hourMs,
        describe: 'How far back from toMs, when fromMs is left out',
      }),
      fromMs: z.coerce.number().optional().meta({ unit: 'ms since 1970' }),
      toMs: z.coerce.number().optional().meta({ unit: 'ms since 1970' }).describe('Default: now'),
      step: z
        .enum(['auto', '10s', '1m', '1h'])
        .default('auto')
        .describe('Steps are kept for a day, a week and 400 days; auto takes one that fits'),
      largest: z.coerce
        .number()
        .int()
        .min(1)
        .max(100)
        .optional()
        .meta({ unit: 'servers' })
        .describe('Of one figure of all servers: only those in which it reached the highest'),
      together: z
        .stringbool()
        .or(z.boolean())
        .default(false)
        .describe('Of the calls of all servers: one row a step instead of one a server and step'),
    }),
    output: metricHistory,
    errors: ['server_not_found'],
  }),
  'metric.latest': operation({
    summary: 'Read the newest samples of the machine and of every server, from memory',
    input: z.object({
      server: z.string().optional().describe('Only this server, without the machine'),
      samples: z.coerce
        .number()
        .int()
        .min(1)
        .max(ringSamples)
        .default(1)
        .meta({ unit: 'samples' })
        .describe('Newest samples of each'),
    }),
    output: z.object({
      sampleMs: z.int().meta({ unit: 'ms' }),
      subjects: z.array(
        z.object({
          server: z.string().optional().describe('Missing: the machine'),
          samples: z
            .array(z.object({ atMs, values: z.record(z.string(), z.number()) }))
            .describe('Oldest first; a figure that could not be had is left out'),
        }),
      ),
    }),
    errors: ['server_not_found'],
  }),
} as const;
