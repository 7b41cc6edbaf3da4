import { z } from 'zod';
import { durationMs } from './units.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** `telemetry` of the fleet file: what a collector is sent. */
export const telemetry = z.strictObject({
  otlp: z
    .string()
    .regex(/^https?:\/\//, 'needed an address such as http://127.0.0.1:4318')
    .optional()
    .describe('Collector that speaks OTLP over HTTP; left out: nothing is sent'),
  protocol: z
    .enum(['http/json', 'http/protobuf'])
    .default('http/json')
    .describe('How it is written; every collector takes Protobuf, most take JSON'),
  headers: z
    .record(z.string(), z.string())
    .default({})
    .describe(
      'Headers sent along; ${VAR} is looked up each time, so that secrets need not be here',
    ),
  traces: z.boolean().default(true).describe('Whether calls are sent as spans'),
  metrics: z.boolean().default(true).describe('Whether figures are sent'),
  sampleRatio: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe('Share of calls that become spans; where a client brings a trace, it decides'),
  intervalMs: durationMs({
    min: 1_000,
    max: hourMs,
    default: minuteMs,
    describe: 'Time between two messages with figures',
  }),
});
